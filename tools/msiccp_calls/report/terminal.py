"""The report in a terminal."""

from ..common.needs import need
from ..common.text import count, printable
from . import figures, output, words

WORST = 25
HOURS = 24
BAR = 30


def _bar(part, whole, width=BAR):
    return "█" * round(width * part / whole) if whole else ""


def _heading(found):
    totals = found.totals
    text = (f"{count(totals['calls'], 'call')} in {count(totals['captures'], 'capture')}, "
            f"{totals['failing']:,} of them failing")
    if totals["first"]:
        text += f"; {totals['first'][:19]} to {totals['last'][:19]} UTC"
    return text


def _tables(found):
    """(title, names, rows) of each table; those without rows are left out."""
    yield ("Verdicts and outcomes", ["verdict", "outcome", "calls", "failing"],
           [(row["verdict"] or words.UNKNOWN, row["outcome"] or words.UNKNOWN, row["calls"],
             int(row["failing"])) for row in found.verdicts])
    yield ("What was found", ["finding", "calls", "for example"],
           [(row["finding"], row["calls"], row["example"]) for row in found.findings])
    yield ("Failing calls, the worst first",
           ["start (UTC)", "caller", "callee", "how it went", "why", "capture", "session"],
           [(words.moment(call["start_us"])[:19], words.caller(call), words.callee(call),
             words.how_it_went(call), words.why(call), call["capture"].rpartition("/")[2],
             call["session"]) for call in found.failing])
    most = max((calls for _span, calls, _failing in found.series), default=0)
    yield (f"Calls by {found.series_unit}, the last {HOURS}",
           [found.series_unit, "calls", "failing", ""],
           [(span, calls, failing, _bar(calls, most))
            for span, calls, failing in found.series[-HOURS:]])
    yield ("Pairs of hosts", ["caller", "callee", "calls", "failing", "seconds talked"],
           [(row["caller_address"], row["callee_address"], row["calls"], int(row["failing"]),
             row["talk_seconds"]) for row in found.pairs])
    yield ("Codecs", ["codec", "streams", "packets", "lost", "lost %"],
           [(row["codec"] or words.UNKNOWN, row["streams"], row["packets"], row["lost"],
             _float(row["lost_percent"])) for row in found.codecs])
    yield ("Worst streams", ["lost %", "lost", "of", "codec", "from", "to", "start (UTC)",
                             "capture", "session"],
           [(_float(row["lost_percent"]), row["lost"], row["expected"], row["codec"],
             row["source_address"], row["destination_address"], (row["start"] or "")[:19],
             row["capture"].rpartition("/")[2], row["session"]) for row in found.streams])
    yield ("What is on these ports", ["server", "port", "transport", "kind", "name", "captures",
                                      "connections", "refused", "unanswered"],
           [(row["address"], row["port"], row["transport"], row["kind"], row["name"],
             row["captures"], row["connections"], row["refused"], row["unanswered"])
            for row in found.servers])
    yield ("Captures with problems", ["capture", "status", "tshark says"],
           [(row["name"], row["status"], row["message"]) for row in found.problems])


def _float(value):
    return None if value is None else float(value)


def show(database):
    found = figures.gather(database, WORST)
    console = output.console()
    console.print(need("rich.text").Text(printable(_heading(found)), style="bold"))
    if found.totals["twice"]:
        console.print(f"{count(found.totals['twice'], 'capture')} there more than once, and counted "
                      "so: the view captures_twice lists them")
    for title, names, rows in _tables(found):
        if rows:
            console.print(output.as_table(names, [tuple(row) for row in rows], title))
