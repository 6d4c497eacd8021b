"""A call as a ladder: who sent what when, with its media, from the moments in the database."""

from ..common.needs import need
from ..common.text import SECOND, printable

markupsafe = need("markupsafe")

# Narrow, so that its text can be read on a phone.
WIDTH, LEFT, RIGHT, TOP, STEP = 460, 130, 380, 40, 30
LONGEST_NAME, LONGEST_TEXT = 22, 40


def _steps(call):
    """(time, direction, text, kind) of each step in the order of time. A direction is "right" from
    the caller to the callee, "left", or None."""
    of_release = {"caller": "right", "callee": "left"}.get(call["released_by"])
    steps = [
        (call["setup_us"], "right", "request", "signal"),
        (call["ringing_us"], "left", "ringing", "signal"),
        (call["answer_us"], "left", "accept", "signal"),
        (call["release_us"], of_release, "release" + _cause(call), "signal"),
        (call["closed_us"], None, "connection reset" if call["closed_by_reset"]
         else "connection closed", "bad"),
    ]
    steps = [step for step in steps if step[0] is not None]
    for stream in call["streams"]:
        steps.append((stream["first_us"], "right" if stream["to_end"] == "callee" else "left",
                      _media(stream), "media"))
    return sorted(steps, key=lambda step: step[0] or 0)


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


def _since(call, time_us):
    start = call["start_us"]
    return "" if start is None or time_us is None else f"{(time_us - start) / SECOND:.3f} s"


def in_words(call):
    """The steps as sentences, for those who do not see the drawing."""
    sender = {"right": "caller", "left": "callee", None: ""}
    return [" ".join(part for part in (_since(call, time_us), sender[direction], printable(text))
                     if part)
            for time_us, direction, text, _kind in _steps(call)]


def _short(text, length):
    text = printable(text)
    return text if len(text) <= length else text[:length - 1] + "…"


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
    for number, (time_us, direction, text, kind) in enumerate(steps, 1):
        y = TOP + STEP * number
        parts.append(f'<text x="2" y="{y + 4}" class="time">{_since(call, time_us)}</text>'
                     f'<text x="{(LEFT + RIGHT) // 2}" y="{y - 6}" class="what">'
                     f'{escape(_short(text, LONGEST_TEXT))}</text>')
        if direction:
            begin, end = (LEFT, RIGHT) if direction == "right" else (RIGHT, LEFT)
            tip = -8 if direction == "right" else 8
            parts.append(f'<path class="{kind}" d="M{begin} {y}H{end}m{tip} -4L{end} {y}'
                         f'l{tip} 4"/>')
        else:
            parts.append(f'<path class="{kind}" d="M{LEFT} {y}H{RIGHT}"/>')
    parts.append("</svg>")
    return markupsafe.Markup("".join(parts))
