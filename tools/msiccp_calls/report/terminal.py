# SPDX-License-Identifier: GPL-2.0-or-later
"""The report in a terminal."""

from ..common.text import count
from . import figures, output, words

WORST = 25
HOURS = 24
BAR = 20


def _bar(part, whole, width=BAR):
    return "█" * round(width * part / whole) if whole else ""


def _heading(found):
    totals = found.totals
    text = (f"{count(totals['calls'], 'call')} in {count(totals['captures'], 'capture')}, "
            f"{totals['failing']:,} of them failing")
    if totals["first"]:
        text += f"; {totals['first'][:19]} to {totals['last'][:19]} UTC"
    return text


def _pair(row, first="caller_address", second="callee_address"):
    return f"{row[first] or '?'} to {row[second] or '?'}"


def _connections(row):
    said = [(row["refused"], "refused"), (row["unanswered"], "unanswered")]
    return ", ".join([count(row["connections"] or 0, "connection"),
                      *(f"{number:,} {word}" for number, word in said if number)])


def _tables(found):
    """(title, names, rows) of each table; those without rows are left out."""
    most = max((calls for _span, calls, _failing in found.series), default=0)
    yield ("Pairs of hosts", ["caller to callee", "calls", "failing", "seconds talked"],
           [(_pair(row), row["calls"], int(row["failing"]), _float(row["talk_seconds"]))
            for row in found.pairs])
    yield (f"Calls by {found.series_unit}, the last {HOURS}",
           [found.series_unit, "calls", "failing", ""],
           [(figures.span_in_words(span), calls, failing, _bar(calls, most))
            for span, calls, failing in found.series[-HOURS:]])
    yield ("Verdicts and outcomes", ["verdict", "outcome", "calls", "failing"],
           [(words.plain(row["verdict"]), words.plain(row["outcome"]), row["calls"],
             int(row["failing"])) for row in found.verdicts])
    yield ("Codecs", ["codec", "streams", "packets", "lost", "lost %"],
           [(words.plain(row["codec"]), row["streams"], row["packets"], row["lost"],
             _float(row["lost_percent"])) for row in found.codecs])
    yield ("Worst streams", ["lost %", "lost", "of", "codec", "from, to", "start (UTC), capture"],
           [(_float(row["lost_percent"]), row["lost"], row["expected"], row["codec"],
             _pair(row, "source_address", "destination_address"),
             f"{(row['start'] or '')[:19]} {row['capture'].rpartition('/')[2]}, "
             f"session {row['session']}") for row in found.streams])
    yield ("What is on these ports", ["server", "what is there", "captures", "connections"],
           [(f"{words.end(row['address'], row['port'])} {(row['transport'] or '').upper()}",
             words.what_is_there(row), row["captures"], _connections(row))
            for row in found.servers])
    yield ("Captures with problems", ["capture", "status", "tshark says"],
           [(row["name"], words.plain(row["status"]), row["message"]) for row in found.problems])


def _float(value):
    return None if value is None else float(value)


def _show_call(console, call):
    output.say(console, "")
    output.say(console, f"{words.caller(call)} calls {words.callee(call)}", style="bold")
    output.say(console, f"{words.moment(call['start_us'])[:19]} UTC: {words.how_it_went(call)}", 2)
    for sentence in words.reasons(call):
        output.say(console, sentence, 2)
    output.say(console, words.call_in_capture(call), 2)


def _show_failing(console, found):
    if not found.failing:
        return
    failing = found.totals["failing"]
    some = f" ({len(found.failing)} of {failing:,})" if len(found.failing) < failing else ""
    output.say(console, "")
    output.say(console, f"Failing calls, the worst first{some}", style="bold")
    for call in found.failing:
        _show_call(console, call)


def _show_findings(console, found):
    if found.findings:
        output.say(console, "")
        output.say(console, "What was found, with what was said of one call", style="bold")
    for row in found.findings:
        output.say(console, f"{words.plain(row['finding'])}: {count(row['calls'], 'call')}")
        output.say(console, row["example"] or "", 2)


def show(database):
    found = figures.gather(database, WORST)
    console = output.console()
    output.say(console, _heading(found), style="bold")
    if database.choice:
        output.say(console, f"Only {database.choice.in_words()}.")
    if found.totals["twice"]:
        output.say(console, f"{words.twice(found.totals['twice'])}.")
    if found.totals["odd"]:
        output.say(console, f"{words.odd_times(found.totals['odd'])}.")
    _show_failing(console, found)
    _show_findings(console, found)
    for title, names, rows in _tables(found):
        if rows:
            output.say(console, "")
            output.say(console, title, style="bold")
            output.show_table(console, names, [tuple(row) for row in rows])
