# SPDX-License-Identifier: GPL-2.0-or-later
"""Words stand in one table each; documents, schemas and rules that list them list them all."""

import json
import re

import pytest

from support import files

DOCS = files.ROOT / "docs"
FINDINGS = re.findall(r'^\s+FINDING\(\w+, "(\w+)"', (files.ROOT / "plugin/common/findings.h").read_text(),
                      re.MULTILINE)
VOCABULARY = (files.ROOT / "plugin/common/vocabulary.c").read_text()
SCHEMAS = {name: json.loads((DOCS / f"{name}.schema.json").read_text()) for name in ("cdr", "compare", "registrations")}


def words(table):
    rows = re.search(rf"^const value_string {table}_vals\[\] = {{(.*?)^}};", VOCABULARY, re.MULTILINE | re.DOTALL)
    return re.findall(r'"(\w+)"', rows[1])


def listed(schema, *path):
    """The words of an enumeration in a schema, null left out."""
    place = SCHEMAS[schema]
    for name in path:
        place = place[name]
    return [word for word in place["enum"] if word is not None]


@pytest.mark.parametrize("table, schema, path", [
    ("outcome", "cdr", ("properties", "outcome")),
    ("state", "cdr", ("properties", "state")),
    ("verdict", "cdr", ("properties", "verdict")),
    ("verdict", "compare", ("definitions", "verdict")),
    ("event", "compare", ("definitions", "message", "properties", "event")),
    ("link", "cdr", ("definitions", "stream", "properties", "link")),
    ("registration", "registrations", ("properties", "state")),
])
def test_schemas_list_all_words(table, schema, path):
    assert sorted(listed(schema, *path)) == sorted(words(table))


def test_the_schema_of_records_lists_all_findings():
    assert listed("cdr", "definitions", "finding") == FINDINGS


@pytest.mark.parametrize("document", ["PROTOCOL.md", "DIAGNOSIS.md", "FIELDS.md", "msiccp.7"])
def test_documents_name_all_findings(document):
    named = set(re.findall(r"\w+", (DOCS / document).read_text()))
    assert [word for word in FINDINGS if word not in named] == []


def test_every_finding_has_a_colour():
    rules = (files.ROOT / "profiles/MSICCP/colorfilters").read_text()
    assert [word for word in FINDINGS if f"msiccp.expert.{word}" not in rules] == []


@pytest.mark.parametrize("document, table", [("PROTOCOL.md", "outcome"), ("CDR.md", "outcome"), ("CDR.md", "verdict"),
                                             ("DIAGNOSIS.md", "verdict"), ("PROTOCOL.md", "state"),
                                             ("PROTOCOL.md", "event")])
def test_documents_name_all_words(document, table):
    text = (DOCS / document).read_text()
    assert [word for word in words(table) if f"`{word}`" not in text and f"| {word} |" not in text] == []


def test_the_document_lists_what_foreign_traffic_is_named():
    table = (files.ROOT / "plugin/identify/signatures.c").read_text()
    rows = (DOCS / "FOREIGN.md").read_text().split("## What is recognised")[1]
    listed = re.findall(r"^\| ([^|]+) \| (?:TCP|UDP)[^|]* \|", rows, re.MULTILINE)
    assert set(listed) == set(re.findall(r'^    \{"([^"]+)", OVER_', table, re.MULTILINE))
