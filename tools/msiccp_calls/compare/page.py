# SPDX-License-Identifier: GPL-2.0-or-later
"""The comparison as one page that needs nothing else: `msiccp-calls compare --html FILE`."""

import pathlib

from ..common.errors import Failure
from ..common.files import whole
from ..common.needs import need
from ..common.text import printable, utc
from . import ladder


def _environment():
    jinja2 = need("jinja2")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(pathlib.Path(__file__).parent), autoescape=True,
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.finalize = lambda value: (
        "?" if value is None else printable(value)
        if isinstance(value, str) and not hasattr(value, "__html__") else value)
    environment.filters.update(
        spaced=lambda text: text.replace("_", " "), moment=lambda time_us: (utc(time_us) or "?")[:23],
        ms=lambda value: None if value is None else f"{value / 1000:,.3f}")
    return environment


def render(made, names, nearness):
    return _environment().get_template("page.html").render(
        made=made, names=names, calls=list(zip(made["calls"], nearness)), ladder=ladder)


def write(made, names, nearness, file):
    text = render(made, names, nearness).encode("utf-8", "replace")
    try:
        with whole(file) as page:
            page.write(text)
    except OSError as error:
        raise Failure(f"{file}: {error.strerror}") from None
