# SPDX-License-Identifier: GPL-2.0-or-later
"""What systemd is told (sd_notify(3)), where it has started us."""

import contextlib
import os
import socket


def _tell(text):
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(text.encode(), address)


def ready():
    _tell("READY=1")


def stopping():
    _tell("STOPPING=1")
