# SPDX-License-Identifier: GPL-2.0-or-later
"""What another run of the same watch goes on from: how far packets were decoded, and the calls that
go on."""

import json
import os
import time

from ..common.errors import UsageError

VERSION = 1


class State:
    """The file PATH; None: nothing is kept. SAVED is what was there, or None; BEGAN when the watch was
    begun, of which this may be a later run."""

    def __init__(self, path):
        self.path = path
        self.saved = self._read()
        self.began = self.saved["began"] if self.saved else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())

    def _read(self):
        if not self.path:
            return None
        try:
            with open(self.path, encoding="utf-8") as file:
                state = json.load(file)
            return state if state.get("version") == VERSION else None
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise UsageError(f"{self.path} cannot be read ({error}): remove it, to begin anew") from None

    def write(self, say, **content):
        if not self.path:
            return
        try:
            part = f"{self.path}.part"
            with open(part, "w", encoding="utf-8") as file:
                json.dump({"version": VERSION, "began": self.began} | content, file)
            os.replace(part, self.path)
            say.is_well("the state file")
        except OSError as error:
            say.once("the state file", f"{self.path}: {error.strerror}; gone on without it")
