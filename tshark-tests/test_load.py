# SPDX-License-Identifier: GPL-2.0-or-later
"""Wireshark loads the plugin, and what it registers keeps to the rules."""

import collections
import re
import subprocess

import pytest

from support import files, tshark


def registered(kind):
    """The rows of `tshark -G fields` of one kind: P for protocols, F for fields."""
    rows = (line.split("\t") for line in tshark.run(["-G", "fields"]).splitlines())
    return [row for row in rows if row[0] == kind]


def our_fields():
    return [row for row in registered("F") if row[4].split(".")[0] == "msiccp"]


def test_tshark_lists_the_plugin_with_its_version():
    rows = [line.split("\t") for line in tshark.run(["-G", "plugins"]).splitlines()]
    ours = [row for row in rows if row[0].strip() == "msiccp.so"]
    assert len(ours) == 1
    assert ours[0][1].strip() == files.project_version()
    assert "dissector" in ours[0][2]
    assert ours[0][-1].startswith(str(tshark.plugin.home))


def test_stock_tshark_has_no_trace_of_the_plugin():
    assert "msiccp.so" not in tshark.stock.run(["-G", "plugins"])
    assert not re.search(r"\tmsiccp(\.|\t|$)", tshark.stock.run(["-G", "fields"]))


def test_it_exports_what_wireshark_asks_a_plugin_for():
    symbols = subprocess.run(["nm", "-D", "--defined-only", tshark.PLUGIN], capture_output=True, text=True, check=True)
    exported = {line.split()[-1] for line in symbols.stdout.splitlines()}
    described = {"plugin_describe"} if tshark.plugin.version >= (4, 2) else set()
    assert exported == {"plugin_register", "plugin_version", "plugin_want_major", "plugin_want_minor"} | described


def test_the_protocol_is_registered():
    rows = [line.split("\t") for line in tshark.run(["-G", "protocols"]).splitlines()]
    ours = [row for row in rows if row[2] == "msiccp"]
    assert len(ours) == 1
    assert ours[0][1] == "MSICCP"


def test_every_field_is_named_after_the_protocol():
    strange = [row[2] for row in our_fields() if not row[2].startswith("msiccp.")]
    assert strange == []


def test_nobody_else_uses_our_prefix():
    foreign = [row[2] for row in registered("F")
               if row[2].startswith("msiccp.") and row[4].split(".")[0] != "msiccp"]
    assert foreign == []


def test_no_field_is_registered_twice():
    count = collections.Counter(row[2] for row in our_fields())
    assert [name for name, times in count.items() if times > 1] == []


def test_field_names_are_lower_case_words():
    odd = [row[2] for row in our_fields() if not re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", row[2])]
    assert odd == []


def test_every_field_has_a_title():
    assert [row[2] for row in our_fields() if not row[1].strip()] == []


def preferences():
    """Each preference of the plugin with the text that stands above it."""
    described = {}
    text = []
    for line in tshark.run(["-G", "defaultprefs"]).splitlines():
        setting = re.match(r"#?(msiccp\.[^:]*):", line)
        if setting:
            described[setting[1]] = " ".join(text)
            text = []
        elif line.startswith("# "):
            text.append(line[2:])
        else:
            text = []
    return described


@pytest.mark.parametrize("name", ["msiccp.tcp.port", "msiccp.udp.port"])
def test_ports_are_preferences(name):
    tshark.run(["-c", "1"], files.captures()[0], prefs=[f"{name}:1720,1730-1732"])


def test_every_preference_is_described():
    assert [name for name, text in preferences().items() if len(text.strip()) < 10] == []


@pytest.mark.each_capture
@pytest.mark.memory
def test_every_capture_is_decoded_without_complaint(capture, passes):
    """run() fails on any line on stderr and on any dissector bug."""
    assert tshark.run(["-V"], capture, passes)


@pytest.mark.each_capture
@pytest.mark.parametrize("name", [path.name for path in files.some_captures()])
def test_json_is_printed_without_complaint(name, passes):
    assert tshark.run(["-Tjson"], name, passes)
