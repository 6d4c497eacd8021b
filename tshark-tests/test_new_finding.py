# SPDX-License-Identifier: GPL-2.0-or-later
"""CONTRIBUTING.md's list of what belongs to a finding is whole: one that is added to a copy of the project by that list
alone passes what is asked of findings.

Only what the list names is changed or run; a step that it lacks is not done here either.
"""

import os
import re
import shutil
import subprocess

import pytest

from support import files, tshark

WORD = "in_conference"
CAPTURE, FRAME = "h323-busy-1731.pcap", 12

# What is put in front of which text, by the file or folder that the list names.
ADDED = {
    "plugin/common/findings.h": [
        ("    FINDING(MALFORMED,",
         f'    FINDING({WORD.upper()}, "{WORD}", PI_SEQUENCE, PI_CHAT, "The callee is in another call", "") \\\n')],
    "plugin/session": [
        ("outcome.c", "    judge_request(session, list, until->frame);\n",
         "    if (session->reason == REASON_IN_CONF)\n"
         f"        evidence_add(list, FINDING_{WORD.upper()}, SIDE_COUNT, until->frame, NULL);\n")],
    "tshark-tests/test_expert.py": [
        ('    "synthetic-unanswered.pcap":', f'    "{CAPTURE}": {{{FRAME}: ["{WORD}"]}},\n'),
        ('            "malformed": "Error",', f'            "{WORD}": "Chat",\n')],
    "profiles/MSICCP/colorfilters": [
        ("@[65535,56283,56283]", f" || msiccp.expert.{WORD}")],
    "docs/PROTOCOL.md": [
        ("| `duplicate` | note |", f"| `{WORD}` | chat | the callee was in another call |\n")],
    "docs/DIAGNOSIS.md": [
        ("`malformed`, `foreign`.\n", f"`{WORD}`, ")],
    "docs/cdr.schema.json": [
        ('"malformed"\n', f'"{WORD}", ')],
    "docs/msiccp.7": [
        (".BR foreign ", f".BR {WORD} ,\n")],
}
SCRIPTS = {
    "script/make-fields": ["script/make-fields"],
    "script/make-sentences": ["script/make-sentences"],
    "tshark-tests/test_versions.py": ["/usr/bin/python3", "tshark-tests/test_versions.py"],
}
# What is for findings that only the end of a capture shows, and what is named without being changed.
OF_OTHERS = {"tshark-tests/test_cdr.py", "tshark-tests/test_vocabulary.py", "docs/SENTENCES.md"}
ASKED = ["test_vocabulary.py", "test_expert.py", "test_docs.py", "test_profile.py", "test_house.py",
         "test_contributing.py"]
ASKED_OF_THE_CAPTURE = ["test_versions.py", "test_outcomes.py", "test_cdr.py", "test_calls.py", "test_same_answer.py"]


def steps():
    """What the list names, in its order; a step that begins with "If" is not for this one."""
    [section] = re.findall(r"^## A finding\n(.*?)^## ", (files.ROOT / "CONTRIBUTING.md").read_text(),
                           re.MULTILINE | re.DOTALL)
    listed = re.findall(r"^- \[ \] (?!If )(.*(?:\n {6}.*)*)", section, re.MULTILINE)
    named = re.findall(r"\b(?:docs|plugin|profiles|script|tshark-tests)/[\w./-]*\w", "\n".join(listed))
    return list(dict.fromkeys(named))


def environment():
    """Without what names the plugin of this run, and what tells a test that it runs beside others."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("MSICCP_", "PYTEST_"))} | {
        "MSICCP_TSHARK": tshark.TSHARK, "MSICCP_TARGETS": "unit_tests", "PYTEST_XDIST_AUTO_NUM_WORKERS": "1"}


def put(folder, name, before, text):
    path = folder / name
    old = path.read_text()
    assert old.count(before) == 1, f"{before!r} in {name}"
    path.write_text(old.replace(before, text + before))


def run(folder, *command):
    done = subprocess.run(command, cwd=folder, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, f"$ {' '.join(command)}\n{done.stdout[-8000:]}"


@pytest.mark.long
@pytest.mark.slow
def test_a_finding_is_added_by_the_list_alone(tmp_path):
    if not (tshark.PLUGIN.parent / "CMakeCache.txt").exists():
        pytest.skip("the plugin was not built here")
    folder = tmp_path / "project"
    shutil.copytree(files.ROOT, folder, symlinks=True, ignore=lambda path, names: [
        name for name in names if name == "__pycache__"
        or path == str(files.ROOT) and (name in (".git", "dist") or name.startswith("build"))])
    named = steps()
    assert set(named) <= {*ADDED, *SCRIPTS, *OF_OTHERS}, "steps that this test does not know"
    for name in named:
        for *rest, before, text in ADDED.get(name, []):
            put(folder, "/".join([name, *rest]), before, text)
    run(folder, "script/build")
    run(folder, "ctest", "--test-dir", "build", "--output-on-failure")
    for name in named:
        if name in SCRIPTS:
            run(folder, *SCRIPTS[name])
    run(folder, "script/test", *(f"tshark-tests/{name}" for name in ASKED))
    run(folder, "script/test", "--all", "-k", "busy", *(f"tshark-tests/{name}" for name in ASKED_OF_THE_CAPTURE))
