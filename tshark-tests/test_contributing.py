# SPDX-License-Identifier: GPL-2.0-or-later
"""CONTRIBUTING.md and the decisions name files that are there."""

import re

import pytest

from support import files

PAGES = [files.ROOT / "CONTRIBUTING.md", *sorted((files.ROOT / "docs" / "decisions").glob("*.md"))]
FOLDERS = tuple(f"{path.name}/" for path in files.ROOT.iterdir() if path.is_dir())
PLACEHOLDER = "NAME"


def files_named_in(text):
    """`plugin/common/vocabulary.[ch]` is two. What is in a folder of the project is one of its files."""
    for name in re.findall(r"`([^`\s]+)`", text):
        if name.startswith(FOLDERS) and PLACEHOLDER not in name:
            yield from ([name.replace("[ch]", letter) for letter in "ch"] if "[ch]" in name else [name])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_named_is_there(page):
    assert [name for name in files_named_in(page.read_text()) if not (files.ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    targets = re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_decision_is_in_the_index():
    index = files.ROOT / "docs" / "decisions" / "README.md"
    listed = re.findall(r"^\| \[([a-z-]+\.md)\]\(\1\) \|", index.read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(page.name for page in index.parent.glob("*.md") if page != index)
