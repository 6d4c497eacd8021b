# SPDX-License-Identifier: GPL-2.0-or-later
"""Work on other machines, by dask.distributed: its scheduler gives it to its workers, and gives it
to others where a worker is lost.

Workers need Dask, tshark and the plugin. The modules that examine captures are sent to them, so
that no machine has others than this one.
"""

import concurrent.futures
import logging
import os
import pathlib
import time
import urllib.parse
import zipfile

from ..common import files
from ..common.errors import Failure, UsageError
from ..common.needs import need
from ..common.text import path_to_text
from ..decode import examine

CONNECT_SECONDS = 15
LOOK_SECONDS = 5        # how often workers that came or went are looked for
LONELY_SECONDS = 60     # how long a scan waits where all its workers are gone
# What is sent goes through the scheduler's memory.
MOST_SENT = 512 << 20
WINGS = ("common", "decode")


def _pack(folder):
    """The modules that workers need."""
    package = pathlib.Path(__file__).resolve().parent.parent
    target = os.path.join(folder, "msiccp_calls.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for path in [package / "__init__.py",
                     *(path for wing in WINGS for path in (package / wing).glob("*.py"))]:
            archive.write(path, path.relative_to(package.parent))
    return target


def _host(address):
    return urllib.parse.urlsplit(address).hostname


class Cluster:
    """The workers of the scheduler at ADDRESS that can do what SETTINGS ask.

    SAY is told of each host that is refused. SAMPLE is a file that all must see, or None where
    captures are sent.
    """

    def __init__(self, address, settings, plugin_version, sample, say):
        distributed = need("distributed")
        logging.getLogger("distributed").setLevel(logging.ERROR)
        self.settings = settings
        self.plugin_version = plugin_version
        self.sample = sample
        self.say = say
        self.fit, self.known = set(), set()
        try:
            self.client = distributed.Client(address, timeout=CONNECT_SECONDS)
        except (OSError, ValueError, TimeoutError) as error:
            raise UsageError(f"no scheduler of Dask answers at {address} ({error}): start one with "
                             f"'dask-scheduler', and workers with 'dask-worker {address}'") from None
        with files.temporary_folder() as folder:
            self.client.upload_file(_pack(folder))
        self._look()
        if not self.fit:
            self.client.close()
            raise UsageError(f"the scheduler at {address} has no worker that can be used: "
                             "see above" if self.known else
                             f"the scheduler at {address} has no workers: start some with "
                             f"'dask-worker {address}'")
        self.capacity = sum(worker["nthreads"] for worker in self._workers().values())
        self.lonely_since = None

    def _workers(self):
        return self.client.scheduler_info()["workers"]

    def _why_unfit(self, answer):
        if not isinstance(answer, dict):
            return f"it cannot examine captures: {answer}"
        if answer.get("message"):
            return answer["message"]
        if answer["plugin"] != self.plugin_version:
            return (f"its plugin is version {answer['plugin']}, and the one here is "
                    f"{self.plugin_version}: install the same")
        return (f"it does not see {path_to_text(self.sample)}: mount the file system there too, "
                "or use --send")

    def _look(self):
        """Workers that are new are asked whether they are fit; by host, since a worker that is
        started again has another port."""
        new = [address for address in self._workers() if _host(address) not in self.known]
        if not new:
            return
        answers = self.client.run(examine.fitness, self.settings, self.sample, workers=new,
                                  on_error="return")
        refused = set()
        for address, answer in sorted(answers.items()):
            host = _host(address)
            self.known.add(host)
            if (isinstance(answer, dict) and answer["plugin"] == self.plugin_version
                    and answer["sees_sample"]):
                self.fit.add(host)
            else:
                refused.add(host)
                self.say(f"the worker {address} is not used: {self._why_unfit(answer)}")
        self.fit -= refused
        self.executor = self.client.get_executor(workers=sorted(self.fit), pure=False)

    def submit(self, function, *arguments):
        return self.executor.submit(function, *arguments)

    def _check_company(self):
        if any(_host(address) in self.fit for address in self._workers()):
            self.lonely_since = None
            return
        self.lonely_since = self.lonely_since or time.monotonic()
        if time.monotonic() - self.lonely_since > LONELY_SECONDS:
            raise Failure("all workers are gone. What was scanned is stored: start workers again "
                          "and give the same command, and it goes on from there.")

    def wait(self, futures):
        """The futures that are done, of which there is at least one."""
        while True:
            done, _ = concurrent.futures.wait(
                futures, timeout=LOOK_SECONDS, return_when=concurrent.futures.FIRST_COMPLETED)
            if done:
                return done
            self._look()
            self._check_company()

    def close(self):
        self.client.close()


def read_for_sending(paths):
    """(path, size, time of change, content) of each file."""
    sent, size = [], 0
    for path in paths:
        described = examine.stat(path)
        size += described[0]
        if size > MOST_SENT:
            raise OSError(0, f"more than {MOST_SENT >> 20} MiB, which is too much to be sent to a "
                             "worker: put it where all workers see it", path)
        sent.append((path, *described, pathlib.Path(path).read_bytes()))
    return sent
