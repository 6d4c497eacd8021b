"""The documents say what the plugin has."""

import os
import re
import shlex
import shutil
import subprocess

import pytest

from support import files, tshark

MAN_PAGE = files.ROOT / "docs" / "msiccp.7"


def plain_man_page():
    text = re.sub(r"\\f.|\\&", "", MAN_PAGE.read_text()).replace("\\-", "-")
    text = text.replace('"', "")
    # "msiccp.native.type_offset, .type_width" names two.
    return re.sub(r"(?<=[ ,])\.(?=(?:length|type|transaction)_)", "msiccp.native.", text)


def test_fields_are_up_to_date():
    done = subprocess.run(
        [files.ROOT / "script" / "make-fields", "--check"], capture_output=True, text=True,
        check=False, env=os.environ | {"MSICCP_TSHARK": tshark.TSHARK, "MSICCP_PLUGIN": tshark.PLUGIN})
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("checker", [["mandoc", "-Tlint"], ["groff", "-man", "-ww", "-z"]],
                         ids=lambda command: command[0])
def test_man_page_is_well_formed(checker):
    if not shutil.which(checker[0]):
        pytest.skip(f"{checker[0]} is not installed: script/bootstrap test")
    done = subprocess.run([*checker, MAN_PAGE], capture_output=True, text=True, check=False)
    assert done.stdout + done.stderr == ""


def preferences():
    listed = tshark.run(["-G", "defaultprefs"])
    return {"msiccp.tcp.port", "msiccp.udp.port",
            *re.findall(r"^#?(msiccp\.[^:]*):", listed, re.MULTILINE)}


def test_man_page_has_every_preference():
    assert [name for name in preferences() if name not in plain_man_page()] == []


def test_man_page_has_every_statistic():
    listed = tshark.start([tshark.TSHARK, "-z", "help"])
    statistics = re.findall(r"\S*msiccp\S*", listed.stdout + listed.stderr)
    assert len(statistics) == 9
    assert [name for name in statistics if name not in plain_man_page()] == []


def test_man_page_names_what_exists():
    fields = {row.split("\t")[2] for row in tshark.run(["-G", "fields"]).splitlines()}
    named = set(re.findall(r"\bmsiccp(?:\.[a-z_0-9]+)+\b", plain_man_page()))
    assert named - fields - preferences() == {"msiccp.so", "msiccp.expert"}


def shown_commands():
    """(arguments, lines) of each "$ tshark -r test-captures/..." in the documents, with what follows it."""
    for document in (files.ROOT / "README.md", *(files.ROOT / "docs").glob("*.md")):
        for block in re.findall(r"^```\n\$ tshark (.*?)^```", document.read_text(), re.MULTILINE | re.DOTALL):
            command, *lines = block.splitlines()
            yield pytest.param(shlex.split(command), lines, id=f"{document.name}: {command}")


@pytest.mark.parametrize(("args", "lines"), shown_commands())
def test_what_a_document_shows_is_what_tshark_prints(args, lines):
    """Line for line, in their order; "..." stands for what is left out, lines or the end of one."""
    at = args.index("-r")
    printed = tshark.run([*args[:at], *args[at + 2:]], files.ROOT / args[at + 1]).splitlines()
    for line in lines:
        if line.strip() == "...":
            continue
        begun = line.removesuffix("...").rstrip()
        while printed and not (printed[0].rstrip() == begun or
                               line.endswith("...") and printed[0].startswith(begun)):
            printed.pop(0)
        assert printed, f"not printed, or not in this place: {line}"
