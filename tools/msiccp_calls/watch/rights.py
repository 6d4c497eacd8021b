# SPDX-License-Identifier: GPL-2.0-or-later
"""The right to capture, where it was given to this program itself (AmbientCapabilities= of systemd, which
lets nobody get it from dumpcap's file): it is for dumpcap, and not for tshark, which reads what strangers send.
"""

import ctypes
import sys

PR_CAP_AMBIENT = 47
IS_SET, RAISE, CLEAR_ALL = 1, 2, 4
NET_ADMIN, NET_RAW = 12, 13

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def take():
    """What was given, which programs that are started do not get from now on."""
    if not _libc:
        return ()
    given = tuple(right for right in (NET_ADMIN, NET_RAW)
                  if _libc.prctl(PR_CAP_AMBIENT, IS_SET, right, 0, 0) == 1)
    if given:
        _libc.prctl(PR_CAP_AMBIENT, CLEAR_ALL, 0, 0, 0)
    return given


def hand_down(given):
    """What a program is started with that is to have it; None: there is nothing to be done."""
    def before_exec():
        for right in given:
            _libc.prctl(PR_CAP_AMBIENT, RAISE, right, 0, 0)
    return before_exec if given else None
