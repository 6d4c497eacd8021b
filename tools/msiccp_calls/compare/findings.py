# SPDX-License-Identifier: GPL-2.0-or-later
"""What the two captures of a call tell together: findings with their evidence, and a verdict."""

import dataclasses

from . import parts, translations
from .both import OTHER
from .sentences import Speaker

# In the order in which they decide what the call's sentence is.
FINDINGS = ("reset_between", "connection_dropped_between", "message_dropped_between", "media_dropped_between",
            "media_lost_between", "delayed_between", "lost_outside", "message_rewritten",
            "address_translated", "marking_changed", "captured_apart")
POOR_SHARE = 0.05           # of packets, as for the plugin's lossy_media
SLOW = 100_000              # us: two thirds of what ITU-T G.114 allows from mouth to ear
UNEVEN = 40_000             # us, of 95 % above the fastest: as long as common jitter buffers
MANY_LATE = 0.01
OUTSIDE_LEAST, OUTSIDE_SHARE = 3, 0.01


@dataclasses.dataclass
class Finding:
    finding: str
    to: str | None
    frames: list
    explanation: str


class Compared:
    """A pair, and what was found of it."""

    def __init__(self, pair, sides, names, offset, matched):
        self.pair = pair
        self.matched = matched
        self.offset = offset
        self.speaker = Speaker(names, pair)
        self.covered = parts.coverage(pair, sides, offset)
        self.missing = parts.lacking(pair)
        self.openings = parts.openings(pair, self.missing, self.covered)
        self.resets = list(parts.resets_between(pair, self.openings, self.missing, self.covered))
        self.errors = list(parts.errors_between(pair, sides, self.openings, self.covered))
        self.translations = translations.find(pair)
        self.is_mirrored = [call.file in side.mirrored for call, side in zip(pair.calls, sides)]
        self.changes = {}
        self.findings = []
        self.dropped_messages = []
        self.apart = set()      # (to) of streams whose arrival the captures cannot tell
        self.told = {}          # stream: what its receiver reports

    def add(self, finding, to, frames, explanation):
        self.findings.append(Finding(finding, to, [list(map(int, part)) for part in frames], explanation))

    def on(self, side, here, there=()):
        """Frames of both captures, of which HERE are SIDE's."""
        return [list(here), list(there)] if side == 0 else [list(there), list(here)]

    def find(self, changes, reports):
        """CHANGES: what differs in messages; REPORTS: of each stream what its receiver says."""
        self.changes = changes
        self._connections()
        self._messages()
        for number, (stream, matched) in enumerate(zip(self.pair.streams, self.matched)):
            self._stream(stream, matched, reports[number])
        self._translations()
        for (side, end), frames in self.missing.items():
            self.add("captured_apart", None, self.on(side, frames),
                     self.speaker.apart_direction(side, end))
        self.findings.sort(key=lambda one: FINDINGS.index(one.finding))

    # Connections

    def _connections(self):
        for made in self.resets:
            self.add("reset_between", OTHER[made.speaks_for], self.on(made.side, made.frames),
                     self.speaker.reset(made))
        for made in self.errors:
            if isinstance(made.about, parts.Opening):
                self.add("reset_between", made.about.to, self.on(made.side, made.frames),
                         self.speaker.error(made))
        for opening in self.openings:
            near = self.pair.side_of(OTHER[opening.to])
            if opening.sent and opening.arrived == 0:
                if opening.answers_sent or opening.answers_arrived or opening.opened:
                    self.add("captured_apart", None, opening.answer_frames(),
                             self.speaker.apart_opening(opening))
                else:
                    self.add("connection_dropped_between", opening.to, opening.frames(),
                             self.speaker.connection_dropped(opening))
            elif (opening.arrived and opening.answers_sent and opening.answers_arrived == 0
                  and not opening.opened and self.covered(near, opening.connections[1 - near][0].first,
                                                          1 - near)):
                self.add("connection_dropped_between", OTHER[opening.to], opening.answer_frames(),
                         self.speaker.connection_dropped(opening))

    # Messages

    def _messages(self):
        apart, inserted = {}, []
        for couple in self.pair.messages:
            if None not in couple:
                continue
            fate, side = parts.fate(self.pair, couple, self.missing, self.covered)
            message = couple[side]
            if fate == parts.DROPPED:
                self.dropped_messages.append(message)
                self.add("message_dropped_between", OTHER[message.sender],
                         self.on(side, [message.frame]), self.speaker.message_dropped(message, side))
            elif fate == parts.NOT_CAPTURED:
                apart.setdefault(1 - side, []).append(message)
            elif fate == parts.INSERTED:
                inserted.append((message, side))
        for side, messages in apart.items():
            self.add("captured_apart", None,
                     self.on(1 - side, [message.frame for message in messages][:parts.FRAMES_KEPT]),
                     self.speaker.apart_message(messages[0], 1 - side))
        for message, side in inserted[:1]:
            self.add("message_rewritten", None, self.on(side, [message.frame]),
                     self.speaker.inserted(message, side))
        changed = [(couple, self.changed(couple)) for couple in self.pair.messages if self.changed(couple)]
        if changed:
            frames = [[couple[side].frame for couple, _names in changed][:parts.FRAMES_KEPT]
                      for side in (0, 1)]
            self.add("message_rewritten", None, frames, self.speaker.rewritten(
                changed, any(one.in_messages == "rewritten" and one.rightly for one in self.translations)))

    def changed(self, couple):
        return self.changes.get(tuple(map(id, couple)), [])

    # Streams

    def _stream(self, stream, matched, report):
        sender = OTHER[stream.to]
        home, there = self.pair.side_of(sender), self.pair.side_of(stream.to)
        frames = self.on(home, matched.lost_frames, matched.behind_frames)
        if (there, sender) in self.missing or (home, sender) in self.missing:
            self.apart.add(stream.ssrc)
            return
        if matched.lost and report and self._is_told_otherwise(matched, report):
            self.apart.add(stream.ssrc)
            self.add("captured_apart", stream.to, self.on(home, matched.lost_frames),
                     self.speaker.apart_reported(stream, matched.lost_in_reports, report[2], there))
        elif matched.sent and not matched.both and matched.lost and not matched.arrived:
            errors = [made for made in self.errors if made.about is stream]
            if errors:
                frames[errors[0].side] += errors[0].frames
            self.add("media_dropped_between", stream.to, frames,
                     self.speaker.media_dropped(stream, matched, errors))
        elif matched.lost and matched.both:
            self.add("media_lost_between", stream.to, self.on(home, matched.lost_frames),
                     self.speaker.media_lost(stream, matched))
        if matched.behind_only and (matched.both or not matched.sent):
            self.add("captured_apart", stream.to, frames,
                     self.speaker.apart_stream(stream, matched.behind_only, home))
        self._outside(stream, matched, report, home, there)
        self._on_the_way(stream, matched, home, there)

    @staticmethod
    def _is_told_otherwise(matched, report):
        """Whether the receiver lacks far less than its side's capture does."""
        return matched.lost_in_reports >= 3 and report[2] < matched.lost_in_reports / 2

    def _outside(self, stream, matched, report, home, there):
        missing = matched.missing_before - matched.behind_only
        if missing >= OUTSIDE_LEAST and missing > OUTSIDE_SHARE * matched.sent:
            self.add("lost_outside", stream.to, [part[:1] for part in matched.both_frames],
                     self.speaker.lost_before(stream, missing, home))
        if report and stream.ssrc not in self.apart and matched.arrived:
            behind = report[2] - matched.lost_in_reports - max(missing, 0)
            if behind >= OUTSIDE_LEAST and behind > OUTSIDE_SHARE * matched.sent:
                self.add("lost_outside", stream.to, self.on(report[4], [report[3]]),
                         self.speaker.lost_behind(stream, behind, there))

    def _on_the_way(self, stream, matched, home, there):
        transit = matched.transit
        if transit and matched.both >= 10:
            least = transit["least"] or 0
            if (transit["least"] is not None and transit["median"] >= SLOW
                    or transit["p95"] - least >= UNEVEN or matched.late >= MANY_LATE):
                self.add("delayed_between", stream.to, matched.both_frames,
                         self.speaker.delayed(stream, transit, transit["least"] is not None))
        if matched.both and matched.marks_changed > matched.both / 2:
            self.add("marking_changed", stream.to, matched.both_frames, self.speaker.marking(
                stream, matched.dscp[home], matched.dscp[there]))

    def _translations(self):
        for one in self.translations:
            self.add("address_translated", one.end, one.frames, self.speaker.translated(one))

    # The verdict

    def verdict(self):
        """(verdict, explanation) of both captures together."""
        own = [call.record["verdict"] for call in self.pair.calls]
        word = self._word(own)
        decisive = self._decisive(word)
        if decisive:
            return word, decisive
        for side in (0, 1):
            if own[side] == word and word != "good":
                return word, self.pair.calls[side].record["explanation"]
        return word, self.speaker.good() if word == "good" else None

    def _word(self, own):
        if self._is_not_connected(own):
            return "not_connected"
        hears = {end: self._hears(end, own) for end in OTHER}
        if hears["caller"] is False and hears["callee"] is False:
            return "no_audio"
        for end in OTHER:
            if hears[end] is False:
                return f"no_audio_to_{end}"
        if None in hears.values():
            # both say the same of what is not in the session itself, as of media in another leg
            agreed = own[0] == own[1] and own[0] and not self.apart and not self.missing
            return own[0] if agreed else "unknown"
        if any(one.finding in ("media_lost_between", "lost_outside") and self._share(one) >= POOR_SHARE
               for one in self.findings) or any(matched.late >= POOR_SHARE for matched in self.matched):
            return "poor"
        if "poor" in own and not self.apart:
            return "poor"
        return "good"

    def _is_not_connected(self, own):
        if any(opening.what == "control" and self._is_blocked(opening) for opening in self.openings):
            return True
        if any(message.event in ("request", "accept") for message in self.dropped_messages):
            return True
        answered = any(call.record["answer"] for call in self.pair.calls)
        return not answered and not self.missing and "not_connected" in own

    def _is_blocked(self, opening):
        return not opening.opened and (opening.arrived == 0 or opening.answers_arrived == 0) and any(
            one.finding in ("connection_dropped_between", "reset_between") for one in self.findings)

    def _hears(self, end, own):
        """Whether audio came to END: True, False, or None where the captures cannot tell."""
        home = self.pair.side_of(end)
        found = [(stream, matched) for stream, matched in zip(self.pair.streams, self.matched)
                 if stream.to == end]
        if any(matched.arrived for _stream, matched in found):
            # its own side knows whether that was audio, and until when
            return own[home] not in ("no_audio", f"no_audio_to_{end}")
        if any(stream.ssrc in self.apart for stream, _matched in found) or any(
                sender == OTHER[end] for _side, sender in self.missing):
            return None
        if any(matched.sent for _stream, matched in found):
            return False
        if any(one.finding == "connection_dropped_between" or one.finding == "reset_between"
               for one in self.findings if self._is_about_h245()):
            return False
        if any(word in ("no_audio", f"no_audio_to_{end}") for word in own):
            return False
        return None

    def _is_about_h245(self):
        return any(opening.what == "h245" and not opening.opened for opening in self.openings)

    def _share(self, finding):
        return max((matched.lost / matched.sent if finding.finding == "media_lost_between"
                    else max(matched.missing_before, 0) / matched.sent
                    for stream, matched in zip(self.pair.streams, self.matched)
                    if stream.to == finding.to and matched.sent), default=0)

    def _decisive(self, word):
        """The sentences of the findings that the verdict comes from."""
        deciding = {"not_connected": ("reset_between", "connection_dropped_between",
                                      "message_dropped_between"),
                    "poor": ("media_lost_between", "lost_outside", "delayed_between"),
                    "unknown": ("captured_apart",),
                    "good": ("media_lost_between", "delayed_between", "lost_outside")}.get(
                        word, ("reset_between", "connection_dropped_between", "media_dropped_between"))
        said = [one.explanation for one in self.findings if one.finding in deciding
                and (word not in ("no_audio_to_caller", "no_audio_to_callee")
                     or one.to is None or word.endswith(one.to) or not one.finding.startswith("media"))]
        return " ".join(dict.fromkeys(said[:2])) or None
