# SPDX-License-Identifier: GPL-2.0-or-later
"""What tshark told of itself and of a plugin, kept for later runs: to ask takes four starts of tshark,
longer than to read some captures. It holds for these very files; of others, tshark is asked."""

import contextlib
import json
import os
import pathlib
import shutil

from ..common import files
from ..common.programs import IS_WINDOWS

MOST = 16           # of plugins and tsharks
NAMES = ("folders", "version", "plugins", "statistics")
HOME = "<home>"     # stands for the home folder, which is another one in each run


def _file():
    base = (os.environ.get("LOCALAPPDATA") if IS_WINDOWS else os.environ.get("XDG_CACHE_HOME")) or (
        os.path.join(os.path.expanduser("~"), ".cache"))
    return pathlib.Path(base) / "msiccp-calls" / "tshark.json"


def _identity(path):
    status = os.stat(path)
    return [os.path.realpath(path), status.st_size, status.st_mtime_ns]


def _key(tshark, plugin):
    return json.dumps([_identity(shutil.which(tshark) or tshark), _identity(plugin),
                       os.environ.get("LD_LIBRARY_PATH")])


def _read():
    """{key: {name: text}}; nothing where the file is missing or damaged."""
    with contextlib.suppress(OSError, ValueError):
        kept = json.loads(_file().read_text(encoding="utf-8"))
        if isinstance(kept, dict):
            return kept
    return {}


def recall(tshark, plugin, home):
    """{name: text} that keep() was given, all of NAMES, as told with this HOME; None: that is not known."""
    with contextlib.suppress(OSError, KeyError, TypeError, AttributeError):
        kept = _read()[_key(tshark, plugin)]
        return {name: kept[name].replace(HOME, str(home)) for name in NAMES}
    return None


def keep(tshark, plugin, home, told):
    """Where it can be: a home folder may be one that cannot be written."""
    with contextlib.suppress(OSError):
        kept = _read()
        key = _key(tshark, plugin)
        kept.pop(key, None)
        kept[key] = {name: text.replace(str(home), HOME) for name, text in told.items()}
        _file().parent.mkdir(parents=True, exist_ok=True)
        with files.whole(_file()) as file:
            file.write(json.dumps(dict(list(kept.items())[-MOST:])).encode())
