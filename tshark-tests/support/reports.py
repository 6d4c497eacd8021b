# SPDX-License-Identifier: GPL-2.0-or-later
"""What the statistics say, for the tests of them."""

import functools
import json
import re

from support import files, tshark, view

RECORDS, TABLE, STREAMS, PORTS, PORTS_JSON = view.STATISTICS
HEADINGS = {"MSICCP calls": TABLE, "RTP Streams": STREAMS, "MSICCP ports": PORTS}


def _statistic_of_line(line):
    return PORTS_JSON if re.match(r'\{"schema":\d+,"address":', line) else RECORDS


def _apart(lines):
    """The lines of each statistic: tables stand between rulers, all else is an object a line."""
    found = {name: [] for name in view.STATISTICS}
    table = None
    for line in lines:
        heading = re.fullmatch(r"=+ (MSICCP calls|RTP Streams|MSICCP ports) =+", line)
        if heading:
            table = HEADINGS[heading[1]]
        found[table or _statistic_of_line(line)].append(line)
        if set(line) == {"="}:
            table = None
    return found


@functools.lru_cache(maxsize=48)
def _all_lines(capture, passes, prefs, extra):
    if files.is_small(capture):
        return _apart(view.answer(tshark.plugin, capture, passes, prefs, extra)[1])
    options = [part for name in view.STATISTICS for part in ("-z", name)]
    return _apart(tshark.run(["-q", *options, *extra], capture, passes, prefs).split("\n")[:-1])


def lines_of(statistic, capture, filter_=None, passes=(), prefs=(), extra=()):
    """What tshark prints of a statistic. Without a filter it is asked once for all of them, and of a small capture for
    its frames as well."""
    if filter_:
        text = tshark.run(["-q", "-z", f"{statistic},{filter_}", *extra], capture, passes, prefs)
        return _apart(text.split("\n")[:-1])[statistic]
    return _all_lines(capture, tuple(passes), tuple(prefs), tuple(extra))[statistic]


def records(capture, filter_=None, passes=(), prefs=(), extra=()):
    """The call records of CAPTURE."""
    return [json.loads(line) for line in lines_of(RECORDS, capture, filter_, passes, prefs, extra)]


def only_record(capture, **options):
    found = records(capture, **options)
    assert len(found) == 1
    return found[0]


def diagnosed(record):
    """The words of what was found, each once."""
    return list(dict.fromkeys(entry["finding"] for entry in record["diagnostics"]))


def dialled(record):
    """What its record says of digits, less their frames and times."""
    return record["dtmf"] | {"digits": [(digit["digit"], digit["way"]) for digit in record["dtmf"]["digits"]]}


def table(capture, filter_=None, passes=()):
    """The lines between the rulers of the call table, without its heading."""
    lines = lines_of(TABLE, capture, filter_, passes)
    assert lines[0].startswith("======== MSICCP calls =")
    assert set(lines[-1]) == {"="}
    return lines[2:-1]


def tree(capture, filter_=None, passes=()):
    """The statistics tree: the names of its nodes, each with the counts of the values below it."""
    option = "msiccp,tree" + (f",{filter_}" if filter_ else "")
    result = {}
    for line in tshark.run(["-q", "-z", option], capture, passes).splitlines():
        match = re.match(r"( ?)(\S.*?)\s{2,}(\d+) ", line)
        if match and not match[1]:
            result[match[2]] = node = {}
        elif match:
            node[match[2]] = int(match[3])
    return result


def registrations(capture, filter_=None, passes=()):
    option = "msiccp,registrations_json" + (f",{filter_}" if filter_ else "")
    return [json.loads(line) for line in tshark.run(["-q", "-z", option], capture, passes).splitlines()]


def rtp_streams(capture, passes=()):
    """The rows of -z rtp,streams."""
    row = re.compile(
        r"\s*(?P<start>\S+)\s+(?P<end>\S+)\s+(?P<source>\S+)\s+(?P<source_port>\d+)\s+"
        r"(?P<destination>\S+)\s+(?P<destination_port>\d+)\s+0x(?P<ssrc>\w+)\s+(?P<payload>.+?)\s+"
        r"(?P<packets>\d+)\s+(?P<lost>-?\d+) \(\S+%\)\s+\S+\s+\S+\s+\S+\s+\S+\s+"
        r"(?P<mean>\S+)\s+(?P<max>\S+)")
    matches = map(row.match, lines_of(STREAMS, capture, passes=passes))
    return [match.groupdict() for match in matches if match]
