# SPDX-License-Identifier: GPL-2.0-or-later
"""Documents name files that are there, and their links lead somewhere."""

import re

import pytest

from support import files

PAGES = [*sorted(files.ROOT.glob("*.md")), *sorted((files.ROOT / "docs").glob("**/*.md")),
         files.ROOT / "script" / "README.md", files.ROOT / "test-captures" / "README.md"]
FOLDERS = tuple(f"{path.name}/" for path in files.ROOT.iterdir() if path.is_dir())
PLACEHOLDER = "NAME"


def files_named_in(text):
    """`plugin/common/vocabulary.[ch]` is two. What is in a folder of the project is one of its files."""
    for name in re.findall(r"`([^`\s]+)`", text):
        if name.startswith(FOLDERS) and PLACEHOLDER not in name:
            yield from ([name.replace("[ch]", letter) for letter in "ch"] if "[ch]" in name else [name])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(files.ROOT)))
def test_every_file_that_is_named_is_there(page):
    assert [name for name in files_named_in(page.read_text()) if not (files.ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(files.ROOT)))
def test_every_link_leads_somewhere(page):
    links = re.findall(r"\]\((?!https?:)([^)#]*)(#[^)]*)?\)", page.read_text())
    assert [target for target, _ in links if not (page.parent / target).exists()] == []
    wrong = [target + anchor for target, anchor in links if anchor and (not target or target.endswith(".md"))
             and anchor[1:] not in anchors(page.parent / target if target else page)]
    assert wrong == []


def anchors(page):
    """What GitHub and GitLab make of headings, and what is given one by hand."""
    text = page.read_text()
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings} | set(
        re.findall(r'<a (?:id|name)="([^"]+)"', text))


def test_every_decision_is_in_the_index():
    index = files.ROOT / "docs" / "decisions" / "README.md"
    listed = re.findall(r"^\| \[([a-z-]+\.md)\]\(\1\) \|", index.read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(page.name for page in index.parent.glob("*.md") if page != index)
