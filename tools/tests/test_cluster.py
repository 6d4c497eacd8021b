# SPDX-License-Identifier: GPL-2.0-or-later
"""A scan on several machines: Dask's real scheduler and workers, each in a network namespace of its
own, joined by a bridge."""

import contextlib
import os
import shutil
import signal
import subprocess
import time

import pytest

import tool

pytestmark = [pytest.mark.xdist_group("cluster"),
              pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root")]

PORT = 8786


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


class Machines:
    """Namespaces with an address each, and the processes that were started in them."""

    def __init__(self, folder):
        self.folder = folder
        self.prefix = f"mc{os.getpid()}"
        self.names, self.processes = [], []
        ip("netns", "add", f"{self.prefix}-bridge")
        self.bridge = f"{self.prefix}-bridge"
        ip("-n", self.bridge, "link", "add", "bridge", "type", "bridge")
        ip("-n", self.bridge, "link", "set", "bridge", "up")

    def add(self):
        """A new machine: (namespace, address)."""
        number = len(self.names) + 1
        name, address = f"{self.prefix}-{number}", f"10.86.0.{number}"
        ip("netns", "add", name)
        self.names.append(name)
        ip("link", "add", "eth0", "netns", name, "type", "veth",
           "peer", "name", f"port{number}", "netns", self.bridge)
        ip("-n", self.bridge, "link", "set", f"port{number}", "master", "bridge", "up")
        ip("-n", name, "address", "add", f"{address}/24", "dev", "eth0")
        ip("-n", name, "link", "set", "eth0", "up")
        ip("-n", name, "link", "set", "lo", "up")
        return name, address

    def start(self, name, *command, **variables):
        log = open(self.folder / f"{name}.log", "ab")
        process = subprocess.Popen(
            ["ip", "netns", "exec", name, *command], stdin=subprocess.DEVNULL, stdout=log,
            stderr=log, cwd=self.folder,
            env=tool.environment(HOME=str(self.folder), **variables))
        self.processes.append(process)
        return process

    def worker(self, **variables):
        name, address = self.add()
        return self.start(name, "dask-worker", f"tcp://{self.scheduler}:{PORT}", "--no-nanny",
                          "--nthreads", "1", "--no-dashboard", "--host", address,
                          "--local-directory", str(self.folder / name), **variables)

    def scan(self, *arguments, status=0):
        done = subprocess.run(
            ["ip", "netns", "exec", self.names[0],
             *tool.command("scan", *arguments, "--scheduler", f"tcp://{self.scheduler}:{PORT}")],
            env=tool.environment(), capture_output=True, text=True, stdin=subprocess.DEVNULL,
            timeout=tool.TIME_LIMIT, check=False)
        assert done.returncode == status, done.stdout + done.stderr
        return done

    def wait_for_workers(self, count):
        """The scheduler's log tells of them."""
        deadline = time.monotonic() + 60
        log = self.folder / f"{self.names[0]}.log"
        while log.read_text().count("Register worker") < count:
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)

    def close(self):
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()
        for name in [*self.names, self.bridge]:
            ip("netns", "del", name)


@contextlib.contextmanager
def machines(folder):
    made = Machines(folder)
    try:
        name, made.scheduler = made.add()
        made.start(name, "dask-scheduler", "--host", made.scheduler, "--port", str(PORT),
                   "--no-dashboard")
        yield made
    finally:
        made.close()


def test_a_worker_killed_and_one_stopped_cost_only_time(tmp_path):
    captures = sorted(tool.CAPTURES.glob("[dh]*3*.pcap"))[:45]
    tool.run("scan", *captures, "-o", tmp_path / "local.db")
    with machines(tmp_path) as cluster:
        workers = [cluster.worker() for _ in range(3)]
        cluster.wait_for_workers(3)
        database = tmp_path / "cluster.db"
        scan = cluster.start(
            cluster.names[0], *tool.command("scan", *captures, "-o", database, "--json",
                                            "--scheduler", f"tcp://{cluster.scheduler}:{PORT}"))
        log = cluster.folder / f"{cluster.names[0]}.log"
        deadline = time.monotonic() + 60
        while log.read_text().count('"capture"') < 5:
            assert time.monotonic() < deadline and scan.poll() is None, log.read_text()
            time.sleep(0.05)
        workers[0].kill()
        workers[1].send_signal(signal.SIGSTOP)
        time.sleep(2)
        assert scan.poll() is None, "the scan was over before anything happened to it"
        workers[1].send_signal(signal.SIGCONT)
        assert scan.wait(timeout=120) == 0, log.read_text()
        assert tool.sqlite_content(database) == tool.sqlite_content(tmp_path / "local.db")


def test_captures_are_sent_to_workers_that_do_not_see_them(folder, tmp_path):
    """The worker has a mount namespace in which the folder is empty."""
    for name in ("h323-busy-1731.pcap", "h323-short-call-1731.pcap"):
        shutil.copy(tool.CAPTURES / name, folder)
    (folder / "none.pcap").write_text("not packets")
    tool.run("scan", folder, "-o", tmp_path / "local.db", status=1)
    with machines(tmp_path) as cluster:
        name, address = cluster.add()
        cluster.start(name, "unshare", "--mount", "bash", "-c",
                      f"mount -t tmpfs none {folder} && exec dask-worker "
                      f"tcp://{cluster.scheduler}:{PORT} --no-nanny --no-dashboard --nthreads 1 "
                      f"--host {address} --local-directory {tmp_path}/worker")
        cluster.wait_for_workers(1)
        done = cluster.scan(folder, "-o", tmp_path / "seen.db", status=2)
        assert "does not see" in done.stderr and "--send" in done.stderr
        cluster.scan(folder, "-o", tmp_path / "sent.db", "--send", status=1)
        assert tool.sqlite_content(tmp_path / "sent.db") == tool.sqlite_content(
            tmp_path / "local.db")


def test_workers_without_the_plugin_or_with_another_are_refused(folder, tmp_path):
    shutil.copy(tool.SHORT_CALL, folder)
    other = tmp_path / "other.so"
    library = tool.PLUGIN.read_bytes()
    assert library.count(b"\x001.0.0\x00") == 1
    other.write_bytes(library.replace(b"\x001.0.0\x00", b"\x009.9.9\x00"))
    with machines(tmp_path) as cluster:
        cluster.worker(MSICCP_PLUGIN=str(other))
        cluster.worker(MSICCP_PLUGIN="")
        cluster.wait_for_workers(2)
        done = cluster.scan(folder, "-o", tmp_path / "calls.db", status=2)
        assert "its plugin is version 9.9.9, and the one here is 1.0.0" in done.stderr
        assert "tshark has no plugin msiccp" in done.stderr
        assert "no worker that can be used" in done.stderr
        cluster.worker()
        cluster.wait_for_workers(3)
        done = cluster.scan(folder, "-o", tmp_path / "calls.db")
        assert done.stderr.count("is not used") == 2
        assert tool.rows(tmp_path / "calls.db", "SELECT outcome FROM calls") == [("answered",)]


def test_a_scheduler_that_is_not_there(folder, tmp_path):
    shutil.copy(tool.SHORT_CALL, folder)
    done = tool.run("scan", folder, "-o", tmp_path / "calls.db",
                    "--scheduler", "tcp://127.0.0.1:9", status=2)
    assert "no scheduler of Dask answers at tcp://127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr
