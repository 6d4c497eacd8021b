# SPDX-License-Identifier: GPL-2.0-or-later
"""The documents say what the plugin has."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

from support import documents, files, tshark

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


@pytest.mark.skipif(tshark.plugin.version >= (4, 2), reason="the pictures are of 4.0")
def test_pictures_show_what_is_said_today():
    done = subprocess.run(
        [files.ROOT / "script" / "make-pictures", "--check"], capture_output=True, text=True,
        check=False, env=os.environ | {"MSICCP_TSHARK": tshark.TSHARK, "MSICCP_PLUGIN": tshark.PLUGIN})
    assert done.returncode == 0, done.stderr


def test_sentences_are_up_to_date_and_short():
    done = subprocess.run([files.ROOT / "script" / "make-sentences", "--check"], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    page = (files.ROOT / "docs" / "SENTENCES.md").read_text(encoding="utf-8")
    for line in re.findall(r"^- (.*) \(`", page, re.MULTILINE):
        for sentence in re.split(r"(?<=\.) ", line):
            assert len(sentence.split()) <= 45, sentence


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
    assert len(statistics) == 13
    assert [name for name in statistics if name not in plain_man_page()] == []


def test_man_page_names_what_exists():
    fields = {row.split("\t")[2] for row in tshark.run(["-G", "fields"]).splitlines()}
    named = set(re.findall(r"\bmsiccp(?:\.[a-z_0-9]+)+\b", plain_man_page()))
    assert named - fields - preferences() == {"msiccp.so", "msiccp.expert"}


# What cannot be run as it stands, and what runs it.
RUN_ELSEWHERE = {
    "script/test": "what runs these tests",
    "cmake --install build": "test_install.py",
    "cmake -S . -B build -DMSICCP_GLOBAL_INSTALL=ON && cmake --build build\nsudo cmake --install build":
        "test_install.py",
    "cmake --build build --target uninstall": "test_install.py",
    "cmake --install build --component profile\nwireshark -C MSICCP -r test-captures/derived-nat.pcap":
        "test_install.py, test_profile.py",
    "cmake -DCUSTOM_PLUGIN_SRC_DIR=plugins/epan/msiccp -S wireshark -B wireshark-build\ncmake --build wireshark-build":
        "by hand: it takes all of Wireshark's sources",
    "tshark -i any -a duration:30 -f 'portrange 1729-1735 or icmp or icmp6' -w ports.pcap\n"
    "tshark -q -n -r ports.pcap -o msiccp.tcp.port:1729-1735 -o msiccp.udp.port:1729-1735 -z msiccp,ports":
        "tools/tests/test_whats_on.py",
} | {block.text.strip(): "tools/tests/test_watch.py" for block in documents.blocks()
     if block.document == "docs/WATCH.md" and not block.is_transcript and block.has_commands}


def test_every_block_of_commands_is_run():
    others = {block.text.strip() for block in documents.blocks()
              if block.has_commands and not block.is_transcript} - {"script/demo"}
    assert others == set(RUN_ELSEWHERE)


@pytest.fixture(scope="module")
def project():
    """A folder with the captures, as a reader has it before them, and the profile that docs/NATIVE.md has one make."""
    folder = files.scratch("project-")
    shutil.copytree(files.CAPTURES, folder / "test-captures", ignore=shutil.ignore_patterns("__pycache__"))
    profiles = pathlib.Path(tshark.plugin.folder("Personal configuration")) / "profiles"
    profiles.mkdir(parents=True, exist_ok=True)
    shutil.copytree(files.ROOT / "tshark-tests" / "native" / "length", profiles / "length", dirs_exist_ok=True)
    programs = folder / "bin"
    programs.mkdir()
    (programs / "tshark").symlink_to(shutil.which(tshark.TSHARK))
    for path in (profiles, *profiles.rglob("*"), folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o055 | (0o011 if path.is_dir() else 0))
            files.hand_over(path)
    return folder


@pytest.mark.parametrize("block", [
    pytest.param(block, id=block.name) for block in documents.blocks()
    if block.is_transcript and not block.runs_msiccp_calls])
def test_what_a_document_shows_is_what_is_printed(block, project):
    documents.check(block, tshark.plugin.start, f"cd {project}\nPATH={project}/bin:$PATH\n")


def test_demo_shows_the_call():
    build = tshark.PLUGIN.parent
    if not (build / "CMakeCache.txt").exists():
        pytest.skip("the plugin is not in its build folder")
    done = documents.run([files.ROOT / "script" / "demo"], env=os.environ | {"MSICCP_BUILD": str(build)})
    assert done.returncode == 0, done.stderr
    assert re.search(r"^ +6 .* request near → 1000 +CS: setup$", done.stdout, re.MULTILINE)
    assert "[Talk time: 7.120121000 seconds]" in done.stdout
