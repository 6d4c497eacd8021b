# SPDX-License-Identifier: GPL-2.0-or-later
"""The commands that README.md and docs/ show, and what they are said to print.

A block between ``` whose first line begins with "$ " is a transcript: commands after "$ ", and below each what it
prints on standard output. "..." is what is left out, whole lines or the rest of one, and what goes to standard error. A
command may go on in the next line, after a backslash or within quotes.
"""

import re
import shlex
import subprocess
import textwrap
import typing

from support import files

FENCED = re.compile(r"^(?P<indent> *)```\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:^(?: {4,}.*)?\n)+", re.MULTILINE)
COMMAND = re.compile(r"(?:\$ )?(?:sudo |[A-Z]+=\S+ )*"
                     r"(?:tshark|wireshark|msiccp-calls|cmake|script/|man |pipx |pip |for |dask|apt)")


class Block(typing.NamedTuple):
    """Lines of a document that are set as code."""

    document: str
    line: int
    text: str

    @property
    def name(self):
        return f"{self.document}:{self.line}"

    @property
    def is_transcript(self):
        return self.text.startswith("$ ")

    @property
    def has_commands(self):
        return any(COMMAND.match(line) for line in self.text.splitlines())

    @property
    def runs_msiccp_calls(self):
        return re.search(r"^\$ .*\bmsiccp-calls\b", self.text, re.MULTILINE) is not None


def documents():
    return [files.ROOT / "README.md", *sorted((files.ROOT / "docs").rglob("*.md"))]


def blocks():
    """All blocks of all documents, in their order."""
    for path in documents():
        text = path.read_text()
        found = []
        for match in FENCED.finditer(text):
            found.append((match.start(), textwrap.dedent(match["text"])))
        # What is fenced is no indented block, whatever it looks like.
        rest = FENCED.sub(lambda match: re.sub(r"[^\n]", ".", match[0]), text)
        found += [(match.start(), textwrap.dedent(match[0]).strip("\n")) for match in INDENTED.finditer(rest)
                  if match[0].strip()]
        for start, block in sorted(found):
            yield Block(str(path.relative_to(files.ROOT)), text.count("\n", 0, start) + 1, block)


def _is_whole(command):
    try:
        shlex.split(command)
    except ValueError:
        return False
    return not command.endswith("\\")


def commands(block):
    """(command, lines that it is said to print) each."""
    found = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append([line[2:], []])
        elif not found[-1][1] and not _is_whole(found[-1][0]):
            found[-1][0] += "\n" + line
        else:
            found[-1][1].append(line.rstrip())
    return found


def difference(said, printed):
    """The first line of SAID that is not in PRINTED where it ought to be, or None."""
    printed = [line.rstrip() for line in printed]
    at, left_out = 0, False
    for line in said:
        if line.strip() == "...":
            left_out = True
            continue
        begun = line.removesuffix("...").rstrip()

        def fits(candidate, line=line, begun=begun):
            return candidate == line or line.endswith("...") and candidate.startswith(begun)

        while left_out and at < len(printed) and not fits(printed[at]):
            at += 1
        if at == len(printed) or not fits(printed[at]):
            return line
        at, left_out = at + 1, False
    return None if left_out or at == len(printed) else f"(it also prints) {printed[at]}"


def check(block, start, variables=""):
    """Runs what a transcript shows: START runs a command, and returns the CompletedProcess. Before each stands VARIABLES,
    and what assignments have set."""
    for command, said in commands(block):
        done = start(["bash", "-o", "pipefail", "-c", variables + command])
        assert done.returncode == 0, f"{block.name}: $ {command}\nexit status {done.returncode}\n{done.stderr}"
        if re.match(r"\w+=", command) and not done.stdout:
            variables += command + "\n"
        wrong = difference(said, done.stdout.splitlines())
        assert wrong is None, f"{block.name}: $ {command}\nsays: {wrong}\nand prints:\n{done.stdout}"


def run(arguments, **more):
    return subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **more)
