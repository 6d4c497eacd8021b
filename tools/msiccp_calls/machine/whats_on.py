# SPDX-License-Identifier: GPL-2.0-or-later
"""`msiccp-calls whats-on`: who has NetMeeting's ports on this machine, and what is said there.

Programs are told by psutil, on every system; what they say by tshark, if it may capture.
"""

import contextlib
import os
import signal
import subprocess
import sys

from ..common import ended, files
from ..common.errors import Failure, UsageError
from ..common.needs import need
from ..common.text import printable, shown
from ..decode import tshark as programs
from ..decode.settings import Settings

FIRST, LAST = 1729, 1735
RANGE = f"{FIRST}-{LAST}"
FILTER = f"portrange {RANGE} or icmp or icmp6"      # ICMP tells of what was refused


def _is_there(place):
    return place and FIRST <= place.port <= LAST


def _place(place):
    if not place:
        return ""
    return f"[{place.ip}]:{place.port}" if ":" in place.ip else f"{place.ip}:{place.port}"


def _program(psutil, number):
    if number is None:
        return "not shown: another user's (an administrator sees which), or the system's"
    with contextlib.suppress(psutil.Error):
        return f"{psutil.Process(number).name()} (pid {number})"
    return f"pid {number}"


def _connections(psutil):
    """(transport, here, state, there, program) of each listener and connection."""
    for connection in psutil.net_connections("inet"):
        if not (_is_there(connection.laddr) or _is_there(connection.raddr)):
            continue
        transport = "tcp" if connection.type == 1 else "udp"
        state = "listens" if connection.status in ("LISTEN", "NONE") and not connection.raddr \
            else connection.status.lower().replace("_", " ")
        yield (transport, _place(connection.laddr), state, _place(connection.raddr),
               printable(_program(psutil, connection.pid)))


def show_programs():
    psutil = need("psutil")
    try:
        rows = sorted(set(_connections(psutil)), key=lambda row: (row[2] != "listens", row))
    except psutil.AccessDenied:
        raise Failure("this system tells an administrator only which programs have which ports: "
                      "run it as one") from None
    if not rows:
        print(f"No program of this machine listens on ports {RANGE} or is connected to them.\n")
        return
    print(f"Programs of this machine on ports {RANGE}:\n")
    for transport, here, state, there, program in rows:
        print(f"  {transport:4} {here:24} {state:12} {there:24} {program}")
    print(flush=True)


def _capture(interface, seconds, file):
    """Ctrl-C ends it early."""
    command = [programs.program("dumpcap"), "-q", "-a", f"duration:{seconds}", "-f", FILTER,
               "-w", "-"]
    if interface or sys.platform == "linux":
        command[1:1] = ["-i", interface or "any"]
    print(f"msiccp-calls: capturing ports {RANGE} for {seconds} s; Ctrl-C ends it earlier",
          file=sys.stderr, flush=True)
    try:
        process = ended.with_us(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file,
                                                 stderr=subprocess.PIPE))
    except FileNotFoundError:
        raise UsageError(f"{command[0]} was not found: it comes with Wireshark") from None
    before = signal.signal(signal.SIGINT, lambda *_: process.terminate())
    try:
        message = process.communicate()[1].decode("utf-8", "replace").strip()
    finally:
        signal.signal(signal.SIGINT, before)
    if process.returncode != 0 and not os.path.getsize(file.name):
        raise Failure(f"{message}\nnothing could be captured: 'dumpcap -D' lists the interfaces. Where "
                      "it lists none, run this as an administrator, or as a user who may capture "
                      "(Debian: one of the group wireshark)")


def _report(tshark, path):
    with open(path, "rb") as file:
        process = tshark.start(tshark.command("-q", "-z", "msiccp,ports"), stdin=file,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output, message = process.communicate()
    for line in output.decode("utf-8", "replace").splitlines():
        print(shown(line))
    message = message.decode("utf-8", "replace").strip()
    if process.returncode != 0 and "cut short" not in message:
        raise Failure(message or f"tshark ended with status {process.returncode}")


def whats_on(target, seconds, plugin):
    """TARGET is a capture, an interface, or None for all of them."""
    if target and (os.sep in target or ".pcap" in target) and not os.path.isfile(target):
        raise UsageError(f"cannot read {target}: name a capture or an interface")
    is_file = bool(target) and os.path.isfile(target)
    if not is_file:
        show_programs()
    tshark = programs.tshark(Settings(plugin=plugin, ports=RANGE))
    if is_file:
        _report(tshark, target)
        return 0
    with files.temporary_file(".capture") as file:
        _capture(target, seconds, file)
        _report(tshark, file.name)
    return 0
