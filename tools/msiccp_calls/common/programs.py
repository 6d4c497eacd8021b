# SPDX-License-Identifier: GPL-2.0-or-later
"""Where Wireshark's programs are, on each system."""

import glob
import os
import shutil
import sys

IS_WINDOWS = sys.platform == "win32"


def _usual_places():
    """Folders that are not in PATH, where installers put them."""
    if IS_WINDOWS:
        for name in ("ProgramW6432", "ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"):
            if name in os.environ:
                yield os.path.join(os.environ[name], "Wireshark")
                yield os.path.join(os.environ[name], "Programs", "Wireshark")
    elif sys.platform == "darwin":
        for applications in ("/Applications", os.path.expanduser("~/Applications")):
            yield from sorted(glob.glob(f"{applications}/Wireshark*.app/Contents/MacOS"))
        yield from ("/opt/homebrew/bin", "/usr/local/bin", "/opt/local/bin")


def find_tshark():
    """The tshark that MSICCP_TSHARK names, that of PATH, or that of a usual place."""
    asked = os.environ.get("MSICCP_TSHARK")
    if asked or shutil.which("tshark"):
        return asked or "tshark"
    for folder in _usual_places():
        found = shutil.which("tshark", path=folder)
        if found:
            return found
    return "tshark"


def how_to_install():
    if IS_WINDOWS or sys.platform == "darwin":
        return "install Wireshark from https://www.wireshark.org, with tshark"
    return "sudo apt install tshark, or your system's package of it"
