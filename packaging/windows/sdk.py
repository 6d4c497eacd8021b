#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin is built against for Windows: sdk.py UNPACKED GWIN32 OUT

UNPACKED holds Debian's development files and libraries of a Wireshark, as dpkg-deb -x leaves them,
GWIN32 is gwin32.h of GLib's source; the rest of GLib is that of this machine. OUT gets headers,
import libraries of what the headers mark as exported and the libraries have, and a package for CMake."""

import pathlib
import re
import shutil
import subprocess
import sys

import marks

TOOLS = "x86_64-w64-mingw32ucrt-"
# What official packages of Wireshark 4.0 have at least: later headers call nothing newer if told so.
OLDEST_GLIB = (2, 68)
LIBRARIES = {"libwireshark": "libwireshark", "libwiretap": "libwiretap", "libwsutil": "libwsutil",
             "glib-2.0-0": "libglib-2.0"}

GLIB_HEADERS = pathlib.Path("/usr/include/glib-2.0")
LIBRARIES_HERE = pathlib.Path("/usr/lib/x86_64-linux-gnu")

# glibconfig.h of Debian's 64 bits, where long has 8 octets, as that of Windows', where it has 4.
FOR_WINDOWS = [
    (r"typedef (signed|unsigned) long (g?u?int64|gs?size|g?u?intptr);", r"typedef \1 long long \2;"),
    (r"\(val##(U?)L\)", r"(val##\1LL)"),
    (r'(#define G_GU?INT64_(?:MODIFIER|FORMAT)|#define G_GS?SIZE_(?:MODIFIER|FORMAT)|'
     r'#define G_GSSIZE_(?:MODIFIER|FORMAT)|#define G_GU?INTPTR_(?:MODIFIER|FORMAT))(\s+)"l', r'\1\2"ll'),
    (r"#define GLIB_SIZEOF_LONG +8", "#define GLIB_SIZEOF_LONG 4"),
    (r"G_MAXULONG$", "G_MAXUINT64"),
    (r"(#define G_MAXSSIZE\s+)G_MAXLONG", r"\1G_MAXINT64"),
    (r"(#define G_MINSSIZE\s+)G_MINLONG", r"\1G_MININT64"),
    (r'#define G_POLLFD_FORMAT .*', '#define G_POLLFD_FORMAT "%#llx"'),
    (r"\((glong|gulong)\) \((p|i|u)\)", r"(gint64) (\2)"),
    (r"#define G_OS_UNIX", "#define G_OS_WIN32\n#define G_PLATFORM_WIN32"),
    (r"#define G_VA_COPY_AS_ARRAY.*", ""),
    (r"G_THREADS_IMPL_POSIX", "G_THREADS_IMPL_WIN32"),
    (r"(GU?LONG_TO_[BL]E\(val\)\s+\(\(gu?long\) GU?INT)64", r"\g<1>32"),
    (r"typedef int GPid;", "typedef void *GPid;"),
    (r'#define G_PID_FORMAT .*', '#define G_PID_FORMAT "p"'),
    (r"#define G_DIR_SEPARATOR '/'", r"#define G_DIR_SEPARATOR '\\\\'"),
    (r'#define G_DIR_SEPARATOR_S "/"', r'#define G_DIR_SEPARATOR_S "\\\\"'),
    (r"#define G_SEARCHPATH_SEPARATOR ':'", "#define G_SEARCHPATH_SEPARATOR ';'"),
    (r'#define G_SEARCHPATH_SEPARATOR_S ":"', '#define G_SEARCHPATH_SEPARATOR_S ";"'),
]

CONFIG = """\
set(Wireshark_MAJOR_VERSION {major})
set(Wireshark_MINOR_VERSION {minor})
set(Wireshark_PATCH_VERSION {micro})
set(Wireshark_VERSION "{major}.{minor}.{micro}")
set(Wireshark_INSTALL_PREFIX "${{CMAKE_CURRENT_LIST_DIR}}")
set(Wireshark_PLUGIN_LIBDIR "plugins/{major}.{minor}")
set(Wireshark_PLUGIN_INSTALL_DIR "plugins/{major}.{minor}")
add_library(epan INTERFACE IMPORTED)
target_include_directories(epan SYSTEM INTERFACE "${{CMAKE_CURRENT_LIST_DIR}}/include/wireshark"
    "${{CMAKE_CURRENT_LIST_DIR}}/include/glib-2.0")
target_compile_definitions(epan INTERFACE GLIB_VERSION_MIN_REQUIRED=GLIB_VERSION_{glib}
    GLIB_VERSION_MAX_ALLOWED=GLIB_VERSION_{glib})
target_link_libraries(epan INTERFACE {libraries})
"""


def exports(library):
    """{name: True for data} of what a library of Linux has."""
    lines = subprocess.run(["nm", "-D", "--defined-only", library], capture_output=True, text=True,
                           check=True).stdout.splitlines()
    return {name.split("@")[0]: kind not in "TWi"
            for _, kind, name in (line.split()[:3] for line in lines)}


def import_library(out, dll, names):
    definitions = out / "lib" / f"{dll}.def"
    definitions.write_text(f'LIBRARY "{dll}.dll"\nEXPORTS\n' + "".join(
        f"{name} DATA\n" if is_data else f"{name}\n" for name, is_data in sorted(names.items())))
    subprocess.run([f"{TOOLS}dlltool", "-d", definitions, "-l", out / "lib" / f"{dll}.dll.a"], check=True)


def write_glib_headers(gwin32, out):
    shutil.copytree(GLIB_HEADERS, out / "include/glib-2.0")
    shutil.copy(gwin32, out / "include/glib-2.0/glib")
    config = LIBRARIES_HERE / "glib-2.0/include/glibconfig.h"
    text = config.read_text()
    for pattern, replacement in FOR_WINDOWS:
        text, count = re.subn(pattern, replacement, text, flags=re.MULTILINE)
        if not count:
            sys.exit(f"sdk.py: {config} has nothing like {pattern}: it has changed, see FOR_WINDOWS.")
    (out / "include/glib-2.0/glibconfig.h").write_text(text)


def write_import_libraries(unpacked, out):
    wanted = {"glib-2.0-0": {name for name, since in marks.of_glib(out / "include/glib-2.0").items()
                             if since <= OLDEST_GLIB}}
    wireshark = marks.of_wireshark(out / "include/wireshark")
    for dll, stem in LIBRARIES.items():
        files = [*unpacked.rglob(f"{stem}.so.*"), LIBRARIES_HERE / f"{stem}.so.0"]
        names = exports(files[0])
        import_library(out, dll, {name: is_data for name, is_data in names.items()
                                  if name in wanted.get(dll, wireshark)})


def version(headers):
    text = (headers / "ws_version.h").read_text()
    return {part.lower(): re.search(rf"WIRESHARK_VERSION_{part}\s+(\d+)", text).group(1)
            for part in ("MAJOR", "MINOR", "MICRO")}


def main():
    unpacked, gwin32, out = map(pathlib.Path, sys.argv[1:])
    (out / "lib").mkdir(parents=True)
    shutil.copytree(unpacked / "usr/include/wireshark", out / "include/wireshark")
    write_glib_headers(gwin32, out)
    write_import_libraries(unpacked, out)
    libraries = " ".join(f'"${{CMAKE_CURRENT_LIST_DIR}}/lib/{dll}.dll.a"' for dll in LIBRARIES)
    of = version(out / "include/wireshark")
    (out / "WiresharkConfigVersion.cmake").write_text(
        f'set(PACKAGE_VERSION "{".".join(of.values())}")\nset(PACKAGE_VERSION_COMPATIBLE TRUE)\n')
    # Last: whoever finds it takes the rest to be there.
    (out / "WiresharkConfig.cmake").write_text(
        CONFIG.format(**of, glib="_".join(map(str, OLDEST_GLIB)), libraries=libraries))


if __name__ == "__main__":
    main()
