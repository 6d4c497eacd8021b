# SPDX-License-Identifier: GPL-2.0-or-later
"""What runs the checks names steps that .ci/run has."""

import re

import pytest

from support import files

RUNNER = (files.ROOT / ".ci" / "run").read_text()
CALLERS = [".pre-commit-config.yaml", ".gitlab-ci.yml", ".github/workflows/ci.yml"]


def has_step(name):
    """A step is a branch of run_step(), such as "gcc)" or "test-*)"."""
    branches = re.findall(r"^    ([a-z*-]+)\) step ", RUNNER, re.MULTILINE)
    return any(re.fullmatch(branch.replace("*", ".+"), name) for branch in branches)


def steps_named_in(text):
    return [name for names in re.findall(r"\.ci/run +([a-z][a-z -]*)$", text, re.MULTILINE)
            for name in names.split()]


@pytest.mark.parametrize("caller", CALLERS)
def test_every_step_that_is_called_exists(caller):
    named = steps_named_in((files.ROOT / caller).read_text())
    assert named
    assert [name for name in named if not has_step(name)] == []


def test_every_step_that_runs_without_arguments_exists():
    [listed] = re.findall(r"\|\| set -- ((?:[^\n\\]|\\\n)+)", RUNNER)
    assert [name for name in listed.replace("\\\n", " ").split() if not has_step(name)] == []


@pytest.mark.parametrize("caller", [".gitlab-ci.yml", ".github/workflows/ci.yml"])
def test_what_the_plugin_costs_is_part_of_ci(caller):
    """docs/PERFORMANCE.md says so."""
    assert "bench" in steps_named_in((files.ROOT / caller).read_text())


WORKFLOWS = sorted((files.ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_jobs_have_a_time_limit_and_no_more_rights_than_reading(workflow):
    text = workflow.read_text()
    assert re.search(r"^permissions:\n  contents: read$", text, re.MULTILINE)
    assert text.count("timeout-minutes:") == text.count("runs-on:")
