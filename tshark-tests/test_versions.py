"""The call records are the same, byte for byte, whatever the version of Wireshark.

expected-records.jsonl has the records of every capture; the tests run with each version's tshark
(script/test-on), so that all are compared with one another through that file. It is made again,
after a change of the captures or the records, by

    /usr/bin/python3 tshark-tests/test_versions.py
"""

import json
import pathlib

from support import files, tshark

EXPECTED = pathlib.Path(__file__).with_name("expected-records.jsonl")

# 149 calls that are all alike: nothing that the other captures do not have
LEFT_OUT = {"derived-segmented.pcap"}


def records_of(capture):
    """The lines of the statistic, less the name of the file, which is another in each run."""
    for line in tshark.run(["-q", "-z", "msiccp,cdr"], capture).splitlines():
        record = json.loads(line)
        name = json.dumps(record["capture_file"])
        yield line.replace(f'"capture_file":{name}', f'"capture_file":"{capture.name}"', 1)


def test_records_are_those_of_every_version(capture):
    if capture.name not in LEFT_OUT:
        expected = [line for line in EXPECTED.read_text(encoding="utf-8").splitlines()
                    if json.loads(line)["capture_file"] == capture.name]
        assert list(records_of(capture)) == expected


if __name__ == "__main__":
    captures = [capture for capture in files.captures() if capture.name not in LEFT_OUT]
    lines = [line for capture in captures for line in records_of(capture)]
    EXPECTED.write_text("\n".join(lines) + "\n", encoding="utf-8")
