# SPDX-License-Identifier: GPL-2.0-or-later
"""The comparison in a terminal: sentences first, then a ladder of what left and what arrived."""

from ..common.needs import need
from ..report import output
from . import ladder


def _clock(made):
    clock = made["clock"]
    if clock["offset_us"] is None:
        return ("Clocks: no packets both ways in common, so how long packets took cannot be told from how "
                "far the clocks are apart.")
    text = (f"Clocks: {made['captures'][1]['name']} is {clock['offset_us'] / 1000:+,.3f} ms from "
            f"{made['captures'][0]['name']}, give or take {clock['uncertainty_us'] / 1000:,.3f} ms")
    return text + (f", and drifts by {clock['drift_ppm']:+.1f} ppm." if clock["drift_ppm"] is not None
                   else ".")


def _heading(call):
    names = [f"{call[end]['alias'] or end} "
             f"({next((one for one in call[end]['address'] if one), '?')})" for end in ("caller", "callee")]
    sessions = " and ".join("none" if one is None else str(one) for one in call["sessions"])
    return f"{names[0]} to {names[1]}, sessions {sessions}: {call['verdict'].replace('_', ' ')}"


def _row(stream):
    transit = stream["transit_us"]
    return [stream["to"], stream["codec"] or "RTP", stream["sent"], stream["arrived"],
            stream["lost_between"], stream["reordered_between"], stream["doubled_between"],
            " / ".join("?" if transit[name] is None else f"{transit[name] / 1000:.3f}"
                       for name in ("least", "median", "p95", "most")), stream["hops"]]


def show(made, names, nearness):
    console = output.console()

    def say(text, style=""):
        output.say(console, text, style=style)

    say(_clock(made))
    for call, near in zip(made["calls"], nearness):
        say("")
        say(_heading(call), "bold")
        said = call["explanation"]
        if said:
            say(said)
        for finding in call["findings"]:
            if not said or finding["explanation"] not in said:
                say(f"- {finding['explanation']}")
        for line in ladder.lines(call, near, names):
            console.print(need("rich.text").Text(f"  {line}"), no_wrap=True, overflow="ignore", crop=False)
        if call["streams"]:
            output.show_table(console, [
                "audio to", "codec", "sent", "arrived", "lost", "reordered", "doubled",
                "ms: least / median / 95 % / most", "hops"], [_row(stream) for stream in call["streams"]])
    for one in made["only"]:
        say("")
        say(one["explanation"])
