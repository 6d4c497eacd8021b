# SPDX-License-Identifier: GPL-2.0-or-later
"""Both sides through tshark at once: a run a capture gives its calls and its packets."""

import concurrent.futures
import os
import subprocess

from ..common.errors import Failure, UsageError
from ..common.text import path_to_text
from ..decode import feed, rings
from ..decode import tshark as programs
from ..decode.captures import find
from . import fields
from .side import Side

DEFAULT_PORTS = "1730-1732"
MESSAGE_LIMIT = 2000
READ_AT_ONCE = 1 << 20           # octets


def control_ports(settings):
    """The ports that the settings name for control connections."""
    text = settings.ports or DEFAULT_PORTS
    for preference in settings.preferences:
        name, _, value = preference.partition(":")
        if name == "msiccp.tcp.port":
            text = value
    ports = set()
    for part in text.split(","):
        low, _, high = part.partition("-")
        if low.strip().isdigit() and (not high or high.strip().isdigit()):
            ports.update(range(int(low), int(high or low) + 1))
    return ports


def captures_of(path, rotated):
    """The captures of an argument of the command: tuples of files."""
    failed = []
    files, *_others = find([path], failed.append)
    for error in failed:
        raise Failure(f"{path_to_text(error.filename)}: {error.strerror}")
    if not files:
        raise UsageError(f"there are no captures in {path_to_text(path)}")
    return rings.group(files) if rotated else [(file,) for file in files]


def _read_capture(tshark, paths, side, advance):
    file = side.add_file(rings.name(paths))
    with feed.Feed(tshark, paths) as fed:
        process = tshark.start(tshark.command(*fields.arguments()), stdin=fed.stdin,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        fed.started()
        with concurrent.futures.ThreadPoolExecutor(1) as beside:
            errors = beside.submit(process.stderr.read)
            records = _take_lines(process.stdout, file, side, advance)
            stderr = errors.result().decode("utf-8", "replace").strip()[:MESSAGE_LIMIT]
        status = process.wait()
    side.finish(file, records)
    if fed.message or status != 0:
        message = fed.message or stderr or f"tshark ended with status {status}"
        side.problems.append(f"{side.files[file]}: {message}")


def _take_lines(stdout, file, side, advance):
    """Packets go to SIDE; the records of calls, which come last, are returned."""
    records = []
    while lines := stdout.readlines(READ_AT_ONCE):
        if not lines[-1].endswith(b"\n"):      # tshark was killed
            del lines[-1]
        others = [line for line in lines if not line.startswith(fields.MEDIA)]
        if len(others) < len(lines):
            side.take_media(file, [line for line in lines if line.startswith(fields.MEDIA)])
        for line in others:
            if line.startswith(b"{"):
                records.append(line)
            else:
                side.take(file, line.rstrip(b"\n"))
        advance(len(lines))
    return records


def _read_side(tshark, name, captures, ports, advance):
    side = Side(path_to_text(os.path.normpath(name)), ports)
    for paths in captures:
        try:
            _read_capture(tshark, paths, side, advance)
        except OSError as error:
            side.problems.append(f"{path_to_text(error.filename or paths[0])}: {error.strerror}")
    return side


def read(settings, names, captures, advance):
    """The two sides, of the CAPTURES of each. ADVANCE is told of packets, from two threads."""
    tshark = programs.tshark(settings)
    if not tshark.has_packet_fields:
        raise UsageError(f"the plugin (version {tshark.plugin_version}) is too old: it has no "
                         "-z msiccp,packet_fields. Install a newer one.")
    ports = control_ports(settings)
    with concurrent.futures.ThreadPoolExecutor(2) as both:
        work = [both.submit(_read_side, tshark, name, found, ports, advance)
                for name, found in zip(names, captures)]
        return [one.result() for one in work]
