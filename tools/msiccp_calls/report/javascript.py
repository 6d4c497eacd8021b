# SPDX-License-Identifier: GPL-2.0-or-later
"""The libraries that the page has in it, jQuery and DataTables: Debian's packages of them, or npm's."""

import pathlib
import re
import shutil
import subprocess

from ..common.errors import UsageError

DEBIAN = pathlib.Path("/usr/share/javascript")
# Each as Debian has it, and as npm does.
LIBRARIES = (("jquery/jquery.min.js", "jquery/dist/jquery.min.js"),
             ("jquery-datatables/jquery.dataTables.min.js",
              "datatables.net/js/jquery.dataTables.min.js"))


def _npm():
    """The folder of npm's global packages."""
    npm = shutil.which("npm")
    if not npm:
        return None
    done = subprocess.run([npm, "root", "-g"], capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL)
    return pathlib.Path(done.stdout.strip()) if done.returncode == 0 else None


def _files():
    files = [DEBIAN / debian for debian, _name in LIBRARIES]
    if not all(map(pathlib.Path.is_file, files)) and (folder := _npm()):
        files = [folder / name for _debian, name in LIBRARIES]
    if not all(map(pathlib.Path.is_file, files)):
        raise UsageError("this needs the JavaScript libraries jQuery and DataTables: sudo apt install "
                         "libjs-jquery libjs-jquery-datatables (elsewhere: npm install -g jquery@3 "
                         "datatables.net@1)")
    return files


def libraries():
    """Their text, fit for a script element."""
    text = "\n".join(path.read_text("utf-8") for path in _files())
    return re.sub("</(?=script)", r"<\\/", text, flags=re.IGNORECASE)
