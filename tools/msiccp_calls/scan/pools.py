# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the work is done. Each pool is a `concurrent.futures` executor and what is known of it, so
that a scan has one way to hand out work."""

import concurrent.futures
import os

from ..decode import examine


class Threads:
    """Threads of this program, each of which runs a tshark of SETTINGS."""

    def __init__(self, jobs, settings):
        self._settings = settings
        self.capacity = jobs or os.cpu_count() or 1
        self._executor = concurrent.futures.ThreadPoolExecutor(self.capacity)

    def submit(self, function, *arguments):
        return self._executor.submit(function, *arguments)

    def wait(self, futures):
        """The futures that are done, of which there is at least one."""
        done, _ = concurrent.futures.wait(
            futures, return_when=concurrent.futures.FIRST_COMPLETED)
        return done

    def close(self):
        self._executor.shutdown(cancel_futures=True)
        examine.end_kept(self._settings)
