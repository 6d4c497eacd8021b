# SPDX-License-Identifier: GPL-2.0-or-later
"""The report as one JSON document: `msiccp-calls report --json`."""

import dataclasses
import decimal

from ..common.text import json_line
from . import figures


def _plain(value):
    """VALUE in JSON's own kinds: rows of a database as objects, its decimals as numbers."""
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if hasattr(value, "items"):
        return {name: _plain(part) for name, part in value.items()}
    return list(map(_plain, value)) if isinstance(value, (list, tuple)) else value


def show(database):
    found = figures.gather(database)
    document = {field.name: getattr(found, field.name) for field in dataclasses.fields(found)}
    document["series"] = [dict(zip(("span", "calls", "failing"), row)) for row in found.series]
    print(json_line(_plain(document)))
