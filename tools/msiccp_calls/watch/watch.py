# SPDX-License-Identifier: GPL-2.0-or-later
"""`msiccp-calls watch`: packets to the decoder, and what it says of calls to whoever listens."""

import queue
import signal
import sys
import time

from ..common import ended
from ..common.errors import Failure
from ..common.text import printable
from ..decode import tshark as programs
from . import blocks, notify
from .calls import Calls
from .decoder import END, Decoder
from .ring import Mark, Marks, Reader

ASK_SECONDS = 1.0
WAIT_SECONDS = 0.1
CARE_SECONDS = 1.0
ANSWER_SECONDS = 120        # that a decoder which was asked may take
# How much before a call's first message packets of it may be; and before the next one's, where none
# is up.
EARLIER_US, EARLIER_OF_NONE_US = 10 * 10**6, 10**6
# A decoder that takes more memory than it may is renewed when no call is up; where it takes so many
# times that much, in any case. Where the limit is less than it begins with, not all the time.
ANYWAY = 1.15
RENEW_SECONDS = 10
RENEW_GROWTH = 32 << 20
# A decoder that ends before it has answered its first question, which stands before all packets, has
# not ended by a packet: it is started again, so often.
START_TRIES, START_SECONDS = 30, 1.0
FINISH_TRIES = START_TRIES + 5
MOST_SAVED_MARKS = 1000
STARTING = "tshark"


class Say:
    """What is wrong, on stderr: once, until it is well again."""

    def __init__(self):
        self.wrong = set()

    def __call__(self, text):
        print(f"msiccp-calls: {printable(text)}", file=sys.stderr, flush=True)

    def once(self, what, text):
        if what not in self.wrong:
            self.wrong.add(what)
            self(text)

    def is_well(self, what):
        if what in self.wrong:
            self.wrong.remove(what)
            self(f"{what} goes on")


class Place:
    """What packets were decoded, and what was known then: what the next decoder goes on from."""

    def __init__(self, mark=None, sessions=0):
        self.mark = mark
        self.sessions = sessions


class Watch:
    """LISTENERS hear of events, calls, attempts and gaps."""

    def __init__(self, source, settings, listeners, state, say, memory):
        self.source = source
        self.say = say
        self.listeners = listeners
        self.memory = memory    # bytes that the decoder may take
        self.renewed_at, self.least_memory = 0.0, None
        self.tshark = programs.tshark(settings)
        self.state = state
        self.calls = Calls(self._on_event, self._on_call)
        self.marks = Marks()
        self.place = Place()
        self.asked_at_mark = None
        self.decoder = None
        self.reader = None
        self.open = 0           # sessions that the decoder may still tell of
        self.news = False       # packets since the last question
        self.asked_at = self.cared_at = 0.0
        self.asked_us = self.answered_us = 0        # the stream's time then
        self.deaths_at = None   # the place where a decoder died last
        self.starts = 0         # in a row, of decoders that have answered nothing
        self.ring_run = 0            # of dumpcap, by the reader's count
        self.dropped = {}       # interface -> packets that this run has lost
        self.missing = 0
        self.ended_by = None
        self.packet_at = time.monotonic()

    # To the listeners

    def _on_event(self, told):
        for listener in self.listeners:
            listener.event(told)

    def _on_call(self, call, again):
        for listener in self.listeners:
            listener.call(call, again)

    def _gap(self, packets):
        for listener in self.listeners:
            listener.gap(packets)

    # The decoder

    def stream_us(self):
        """What a clock would show now that goes with the packets."""
        passed = int((time.monotonic() - self.packet_at) * 10**6)
        return (self.reader.time_us or 0) + passed

    def _begin(self):
        saved = self.state.saved
        now = time.monotonic()
        if saved:
            self.marks = Marks(Mark(*mark) for mark in saved["marks"])
            self.place = Place(saved["mark"] and Mark(*saved["mark"]), saved["sessions"])
            self.calls.sessions = saved["sessions"]
            self.calls.event_frame = saved["event_frame"]
            self.calls.restore(saved["calls"], now)
            self.dropped = dict(saved["dropped"])
        if self.place.mark and not self.place.mark.is_there():
            self.say("what was captured last is not there any more: there is a gap")
            self._gap(None)
            self.marks = Marks()
            frames, self.place.mark = self.place.mark.frames, None
            self._start(None, frames)
            self.calls.begin_catching_up()
            self.calls.caught_up(0, now)
        else:
            self._renew()

    def _start(self, mark, frames=0):
        self.renewed_at = time.monotonic()
        self.least_memory = None        # that this decoder took soon after its beginning
        self.reader = Reader(self.source.folder, self.say, mark, frames)
        self.decoder = Decoder(self.tshark, self.reader.frames)
        self.open, self.news = 0, False
        self.ring_run, self.missing = self.reader.run, 0

    def _renew(self):
        """Another decoder, which is given the packets of the calls that go on once more."""
        if self.decoder:
            self.decoder.end()
            self.reader.close()
        until = self.place.mark
        earliest = self.calls.earliest()
        begin = until and (
            self.marks.before(until.frames, EARLIER_OF_NONE_US) if earliest is None
            else self.marks.before(min(earliest, until.frames), EARLIER_US))
        if not begin:
            self._start(None)
            return
        self._start(begin)
        self.calls.begin_catching_up()
        self._catch_up(until)

    def _catch_up(self, until):
        self.reader.until = until
        while self.reader.frames < until.frames and not self.decoder.is_dead:
            pieces = self.reader.read()
            if not pieces and not self.reader.is_behind():
                break
            for piece in pieces:
                self.decoder.give(piece)
        self.reader.until = None
        if self.decoder.asked:
            self._ask()
            self._hear_until_answered()
        else:
            self.calls.caught_up(0, time.monotonic())
        self.renewed_at, self.least_memory = time.monotonic(), self.decoder.memory()

    def _feed(self):
        """Gives the decoder what is new. Returns whether something was."""
        pieces = self.reader.read()
        for piece in pieces:
            if piece.kind == blocks.STATISTICS:
                self._count_dropped(piece)
            self.decoder.give(piece)
            if piece.kind == blocks.PACKET:
                self.news = True
                self.packet_at = time.monotonic()
        if self.reader.run != self.ring_run:
            self.ring_run, self.dropped = self.reader.run, {}
        self.marks.add(self.reader.begin)
        self.marks.add(self.reader.mark())
        if self.reader.missing != self.missing:
            self.missing = self.reader.missing
            self.say("the ring was written faster than it could be decoded: there is a gap")
            self._gap(None)
        return bool(pieces)

    def _count_dropped(self, piece):
        before = self.dropped.get(piece.interface, 0)
        if piece.dropped is not None and piece.dropped > before:
            self._gap(piece.dropped - before)
            self.dropped[piece.interface] = piece.dropped

    def _ask(self):
        self.asked_at = time.monotonic()
        self.asked_at_mark = self.reader.mark()
        self.news = False
        self.asked_us = self.stream_us()
        self.decoder.ask(self.asked_us)

    def _ask_now_and_then(self):
        if (self.decoder.asked and self.decoder.can_ask() and (self.news or self.open)
                and time.monotonic() - self.asked_at >= ASK_SECONDS):
            self._ask()

    def _hear(self, seconds):
        """What the decoder has said, or says within SECONDS. Returns whether it is alive."""
        while True:
            try:
                line = self.decoder.answers.get(timeout=seconds) if seconds else (
                    self.decoder.answers.get_nowait())
            except queue.Empty:
                return not self.decoder.is_dead
            if line is END:
                self.decoder.is_dead = True
                return False
            self._take(line)
            seconds = 0

    def _take(self, line):
        now = time.monotonic()
        if line["type"] != "asked":
            self.calls.take(line, now)
            return
        self.decoder.answered = line["number"]
        if line["number"] == 1:     # which stands before all packets
            self.starts = 0
            self.say.is_well(STARTING)
            return
        self.open = line["open"]
        self.answered_us = self.asked_us
        if self.calls.is_catching_up():
            self.calls.caught_up(line["sessions"], now)
        else:
            self.calls.answered(line["sessions"])
        self.place = Place(self.asked_at_mark or self.place.mark, self.calls.sessions)

    def _hear_until_answered(self):
        until = time.monotonic() + ANSWER_SECONDS
        while self.decoder.answered < self.decoder.asked and time.monotonic() < until:
            if not self._hear(WAIT_SECONDS):
                return

    # What is seen to now and then

    def _care(self):
        now = time.monotonic()
        if now - self.cared_at < CARE_SECONDS:
            return
        self.cared_at = now
        self.source.keep_going(self.say)
        self._save()
        if self._is_too_large(now):
            self._renew_in_time()
        for listener in self.listeners:
            listener.care(self)

    def _is_too_large(self, now):
        memory = self.decoder.memory()
        if now - self.renewed_at < RENEW_SECONDS:
            self.least_memory = self.least_memory or memory
            if memory < self.least_memory + RENEW_GROWTH:
                return False
        return memory > self.memory * (ANYWAY if self.calls.are_live() else 1)

    def _renew_in_time(self):
        self._hear_until_answered()
        self._ask()
        self._hear_until_answered()
        self._renew()

    def _revive(self):
        """The decoder has died. Where the next one dies of the same packets, they are passed over."""
        if not self.decoder.answered:
            self._start_again()
            return
        frames = self.place.mark.frames if self.place.mark else 0
        self.say(f"tshark has ended, and another one goes on: {self.decoder.why()}")
        if self.deaths_at == frames and self.reader.mark():
            mark = self.reader.mark() or self.place.mark
            self.say(f"the packets {frames + 1:,} to {mark.frames:,} are passed over")
            self._gap(mark.frames - frames)
            self.place.mark = mark
            self.marks = Marks([mark])
            self.deaths_at = None
        else:
            self.deaths_at = frames
        self._renew()

    def _start_again(self):
        self.starts += 1
        if self.starts == START_TRIES:
            raise Failure(f"tshark ends as soon as it is started: {self.decoder.why()}")
        self.say.once(STARTING, f"tshark does not start, and is tried again: {self.decoder.why()}")
        time.sleep(START_SECONDS)
        self._renew()

    def _save(self):
        self.state.write(self.say, mark=self.place.mark and _as_list(self.place.mark),
                         sessions=self.place.sessions, event_frame=self.calls.event_frame,
                         dropped=list(self.dropped.items()),
                         marks=[_as_list(mark) for mark in self.marks.marks[-MOST_SAVED_MARKS:]],
                         calls=self.calls.saved())

    # The whole

    def stop(self):
        """As a signal does."""
        self.ended_by = self.ended_by or signal.SIGTERM

    def _stop(self, number, _frame):
        if self.ended_by:
            ended.by_exception()        # whoever says it twice does not want to wait
            raise ended.Ended(number)
        self.ended_by = number

    def run(self):
        """Until a signal, or the end of the stream."""
        for number in ended.SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._stop)
        self.source.keep_going(self.say)
        self._begin()
        notify.ready()
        try:
            while not self.ended_by and not self._is_at_end():
                self._turn()
            self._finish()
        finally:
            notify.stopping()
            self.decoder.end()
            self.source.close()
        return 0

    def _is_at_end(self):
        return self.source.is_at_end and not self.reader.is_behind()

    def _turn(self):
        fed = self._feed()
        if hasattr(self.source, "pump") and not self.reader.is_behind():
            fed = self.source.pump(0 if fed else WAIT_SECONDS) or fed
        self._ask_now_and_then()
        if not self._hear(0 if fed else WAIT_SECONDS):
            self._revive()
        # By the time of what has been decoded, which what is read is ahead of.
        self.calls.tell_due(time.monotonic(), self.answered_us)
        for listener in self.listeners:
            listener.turn(self)
        self._care()

    def _decode_the_rest(self):
        while (self._feed() or self.reader.is_behind()) and not self.decoder.is_dead:
            pass
        if self.decoder.asked:
            self._hear_until_answered()
            self._ask()
            self._hear_until_answered()

    def _finish(self):
        """Tells of all that is there, whether it is over or not."""
        self.source.close()
        for _try in range(FINISH_TRIES):
            self._decode_the_rest()
            if not self.decoder.is_dead or self.ended_by:
                break
            self._revive()
        self.calls.tell_all()
        self._save()
        for listener in self.listeners:
            listener.close()


def _as_list(mark):
    return [mark.path, mark.identity, mark.offset, mark.frames, mark.time_us]
