# SPDX-License-Identifier: GPL-2.0-or-later
"""Rows as a table for people, and as CSV and JSON for programs."""

import csv
import re
import shutil
import sys

from ..common.needs import need
from ..common.text import json_line, printable, shown

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
WIDTH = 100     # of what is no terminal, unless COLUMNS says otherwise
GAP = 2         # between the columns of a table


class _Trimmed:
    """Standard output without the spaces that tables end their lines with."""

    @staticmethod
    def write(text):
        sys.stdout.write(re.sub(" +(?=\n)", "", text))

    @staticmethod
    def flush():
        sys.stdout.flush()


def console():
    """Where people read: a terminal, as wide as it is, or a file or pipe."""
    rich = need("rich.console")
    if sys.stdout.isatty():
        return rich.Console(highlight=False)
    return rich.Console(file=_Trimmed(), width=shutil.get_terminal_size((WIDTH, 1)).columns,
                        highlight=False)


def _wrapped(text, width):
    """Lines of whole words: an address or a path is never broken, and a wide letter takes two columns."""
    cell_len = need("rich.cells").cell_len
    line = ""
    for word in text.split():
        if line and cell_len(f"{line} {word}") > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def say(to, text, indent=0, style=""):
    """TEXT on the console TO, wrapped between words."""
    for line in _wrapped(printable(text), to.width - indent):
        to.print(need("rich.text").Text(" " * indent + line, style=style), overflow="ignore",
                 no_wrap=True, crop=False)


def _cell(value):
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else printable(str(value))


def _fitted(columns, room):
    """How wide each of COLUMNS, lists of cells, becomes: as it is, or where that is more than ROOM
    down to its longest word, the widest first."""
    cell_len = need("rich.cells").cell_len
    widths = [max(map(cell_len, cells)) for cells in columns]
    least = [max(cell_len(word) for cell in cells for word in cell.split() or [""])
             for cells in columns]
    while sum(widths) > room and widths != least:
        widest = max((width, index) for index, width in enumerate(widths) if width > least[index])[1]
        widths[widest] -= 1
    return widths


def show_table(to, names, rows):
    """A table on the console TO. It is wider than that only where values are."""
    table = need("rich.table").Table(
        box=need("rich.box").SIMPLE_HEAD, show_edge=False, pad_edge=False,
        padding=(0, GAP - 1, 0, 0))
    columns = [[printable(name), *(_cell(row[index]) for row in rows)]
               for index, name in enumerate(names)]
    widths = _fitted(columns, to.width - GAP * (len(names) - 1))
    text = need("rich.text").Text
    for index, width in enumerate(widths):
        numbers = all(isinstance(row[index], (int, float, type(None))) for row in rows)
        table.add_column(text(columns[index][0]), width=width,
                         justify="right" if rows and numbers else "left")
    for cells in list(zip(*columns))[1:]:
        table.add_row(*map(text, cells))
    to.print(table, width=sum(widths) + GAP * len(widths), crop=False)


def print_table(names, rows):
    show_table(console(), names, rows)


def _harmless(value):
    """Text of a capture that a spreadsheet would take for a formula is marked as text."""
    if not isinstance(value, str):
        return value
    value = shown(value)
    return f"'{value}" if value.startswith(FORMULAS) else value


def print_csv(names, rows):
    """A terminal gets text that cannot steer it, a file the text as it is."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    for row in [names, *rows]:
        writer.writerow([_harmless(value) for value in row])


def print_json(names, rows):
    """One object a line."""
    for row in rows:
        print(json_line(dict(zip(names, row))))
