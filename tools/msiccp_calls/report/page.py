# SPDX-License-Identifier: GPL-2.0-or-later
"""The report as one page that needs nothing else: `msiccp-calls report --html FILE`."""

import hashlib
import pathlib
import urllib.parse

from ..common import page
from ..common.needs import need
from ..common.text import path_to_text, printable
from . import figures, javascript, ladder, listing, plots, words

WORST = 300     # with some 6 kB each, they stay below 2 MB
FIRST = 20      # of them that are shown at once


def _path(text):
    """TEXT that may be broken behind the slashes of a path."""
    markupsafe = need("markupsafe")
    return markupsafe.Markup("/<wbr>").join(printable(text).split("/"))


def _environment():
    return page.environment(pathlib.Path(__file__).parent, "", {
        "number": lambda value: f"{value:,}" if value is not None else "",
        "tenths": lambda value: f"{float(value):.1f}" if value is not None else "",
        "urlencode": urllib.parse.urlencode, "path": _path,
        "base": lambda path: path.rpartition("/")[2], "moment": lambda time_us: words.moment(time_us)[:19]})


def _choices(rows, key):
    return sorted({row[key] for row in rows if row[key]})


def _nonce(packed):
    """What only the page's own scripts have, so that no text of a capture can become one; the same calls
    give the same page."""
    return hashlib.sha256(packed.encode()).hexdigest()[:32]


def render(database):
    found = figures.gather(database, WORST)
    figures.add_records(database, found.failing)
    markup, packed = need("markupsafe").Markup, listing.packed(database)
    return _environment().get_template("page.html").render(
        found=found, first=FIRST, name=path_to_text(database.target).rpartition("/")[2], words=words,
        ladder=ladder, chosen=database.choice and database.choice.in_words(),
        span_in_words=figures.span_in_words,
        verdicts=_choices(found.verdicts, "verdict"), outcomes=_choices(found.verdicts, "outcome"),
        findings=_choices(found.findings, "finding"), packed=packed, nonce=_nonce(packed),
        libraries=markup(javascript.libraries()),
        series_plot=plots.series(found.series, found.series_unit) if found.series else None)


def write(database, file):
    page.write(render(database), file)
