# SPDX-License-Identifier: GPL-2.0-or-later
"""What the headers of a library mark as exported from its DLL."""

import re

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
# Of a preprocessor's line nothing is declared.
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\\\n]|\\.|\\\n)*", re.MULTILINE)
ATTRIBUTE = re.compile(r"\b(?:G_GNUC_\w+|WS_NORETURN|G_NORETURN|WS_RETNONNULL)\b(?:\s*\([^()]*\))?")
# The newest that is asked for stands for what has no mark, or was marked as deprecated.
GLIB_MARK = r"GLIB_(?:AVAILABLE_IN|DEPRECATED_IN|AVAILABLE_ENUMERATOR_IN)_(?:ALL|\d+_\d+)(?:_FOR\s*\([^()]*\))?|GLIB_VAR"
# A name in parentheses is one that a macro has too.
PARENTHESISED = re.compile(r"\(\s*([A-Za-z_]\w*)\s*\)\s*\(")
FUNCTION = re.compile(r"([A-Za-z_]\w*)\s*\(")
POINTER_RESULT = re.compile(r"\(\s*\*+\s*([A-Za-z_]\w*)\s*\(")
VARIABLE = re.compile(r"([A-Za-z_]\w*)\s*(?:\[[^]]*\]\s*)*(?:=.*)?$", re.DOTALL)


def declared(declaration):
    """The name that this declares, without its mark; None: none."""
    declaration = ATTRIBUTE.sub(" ", declaration).strip()
    match = (POINTER_RESULT.search(declaration) or PARENTHESISED.search(declaration)
             or FUNCTION.search(declaration) or VARIABLE.search(declaration))
    return match.group(1) if match else None


def marked(folder, mark):
    """{name: its mark} of all headers below FOLDER."""
    declaration = re.compile(rf"\b({mark})((?:\s*\b(?:{mark}))*)([^;{{]*)[;{{]")
    names = {}
    for header in sorted(folder.rglob("*.h")):
        text = DIRECTIVE.sub("", COMMENT.sub(" ", header.read_text(errors="replace")))
        for match in declaration.finditer(text):
            name = declared(match.group(3))
            if name:
                names[name] = match.group(1) + match.group(2)
    return names


def of_wireshark(headers):
    """The names that Wireshark's headers mark as exported."""
    return set(marked(headers, r"WS_DLL_PUBLIC(?:_DEF)?"))


def of_glib(headers):
    """{name: (major, minor) of the GLib that it came with, (2, 0) where the header does not say}."""
    names = {}
    for name, mark in marked(headers, GLIB_MARK).items():
        since = re.search(r"AVAILABLE_IN_(\d+)_(\d+)", mark)
        names[name] = (int(since.group(1)), int(since.group(2))) if since else (2, 0)
    return names
