# SPDX-License-Identifier: GPL-2.0-or-later
"""The calls that go on and those that have just ended, by what the decoder says; and when what is
told of each. The decoder may be another one after a while: numbers of sessions go on.
"""

import dataclasses
import json

SOON = 2.0              # seconds after a call's end until its record is told: stragglers come by then
ATTEMPT_SECONDS = 10.0  # attempts that follow each other within these are one
LATER = 10.0            # until it is told again what came after
LATEST = 60.0           # the same where something always comes
LINGER_US = 60 * 10**6      # after its end, as in the plugin's report/watch.c
SILENT_US = 3600 * 10**6    # a call of which so long nothing was heard is taken for over


def _identity(record):
    """What a call is told by where its beginning is not there any more."""
    return json.dumps([record[key] for key in ("coding", "call_reference", "call_id")]
                      + [record[end][key] for end in ("caller", "callee") for key in ("address", "port")])


@dataclasses.dataclass
class Call:
    """SESSION is the number that is told; None: an attempt to connect."""

    session: int | None
    start: int                  # frame
    record: dict | None = None
    state: str | None = None    # by the latest event
    caller: dict | None = None
    callee: dict | None = None
    over: bool = False
    heard_us: int = 0
    told: dict | None = None    # the record as it was told last
    due: float | None = None    # when it is told
    since: float | None = None  # since when there is more than was told

    def update(self, record, over, heard_us, now):
        self.over, self.heard_us = over, heard_us
        self.caller, self.callee = record["caller"], record["callee"]
        self.state = record["state"]
        if record == self.record:
            return
        self.record = record
        if not over or record == self.told:
            return
        if self.session is None:
            self.due = now + ATTEMPT_SECONDS
        elif self.told is None:
            self.due = self.due or now + SOON
        else:
            self.since = self.since or now
            self.due = min(now + LATER, self.since + LATEST)

    def is_settled(self, stream_us):
        """Nothing more is expected of it: it was told, and nothing of it was heard for a while."""
        if self.over:
            return self.due is None and stream_us - self.heard_us >= LINGER_US
        return self.told is not None and stream_us - self.heard_us > SILENT_US


class Calls:
    """ON_EVENT gets what is told of an event; ON_CALL gets a Call whose record is told, and whether
    it was told before."""

    def __init__(self, on_event, on_call):
        self.on_event = on_event
        self.on_call = on_call
        self.calls = []
        self._by_number = {}    # of those with a session
        self.sessions = 0       # numbers given to sessions that began before the latest answer
        self.event_frame = 0    # of the last event that was told
        self._begin(0, 0)

    def _begin(self, first, offset):
        """Of another decoder: its sessions from FIRST on are new, and their numbers OFFSET higher."""
        self._first, self._offset = first, offset
        self._by_local = {}
        self._catching = None
        self._passed_over = set()       # attempts of before

    # The decoder's numbers

    def _number(self, local):
        """The number that is told of the decoder's session LOCAL; None: one of before, of which all
        was told."""
        if local is None or local > self._first:
            return local and local + self._offset
        call = self._by_local.get(local)
        return call and call.session

    def _translated(self, record):
        number = self._number(record["session"])
        return record | {
            "session": number, "call": self._number(record["call"]) or number,
            "legs": [leg for leg in map(self._number, record["legs"]) if leg],
            "forwarded_to": self._number(record["forwarded_to"])}

    def _of_session(self, number, start):
        if number not in self._by_number:
            self._by_number[number] = Call(number, start)
            self.calls.append(self._by_number[number])
        return self._by_number[number]

    @staticmethod
    def _attempt_key(record):
        return (record["start"]["frame"], record["caller"]["address"], record["callee"]["address"],
                record["callee"]["port"])

    def _of_attempt(self, record):
        key = self._attempt_key(record)
        for call in self.calls:
            if call.session is None and self._attempt_key(call.record) == key:
                return call
        call = Call(None, key[0], record)
        self.calls.append(call)
        call.record = None
        return call

    # What the decoder says

    def take(self, line, now):
        if self._catching is not None:
            self._catching.append(line)
        elif line["type"] == "event":
            self._take_event(line)
        elif line["type"] == "record":
            self._take_record(line, now)

    def _take_event(self, line):
        number = self._number(line["session"])
        if not number:
            return
        call = self._of_session(number, line["start_frame"])
        call.state, call.caller, call.callee = line["state"], line["caller"], line["callee"]
        call.heard_us = line["time_us"]
        if line["frame"] <= self.event_frame:
            return
        self.event_frame = line["frame"]
        self.on_event({"type": "event", "time_us": line["time_us"], "session": number,
                       "call": self._number(line["call"]) or number, "event": line["event"],
                       "state": line["state"], "caller": line["caller"], "callee": line["callee"]})

    def _take_record(self, line, now):
        record = line["record"]
        if record["session"] is None:
            if self._attempt_key(record) in self._passed_over:
                return
            call = self._of_attempt(record)
        else:
            number = self._number(record["session"])
            if not number:
                return
            call = self._of_session(number, record["start"]["frame"])
            record = self._translated(record)
        call.update(record, line["over"], line["heard_us"], now)

    def answered(self, sessions):
        """The decoder has had so many SESSIONS so far."""
        self.sessions = max(self.sessions, sessions + self._offset)

    # Another decoder

    def is_catching_up(self):
        return self._catching is not None

    def begin_catching_up(self):
        """What comes from now on, until caught_up(), is of packets that were decoded before."""
        self._begin(0, 0)
        self._catching = []

    def caught_up(self, sessions, now):
        """It knows of so many SESSIONS, of before: those that go on are found again."""
        records = [line for line in self._catching if line["type"] == "record"]
        self._begin(sessions, self.sessions - sessions)
        self._find_again(records)
        for line in records:
            self._take_record(line, now)

    def _find_again(self, records):
        unknown = [call for call in self.calls if call.session is not None]
        locals_ = {}
        for line in records:
            record = line["record"]
            if record["session"] is not None:
                locals_.setdefault(record["session"], record)
            elif not any(call.session is None and call.record and
                         self._attempt_key(call.record) == self._attempt_key(record)
                         for call in self.calls):
                self._passed_over.add(self._attempt_key(record))
        for is_same in (lambda call, record: call.start == record["start"]["frame"],
                        lambda call, record: call.record and _identity(call.record) == _identity(record)):
            for local, record in sorted(locals_.items()):
                if local in self._by_local:
                    continue
                call = next((call for call in sorted(unknown, key=lambda one: one.session)
                             if is_same(call, record)), None)
                if call:
                    self._by_local[local] = call
                    unknown.remove(call)
        for call in unknown:    # whose packets are gone: what is known of it is all there will be
            call.over = True
            if call.due is None and call.told != call.record and call.record:
                call.due = 0.0

    # What is told

    def up(self):
        """The sessions that go on."""
        return [call for call in self.calls if call.session is not None and not call.over]

    def are_live(self):
        return any(not call.over or call.due is not None for call in self.calls)

    def earliest(self):
        """The first frame of those of which something may still be told; None: there are none."""
        return min((call.start for call in self.calls), default=None)

    def tell_due(self, now, stream_us):
        """Tells what is due, and forgets what is settled."""
        for call in self.calls:
            if (not call.over and call.record and call.due is None and call.told != call.record
                    and stream_us - call.heard_us > SILENT_US):
                call.due = now
            if call.due is not None and call.due <= now:
                self._tell(call)
        self._keep([call for call in self.calls if not call.is_settled(stream_us)])

    def _keep(self, calls):
        if len(calls) != len(self.calls):
            self.calls = calls
            self._by_number = {call.session: call for call in calls if call.session is not None}

    def _tell(self, call):
        again, call.due, call.since = call.told is not None, None, None
        call.told = call.record
        self.on_call(call, again)

    def tell_all(self):
        """It is the end: whatever is known is told."""
        for call in self.calls:
            if call.record and call.told != call.record:
                self._tell(call)

    # For the next run

    def saved(self):
        return [{"session": call.session, "start": call.start, "record": call.record, "told": call.told,
                 "over": call.over, "heard_us": call.heard_us} for call in self.calls]

    def restore(self, saved, now):
        for one in saved:
            call = Call(one["session"], one["start"], told=one["told"])
            if one["record"]:
                call.update(one["record"], one["over"], one["heard_us"], now)
            self.calls.append(call)
            if call.session is not None:
                self._by_number[call.session] = call
