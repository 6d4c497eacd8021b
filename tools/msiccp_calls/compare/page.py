# SPDX-License-Identifier: GPL-2.0-or-later
"""The comparison as one page that needs nothing else: `msiccp-calls compare --html FILE`."""

import pathlib

from ..common import page
from ..common.text import utc
from . import ladder

FILTERS = {
    "spaced": lambda text: text.replace("_", " "),
    "moment": lambda time_us: (utc(time_us) or "?")[:23],
    "ms": lambda value: None if value is None else f"{value / 1000:,.3f}",
}


def render(made, names, nearness):
    environment = page.environment(pathlib.Path(__file__).parent, "?", FILTERS)
    return environment.get_template("page.html").render(
        made=made, names=names, calls=list(zip(made["calls"], nearness)), ladder=ladder)


def write(made, names, nearness, file):
    page.write(render(made, names, nearness), file)
