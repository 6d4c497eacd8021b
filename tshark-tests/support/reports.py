"""What the statistics say, for the tests of them."""

import json
import re

from support import tshark


def records(capture, filter_=None, passes=(), prefs=(), extra=()):
    """The call records of CAPTURE."""
    option = "msiccp,cdr" + (f",{filter_}" if filter_ else "")
    text = tshark.run(["-q", "-z", option, *extra], capture, passes, prefs)
    return [json.loads(line) for line in text.split("\n")[:-1]]


def only_record(capture, **options):
    found = records(capture, **options)
    assert len(found) == 1
    return found[0]


def diagnosed(record):
    """The words of what was found, each once."""
    return list(dict.fromkeys(entry["finding"] for entry in record["diagnostics"]))


def table(capture, filter_=None, passes=()):
    """The lines between the rulers of the call table, without its heading."""
    option = "msiccp,calls" + (f",{filter_}" if filter_ else "")
    lines = tshark.run(["-q", "-z", option], capture, passes).splitlines()
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


def rtp_streams(capture, passes=()):
    """The rows of -z rtp,streams."""
    row = re.compile(
        r"\s*(?P<start>\S+)\s+(?P<end>\S+)\s+(?P<source>\S+)\s+(?P<source_port>\d+)\s+"
        r"(?P<destination>\S+)\s+(?P<destination_port>\d+)\s+0x(?P<ssrc>\w+)\s+(?P<payload>.+?)\s+"
        r"(?P<packets>\d+)\s+(?P<lost>-?\d+) \(\S+%\)\s+\S+\s+\S+\s+\S+\s+\S+\s+"
        r"(?P<mean>\S+)\s+(?P<max>\S+)")
    matches = map(row.match, tshark.run(["-q", "-z", "rtp,streams"], capture, passes).splitlines())
    return [match.groupdict() for match in matches if match]
