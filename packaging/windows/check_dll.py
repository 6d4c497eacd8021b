#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds what is in the plugin's DLLs against what it may have: check_dll.py DLL=SDK..."""

import pathlib
import re
import subprocess
import sys

import marks
import sdk

# What every Windows since 10 has, besides the libraries of Wireshark's official packages.
SYSTEM = re.compile(r"api-ms-win-crt-[a-z]+-l1-1-0\.dll|KERNEL32\.dll", re.IGNORECASE)
WIRESHARK = {"libwireshark.dll", "libwsutil.dll"}
GLIB = "glib-2.0-0.dll"
EXPORTS = {"plugin_version", "plugin_want_major", "plugin_want_minor", "plugin_register"}
IMPORT = re.compile(r"^\t[0-9a-f]+\s+(?:<none>\s+[0-9a-f]+|\d+)\s+(\w+)$")
EXPORT = re.compile(r"^\t\[ *\d+\] \+base\[ *\d+\]\s+[0-9a-f]+ (\w+)$")


def contents(dll):
    """({library: its names that the DLL imports}, names that it exports)"""
    imports, exports, library = {}, set(), None
    for line in subprocess.run([f"{sdk.TOOLS}objdump", "-p", dll], capture_output=True, text=True,
                               check=True).stdout.splitlines():
        if line.strip().startswith("DLL Name: "):
            library = line.split(": ")[1]
            imports[library] = set()
        elif match := IMPORT.match(line):
            imports[library].add(match.group(1))
        elif match := EXPORT.match(line):
            exports.add(match.group(1))
    return imports, exports


def faults(dll, of):
    imports, exports = contents(dll)
    wireshark = marks.of_wireshark(of / "include/wireshark")
    glib = marks.of_glib(of / "include/glib-2.0")
    # From 4.2 on, a plugin says what it is, and there is a header for it.
    describes = (of / "include/wireshark/wsutil/plugins.h").exists()
    wanted = EXPORTS | ({"plugin_describe"} if describes else set())
    if exports != wanted:
        yield f"exports {sorted(exports)} rather than {sorted(wanted)}"
    if not WIRESHARK | {GLIB} <= imports.keys():
        yield f"imports only from {sorted(imports)}: is this the plugin?"
    for library, names in sorted(imports.items()):
        if library in WIRESHARK:
            yield from (f"{name} of {library} has no mark of export" for name in sorted(names - wireshark))
        elif library == GLIB:
            yield from (f"{name} is newer than GLib {'.'.join(map(str, sdk.OLDEST_GLIB))}" for name in sorted(names)
                        if glib.get(name, (99, 0)) > sdk.OLDEST_GLIB)
        elif not SYSTEM.fullmatch(library):
            yield f"imports from {library}: {sorted(names)}"


def main():
    found = False
    for argument in sys.argv[1:]:
        dll, of = map(pathlib.Path, argument.split("="))
        for fault in faults(dll, of):
            found = True
            print(f"{dll}: {fault}", file=sys.stderr)
        imports, _ = contents(dll)
        print(f"{dll}: " + ", ".join(f"{library} {len(names)}" for library, names in sorted(imports.items())
                                     if not SYSTEM.fullmatch(library)) + " names; nothing else but Windows' own")
    return found


if __name__ == "__main__":
    sys.exit(main())
