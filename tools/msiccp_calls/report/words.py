# SPDX-License-Identifier: GPL-2.0-or-later
"""How figures are said to people."""

from ..common.text import SECOND, count, printable, utc

UNKNOWN = "not told"
# Where a word of the records is none that people use.
PLAIN = {
    "no_audio_to_caller": "no audio to the caller",
    "no_audio_to_callee": "no audio to the callee",
    "poor": "poor audio",
    "unknown": "cannot be told",
    "incomplete": "end not captured",
    "midcall": "capture begins within the call",
    "call_control": "call control",
    "h225": "H.323",
    "ras": "registrations (RAS)",
    "foreign": "other protocol:",
    "attempts": "attempts to connect only",
    "ok": "read",
    "failed": "failed",
}


def end(address, port=None, alias=None):
    """One end of a call: its name, and its address where that says more."""
    place = address or "?"
    if port is not None and address:
        place = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    return printable(f"{alias} ({place})" if alias else place)


def caller(call):
    return end(call["caller_address"], None, call["caller_alias"])


def callee(call):
    return end(call["callee_address"], None, call["callee_alias"])


def plain(word):
    """A word of the records as people say it."""
    return PLAIN.get(word) or (word or UNKNOWN).replace("_", " ").replace("h245", "H.245")


def how_it_went(call):
    """The verdict where there is one; of a call that was not connected, its outcome too."""
    verdict, outcome = call["verdict"], call["outcome"]
    if verdict == "not_connected" and outcome not in (None, "failed"):
        return f"{plain(verdict)}: {plain(outcome)}"
    return plain(verdict or outcome)


def what_is_there(server):
    """What speaks on a port: what kind of thing, and its name."""
    kind, name = server["kind"], server["name"]
    if kind == "unknown":
        return "not recognised"
    return " ".join([plain(kind), *([plain(name)] if name else [])])


def seconds(microseconds):
    return None if microseconds is None else microseconds / SECOND


def moment(time_us):
    return (utc(time_us) or UNKNOWN)[:23]


def reasons(call):
    """The sentences of what was found, the one that decides first; each once."""
    said = [call["explanation"]] if call["explanation"] else []
    for finding in call["findings"]:
        sentence = finding["explanation"] or f"{plain(finding['finding']).capitalize()}."
        if not any(sentence in before for before in said):
            said.append(sentence)
    if not said and call["cause_text"]:
        said = [f"Cause: {call['cause_text']}."]
    return [printable(sentence) for sentence in said]


def place_in_capture(call):
    if call["session"] > 0:
        return f"session {call['session']}"
    return f"an attempt to connect, frame {call['start_frame'] or '?'}"


def call_in_capture(call):
    """Where a call is found again."""
    return f"{call['capture']}, {place_in_capture(call)}"


def twice(copies):
    return (f"{count(copies, 'capture is', 'captures are')} there under more than one name, and the calls in "
            f"{'it' if copies == 1 else 'them'} count once for each name (msiccp-calls sql: the view "
            "captures_twice)")


def odd_times(calls):
    return (f"{count(calls, 'call')} with times that no clock can have told (outside 1970 to 2100, or "
            "an end before its beginning): their durations are in no sum, and such times in no list")
