# SPDX-License-Identifier: GPL-2.0-or-later
"""The unit tests that have mutants woven in, and which mutants a program has met."""

import os
import resource
import subprocess

MOST = 65536        # MUTANTS_MOST of mutants.h
DIGITS = bytes.maketrans(b"\0\1", b"01")
MEMORY = 4 << 30    # bytes
LIMIT = 20          # seconds


def limit_resources():
    """Of a mutant that does not end: in a process of its own."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Met:
    """The file in which a woven program writes down what it meets."""

    def __init__(self, path):
        self.path = path
        path.write_bytes(bytes(MOST))
        path.chmod(0o666)

    def write(self, content):
        """In its place: it may be in the memory of some process."""
        with self.path.open("r+b") as file:
            file.write(content)

    def clear(self):
        self.write(bytes(MOST))

    def bits(self):
        """Bit n for mutant n."""
        return int(self.path.read_bytes().translate(DIGITS)[::-1], 2)


class Program:
    """A unit test."""

    def __init__(self, path):
        self.path = path
        self.name = f"ctest {path.name}"

    def passes(self, mutant=0):
        try:
            done = subprocess.run(
                [self.path], env=os.environ | {"MSICCP_MUTANT": str(mutant)}, check=False, timeout=LIMIT,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                preexec_fn=limit_resources)
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0
