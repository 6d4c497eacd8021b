# SPDX-License-Identifier: GPL-2.0-or-later
"""The ladder of both sides: what left whom, what arrived, what did not."""

from ..common.needs import need
from ..common.text import printable

PLAIN, BAD, MEDIA = "signal", "bad", "media"
WHAT = {"control": "call control", "h245": "H.245", "t120": "T.120"}
OTHER = {"caller": "callee", "callee": "caller"}
TEXT = 62               # letters of a line in the terminal


def rungs(call, near):
    """(sender, text, whether it left, whether it arrived, kind) from top to bottom. The caller's capture is
    left of what lies between, the callee's right."""
    found = [_connection(one) for one in call["connections"] if one["what"] == "control"]
    others = [_connection(one) for one in call["connections"] if one["what"] != "control"]
    answered = False
    for message in call["messages"]:
        if answered and others:
            found += others
            others = []
        if message["event"] == "other" and None not in message["frames"] and not message["changed"]:
            continue
        answered = answered or message["event"] == "accept"
        if message["from"]:
            found.append(_message(message, near))
    found += others
    streams = [_stream(one) for one in call["streams"]]
    end = next((number for number, one in enumerate(found) if one[1].startswith("release")), len(found))
    return found[:end] + streams + found[end:]


def _connection(one):
    sent, arrived = one["syns"]["sent"], one["syns"]["arrived"]
    text = f"{WHAT[one['what']]} to port {one['port']}: {_figure(sent)} SYN sent, {_figure(arrived)} arrived"
    return OTHER[one["to"]], text, bool(sent), bool(arrived), PLAIN if one["opened"] else BAD


def _message(message, near):
    home = near.index(message["from"])
    left, came = message["frames"][home] is not None, message["frames"][1 - home] is not None
    text = message["event"] + (", rewritten" if message["changed"] else "")
    return message["from"], text, left, came, PLAIN if left and came and not message["changed"] else BAD


def _stream(one):
    text = (f"{one['codec'] or 'RTP'}: {_figure(one['sent'])} sent, {_figure(one['arrived'])} arrived")
    return (OTHER[one["to"]], text, one["sent"] != 0, one["arrived"] != 0,
            BAD if one["lost_between"] else MEDIA)


def _figure(value):
    return "?" if value is None else f"{value:,}"


def lines(call, near, names):
    """The ladder as text."""
    left, right = _ordered(near, names)
    yield f"{'caller':8} {left[:20]:<{TEXT // 2}}{right[:20]:>{TEXT // 2}} callee"
    for sender, text, has_left, has_come, _kind in rungs(call, near):
        text = printable(text)
        bar = text[:TEXT - 4].center(TEXT - 2, "─" if has_left else " ")
        if sender == "caller":
            yield f"{'':8} |{bar}{'>' if has_come else 'X'}|"
        else:
            yield f"{'':8} |{'<' if has_come else 'X'}{bar}|"


def _ordered(near, names):
    return [printable(names[near.index(end)]) for end in ("caller", "callee")]


WIDTH, OUTER, INNER, TOP, STEP = 620, 60, 150, 46, 32


def in_words(call, near):
    """The ladder as sentences, for those who do not see the drawing."""
    return [f"{sender}: {text}" + ("" if came else ", not arrived" if left else ", not in its own capture")
            for sender, text, left, came, _kind in rungs(call, near)]


def draw(call, near, names):
    """The ladder as SVG: the ends outside, the places of the captures inside."""
    markupsafe = need("markupsafe")
    escape = markupsafe.escape
    steps = rungs(call, near)
    bottom = TOP + STEP * (len(steps) + 1)
    places = [OUTER, INNER, WIDTH - INNER, WIDTH - OUTER]
    titles = ["caller", *_ordered(near, names), "callee"]
    parts = [f'<svg class="ladder both" viewBox="0 0 {WIDTH} {bottom}" aria-hidden="true">']
    for x, title, kind in zip(places, titles, ("end", "what", "what", "end")):
        parts.append(f'<text x="{x}" y="{14 if kind == "end" else 30}" class="{kind}">'
                     f'{escape(title[:24])}</text><path class="life" d="M{x} 36V{bottom}"/>')
    for number, step in enumerate(steps, 1):
        parts.append(_arrow(step, TOP + STEP * number, places, escape))
    parts.append("</svg>")
    return markupsafe.Markup("".join(parts))


def _arrow(step, y, places, escape):
    sender, text, left, came, kind = step
    way = places if sender == "caller" else places[::-1]
    tip = -8 if sender == "caller" else 8
    middle = (places[1] + places[2]) // 2
    drawn = f'<text x="{middle}" y="{y - 6}" class="what">{escape(printable(text)[:64])}</text>'
    if left:
        drawn += f'<path class="{kind}" d="M{way[0]} {y}H{way[1] if not came else way[2]}"/>'
    if came:
        drawn += (f'<path class="{kind}" d="M{way[2]} {y}H{way[3]}m{tip} -4L{way[3]} {y}l{tip} 4"/>')
    elif left:
        drawn += (f'<path class="{kind}" d="M{way[1]} {y}H{middle}m-6 -6l12 12m0 -12l-12 12"/>')
    return drawn
