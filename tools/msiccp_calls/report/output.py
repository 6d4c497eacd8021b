"""Rows as a table for people, and as CSV and JSON for programs."""

import csv
import json
import sys

from ..common.needs import need
from ..common.text import printable

FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def _cell(value):
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else printable(str(value))


def as_table(names, rows, title=None):
    """A table of rich."""
    table = need("rich.table").Table(title=title, title_justify="left", box=need("rich.box").SIMPLE)
    for index, name in enumerate(names):
        numbers = all(isinstance(row[index], (int, float, type(None))) for row in rows)
        table.add_column(need("rich.text").Text(name), overflow="fold",
                         justify="right" if rows and numbers else "left")
    for row in rows:
        table.add_row(*(need("rich.text").Text(_cell(value)) for value in row))
    return table


def console():
    """A pipe gets whole lines, as wide as they are."""
    width = None if sys.stdout.isatty() else 4000
    return need("rich.console").Console(width=width, highlight=False)


def print_table(names, rows):
    console().print(as_table(names, rows))


def _harmless(value):
    """Text of a capture that a spreadsheet would take for a formula is marked as text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULAS) else value


def print_csv(names, rows):
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_harmless(value) for value in row] for row in rows)


def print_json(names, rows):
    """One object a line."""
    for row in rows:
        print(json.dumps(dict(zip(names, row)), ensure_ascii=False, default=str))
