# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables and the numbers of test-captures/README.md are true."""

import collections
import fnmatch
import pathlib
import re

import pytest

from support import files

README = (files.CAPTURES / "README.md").read_text()
CAPTURES = sorted(path.name for path in files.CAPTURES.rglob("*.pcap*"))
NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
           "eleven", "twelve"]


def tables():
    """The rows of each table, without its head; what only looks like a row belongs to none."""
    for block in re.findall(r"(?:^\|.*\n)+", README, re.MULTILINE):
        lines = block.splitlines()
        if len(lines) > 1 and re.fullmatch(r"\|( --- \|)+( \|)?", lines[1]):
            yield [re.split(r" *(?<!\\)\| *", line)[1:-1] for line in lines[2:]]


def lines_of_tables():
    return sum(len(rows) + 2 for rows in tables())


def kinds():
    return {row[0].strip("`"): row for table in tables() for row in table
            if re.fullmatch(r"`[a-z0-9-]+\*`", row[0])}


def generators():
    return sorted(path.name for path in files.CAPTURES.glob("generate*.py"))


def numbers_of(noun):
    """The numbers that the text has in front of NOUN."""
    words = (word.lower() for word in re.findall(rf"\b(\w+) {noun}\b", README))
    return {NUMBERS.index(word) for word in words if word in NUMBERS}


def test_every_row_is_in_a_table():
    assert lines_of_tables() == len(re.findall(r"^\|", README, re.MULTILINE))


def test_every_capture_has_one_row():
    """In whichever folder it is; a list of names is no such table."""
    rows = collections.Counter(pathlib.PurePath(row[0]).name for table in tables() for row in table
                               if len(row) > 1 and fnmatch.fnmatch(row[0], "*.pcap*"))
    assert rows == dict.fromkeys(CAPTURES, 1)


@pytest.mark.parametrize("name", CAPTURES)
def test_every_capture_is_of_one_kind(name):
    assert len([kind for kind in kinds() if fnmatch.fnmatch(name, kind)]) == 1


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_has_captures_and_makers_that_are_there(kind):
    assert fnmatch.filter(CAPTURES, kind + ".pcap*")
    makers = re.findall(r"`([^`]+)`", kinds()[kind][2])
    assert makers
    assert [maker for maker in makers
            if not (files.ROOT / maker).exists() and maker not in generators()] == []


def test_numbers_are_true():
    assert numbers_of("kinds") == {len(kinds())}
    assert numbers_of("generators") == {len(generators())}


@pytest.mark.parametrize("generator", generators())
def test_every_generator_is_told_of(generator):
    assert f"    test-captures/{generator}" in README
