# SPDX-License-Identifier: GPL-2.0-or-later
"""The configuration profile MSICCP: its columns, colours and buttons work."""

import re
import shutil

import pytest

from support import files, tshark

PROFILE = files.ROOT / "profiles" / "MSICCP"
CALL = "h323-separate-h245-1731.pcap"


def lines(name):
    return [line for line in (PROFILE / name).read_text().splitlines()
            if line and not line.startswith("#")]


def colours():
    return [line.split("@")[1:3] for line in lines("colorfilters")]


def buttons():
    cells = (re.findall(r'"((?:[^"\\]|\\.)*)"', line) for line in lines("dfilter_buttons"))
    return [[re.sub(r"\\x(..)", lambda match: chr(int(match[1], 16)), cell) for cell in row]
            for row in cells]


def filters_of_the_readme():
    section = (files.ROOT / "docs" / "USING.md").read_text().split("## Ten filters")[1].split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


@pytest.fixture(scope="module")
def world():
    world = tshark.World(plugin=True)
    target = world.home / ".config" / "wireshark" / "profiles" / "MSICCP"
    shutil.copytree(PROFILE, target)
    for path in (target, *target.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return world


def test_columns(world):
    printed = world.run(["-C", "MSICCP", "-Y", "msiccp.outcome || frame.number == 32"], CALL)
    media, end = (line.split() for line in printed.splitlines())
    assert media[5:9] == ["RTP", "1", "rtp", "media"]
    assert end[5:11] == ["MSICCP/H.225.0", "1", "control", "release", "released", "answered"]


def test_ordinary_h323_calls_are_tracked(world):
    assert world.run(["-C", "MSICCP", "-Y", "msiccp.outcome"], "h323-separate-h245-1720.pcap")
    assert not tshark.run(["-Y", "msiccp.outcome"], "h323-separate-h245-1720.pcap")


def test_colours_are_taken(world):
    rows = world.fields(CALL, ["msiccp.channel", "frame.coloring_rule.name"], "msiccp",
                        extra=["-C", "MSICCP", "--color"])
    assert {(row["msiccp.channel"][0], row["frame.coloring_rule.name"][0]) for row in rows} == {
        ("0", "Call control"), ("1", "H.245"), ("2", "RTP of a call"), ("3", "RTCP of a call")}


def compile_all(filters):
    """One that is wrong is a failure, which names it."""
    tshark.sharkd([("check", {"filter": expression}) for expression in filters])


def test_every_colouring_rule_compiles():
    compile_all(expression for _, expression in colours())


def test_a_wrong_filter_does_not_compile():
    with pytest.raises(tshark.Failure, match="msiccp.no_such_field"):
        compile_all(["msiccp.session == 1", "msiccp.no_such_field == 1"])


def test_every_finding_has_a_colour():
    rows = (line.split("\t") for line in tshark.run(["-G", "fields"]).splitlines())
    findings = {row[2] for row in rows if row[0] == "F" and row[2].startswith("msiccp.expert.")}
    coloured = " ".join(expression for _, expression in colours())
    assert findings == set(re.findall(r"msiccp\.expert\.\w+", coloured))


def test_every_channel_has_a_colour():
    coloured = " ".join(expression for _, expression in colours())
    for channel in ("control", "h245", "rtp", "rtcp"):
        assert f'msiccp.channel == "{channel}"' in coloured


def test_buttons_are_the_filters_of_the_readme():
    """But for the first: which session a capture has, a button cannot know."""
    assert [row[2] for row in buttons()[1:]] == filters_of_the_readme()[1:]
    assert [row[0] for row in buttons()] == ["TRUE"] * 10


def test_every_button_compiles():
    compile_all(filters_of_the_readme() + [row[2] for row in buttons()])
