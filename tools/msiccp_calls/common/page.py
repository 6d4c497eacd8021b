# SPDX-License-Identifier: GPL-2.0-or-later
"""What the pages have in common that need nothing else to be shown."""

from .errors import Failure
from .files import whole
from .needs import need
from .text import printable


def environment(folder, unknown, filters):
    """Jinja2's, of the templates in FOLDER. UNKNOWN stands for None. Text of a capture has no control
    characters here either: some turn the line around."""
    jinja2 = need("jinja2")
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True)
    made.finalize = lambda value: (
        unknown if value is None else printable(value)
        if isinstance(value, str) and not hasattr(value, "__html__") else value)
    made.filters.update(filters)
    return made


def write(text, file):
    """Whole or not at all."""
    try:
        with whole(file) as page:
            page.write(text.encode("utf-8", "replace"))
    except OSError as error:
        raise Failure(f"{file}: {error.strerror}") from None
