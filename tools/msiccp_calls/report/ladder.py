# SPDX-License-Identifier: GPL-2.0-or-later
"""A call as a ladder: who sent what when, with its media and what failed, in the order of the capture."""

import itertools
import unicodedata

from ..common.needs import need
from ..common.text import SECOND, printable

markupsafe = need("markupsafe")

# Narrow, so that its text can be read on a phone.
WIDTH, LEFT, RIGHT, TOP, STEP = 500, 130, 380, 40, 30
LONGEST_NAME, LONGEST_TEXT = 19, 40
MOST_TRIES = 4      # of one finding that are drawn
OTHER = {"right": "left", "left": "right"}
CONNECTIONS = {"control": "call control", "h245": "H.245"}


def _steps(call):
    """(frame, time, direction, text, kind) of each step in the order of the frames. A direction is "right"
    from the caller to the callee, "left", or None; the kind "lost" is what did not arrive."""
    record = call["record"]
    of_release = {"caller": "right", "callee": "left"}.get(call["released_by"])
    closed = record.get("connection_closed") or {}
    moments = [
        (record.get("setup"), "right", "request", "signal"),
        (record.get("ringing"), "left", "ringing", "signal"),
        (record.get("answer"), "left", "accept", "signal"),
        (record.get("release"), of_release, "release" + _cause(call), "signal"),
        (closed, None, "connection reset" if closed.get("reset") else "connection closed", "bad"),
    ]
    steps = [(moment["frame"], moment["time_us"], *rest) for moment, *rest in moments
             if moment and moment.get("time_us") is not None]
    for stream in call["streams"]:
        steps.append((stream["first_frame"], stream["first_us"],
                      "right" if stream["to_end"] == "callee" else "left", _media(stream), "media"))
    for finding in record.get("diagnostics") or []:
        steps += _tries(finding)
    return sorted(steps, key=lambda step: step[0] or 0)


def _tries(finding):
    """What failed of a connection or a stream: SYNs without an answer, resets, ICMP."""
    word, _, how = finding["finding"].partition("_")
    frames = finding.get("frames") or []
    towards = "left" if finding.get("about") == "caller" else "right"
    by_icmp = "(ICMP" in (finding.get("explanation") or "")
    if word in CONNECTIONS and how == "unanswered":
        steps = [(frame, None, towards, f"{CONNECTIONS[word]}: SYN, not answered", "lost") for frame in frames]
    elif (word in CONNECTIONS and how == "refused" and by_icmp) or finding["finding"] == "media_unreachable":
        what = CONNECTIONS.get(word, "RTP")
        steps = [(frame, None, OTHER[towards], f"ICMP: {what} refused", "bad") for frame in frames]
    elif word in CONNECTIONS and how == "refused":
        # A reset stands in it with the SYN that it answers.
        steps = [(frame, None, towards, f"{CONNECTIONS[word]}: SYN", "signal") if number % 2 == 0
                 else (frame, None, OTHER[towards], "reset: refused", "bad")
                 for number, frame in enumerate(frames)]
    elif word == "h245" and how == "broken":
        steps = [(frame, None, None, "H.245 connection ended", "bad") for frame in frames[:1]]
    else:
        return []
    left = (finding.get("frame_count") or len(frames)) - MOST_TRIES
    drawn = steps[:MOST_TRIES]
    if left > 0 and drawn:
        frame, time_us, direction, text, kind = drawn[-1]
        drawn[-1] = frame, time_us, direction, f"{text} (and {left} more)", kind
    return drawn


def _cause(call):
    text = call["reason_text"] or call["cause_text"]
    return f": {text}" if text else ""


def _media(stream):
    text = f"{stream['codec'] or 'RTP'}, {stream['packets']} packets"
    if stream["lost"] and stream["lost"] > 0:
        text += f", {stream['lost']} lost"
    if stream["first_us"] is not None and stream["last_us"] is not None:
        text += f", {(stream['last_us'] - stream['first_us']) / SECOND:.1f} s"
    return text


def _when(call, frame, time_us):
    """Seconds since the call began; of what the record has no time of, the frame."""
    if call["start_us"] is None or time_us is None:
        return f"frame {frame}" if frame else ""
    return f"{(time_us - call['start_us']) / SECOND:.3f} s"


def in_words(call):
    """The steps as sentences, for those who do not see the drawing."""
    sender = {"right": "caller", "left": "callee", None: ""}
    for frame, time_us, direction, text, _kind in _steps(call):
        # An ICMP error may come from a router on the way.
        who = "" if text.startswith("ICMP") else sender[direction]
        yield ": ".join(filter(None, [", ".join(filter(None, [_when(call, frame, time_us), who])),
                                      printable(text)]))


def _columns(letter):
    return 2 if unicodedata.east_asian_width(letter) in "WF" or letter in "mwMW\ufffd" else 1


def _short(text, length):
    """TEXT within LENGTH columns, of which wide letters take two."""
    text = printable(text)
    ends = list(itertools.accumulate(map(_columns, text)))
    return text if not ends or ends[-1] <= length else (
        text[:sum(end < length for end in ends)] + "…")


def _arrow(y, direction, kind):
    if direction is None:
        return f'<path class="{kind}" d="M{LEFT} {y}H{RIGHT}"/>'
    begin, end = (LEFT, RIGHT) if direction == "right" else (RIGHT, LEFT)
    if kind == "lost":
        middle = (9 * end + begin) // 10
        return (f'<path class="bad" d="M{begin} {y}H{middle}"/>'
                f'<path class="cross" d="M{middle - 6} {y - 6}l12 12m0 -12l-12 12"/>')
    tip = -8 if direction == "right" else 8
    return f'<path class="{kind}" d="M{begin} {y}H{end}m{tip} -4L{end} {y}l{tip} 4"/>'


def draw(call):
    """The ladder as SVG, whose colours are the page's."""
    steps = _steps(call)
    bottom = TOP + STEP * (len(steps) + 1)
    escape = markupsafe.escape
    parts = [f'<svg class="ladder" viewBox="0 0 {WIDTH} {bottom}" aria-hidden="true">']
    for x, end in ((LEFT, "caller"), (RIGHT, "callee")):
        name, address = call[f"{end}_alias"] or end, call[f"{end}_address"] or "?"
        parts.append(f'<text x="{x}" y="14" class="end">{escape(_short(name, LONGEST_NAME))}</text>'
                     f'<text x="{x}" y="30" class="what">{escape(_short(address, LONGEST_NAME))}'
                     f'</text><path class="life" d="M{x} 36V{bottom}"/>')
    for number, (frame, time_us, direction, text, kind) in enumerate(steps, 1):
        y = TOP + STEP * number
        parts.append(f'<text x="2" y="{y + 4}" class="time">{_when(call, frame, time_us)}</text>'
                     f'<text x="{(LEFT + RIGHT) // 2}" y="{y - 6}" class="what">'
                     f'{escape(_short(text, LONGEST_TEXT))}</text>{_arrow(y, direction, kind)}')
    parts.append("</svg>")
    return markupsafe.Markup("".join(parts))
