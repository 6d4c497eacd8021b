# SPDX-License-Identifier: GPL-2.0-or-later
"""Text that comes from captures and file systems, made fit for a database and a terminal."""

import datetime
import json
import os
import re
import sys
import unicodedata

SECOND = 1_000_000  # microseconds
CREDIBLE_US = 4_102_444_800 * SECOND    # the beginning of 2100


def storable(text):
    """TEXT that every database takes: no NUL, no half of a surrogate pair."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def printable(text):
    """TEXT that cannot steer a terminal: whatever is not shown as itself is shown as U+FFFD."""
    return "".join("\ufffd" if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")
                   else letter for letter in text)


def lines(text):
    """The same of text of several lines."""
    return "\n".join(map(printable, text.splitlines()))


def shown(text):
    """TEXT for standard output: as it is, unless that is a terminal."""
    return printable(text) if sys.stdout.isatty() else text


def json_line(value):
    """VALUE as JSON in ASCII, which a terminal and any program take."""
    return json.dumps(value, default=str).replace("\x7f", "\\u007f")


def path_to_text(path):
    """A path as text; bytes that are no UTF-8 become \\xNN."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def text_to_path(text):
    """The path that path_to_text() made TEXT from. A name that really has \\xNN in it is one too."""
    if os.path.exists(text):
        return text
    raw = re.sub(rb"\\x([89a-f][0-9a-f])", lambda match: bytes.fromhex(match[1].decode()),
                 text.encode())
    return os.fsdecode(raw)


def is_credible(time_us):
    """Whether a clock that was set can have said so: from 1970 to 2100."""
    return 0 <= time_us < CREDIBLE_US


def utc(time_us):
    """Microseconds since 1970 as SQLite writes times: 2026-11-22 17:40:12.151441, UTC."""
    if time_us is None or not is_credible(time_us):
        return None
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=time_us)
    return moment.isoformat(sep=" ", timespec="microseconds")


def count(number, singular, plural=None):
    """1 call, 2 calls."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
