# SPDX-License-Identifier: GPL-2.0-or-later
"""Files that dumpcap -b (or editcap) made of one capture: told by their names."""

import os
import re

# dumpcap writes NAME_00001_20261122174012.pcapng, with nametimenum:2 NAME_20261122174012_00001.pcapng.
NAME = re.compile(r"(?P<base>.*)_(?:(?P<number>\d{5,})_(?P<time>\d{14})"
                  r"|(?P<time2>\d{14})_(?P<number2>\d{5,}))(?P<end>(?:\.[^/.]+){0,2})", re.DOTALL)


def place(path):
    """(ring, time, number) of a file of a ring, else None."""
    folder, name = os.path.split(path)
    match = NAME.fullmatch(name)
    if not match:
        return None
    ring = os.path.join(folder, f"{match['base']}_*{match['end']}")
    return ring, match["time"] or match["time2"], int(match["number"] or match["number2"])


def group(paths):
    """The files of each ring together, in their order; other files by themselves.

    Numbers begin anew with each run of dumpcap: what comes then is another ring.
    """
    rings, groups = {}, []
    for path in paths:
        found = place(path)
        if found:
            rings.setdefault(found[0], []).append((*found[1:], path))
        else:
            groups.append((path,))
    for files in rings.values():
        run, last = [], None
        for _time, number, path in sorted(files):
            if last is not None and number <= last:
                groups.append(tuple(run))
                run = []
            run.append(path)
            last = number
        groups.append(tuple(run))
    return sorted(groups)


def name(paths):
    """What the capture of PATHS is called: its file, or from the first to the last of a ring."""
    if len(paths) == 1:
        return paths[0]
    ring, first_time, first = place(paths[0])
    _ring, last_time, last = place(paths[-1])
    return ring.replace("_*", f"_{first:05}_{first_time}-{last:05}_{last_time}")
