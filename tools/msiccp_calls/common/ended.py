# SPDX-License-Identifier: GPL-2.0-or-later
"""A program that is told to end does so at once, and leaves nothing behind: signals become an
exception, and the programs that were started are ended."""

import contextlib
import signal
import weakref

SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
           if hasattr(signal, name)]

_running = weakref.WeakSet()
_ended = []


class Ended(KeyboardInterrupt):
    """SIGNAL has ended the program."""

    def __init__(self, number):
        super().__init__()
        self.signal = number


def _end(number, _frame):
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)    # what is cleared up now is cleared up
    _ended.append(number)
    for process in list(_running):
        with contextlib.suppress(OSError):
            process.kill()
    raise Ended(number)


def by_exception():
    """From now on signals raise Ended; those that whoever started us has switched off do not."""
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def by_default():
    """In a process that was forked."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


def with_us(process):
    """PROCESS, a Popen, is ended where this program is."""
    _running.add(process)
    if _ended:
        process.kill()
    return process
