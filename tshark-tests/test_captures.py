# SPDX-License-Identifier: GPL-2.0-or-later
"""The captures are what their README says, and can be made again."""

import re
import subprocess
import sys

import pytest

from support import files

README = (files.CAPTURES / "README.md").read_text()


@pytest.mark.parametrize("name", [path.name for path in files.captures()])
def test_every_capture_is_in_the_readme(name):
    assert re.search(rf"^\| {re.escape(name)} \|", README, re.MULTILINE)


def test_the_readme_names_no_capture_that_is_not_there():
    named = set(re.findall(r"^\| ([a-z0-9-]+\.pcap(?:ng)?) \|", README, re.MULTILINE))
    assert named == {path.name for path in files.captures()}


def test_the_generators_make_the_same_bytes_again(tmp_path):
    """What is derived or synthetic is nothing but their output, and is named so."""
    for generator in sorted(files.CAPTURES.glob("generate*.py")):
        done = subprocess.run([sys.executable, generator, "--into", tmp_path],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    there = {path.name: path.read_bytes() for path in files.captures("derived-*") + files.captures("synthetic-*") +
             files.captures("diagnosis/synthetic-*")}
    assert sorted(made) == sorted(there)
    assert [name for name in there if made[name] != there[name]] == []
