# SPDX-License-Identifier: GPL-2.0-or-later
"""How tshark is to decode: the same on every machine of a scan."""

import dataclasses
import json


@dataclasses.dataclass(frozen=True)
class Settings:
    """Small and picklable: a scan on several machines sends it along."""

    plugin: str | None = None       # the file to load, where none is installed
    ports: str | None = None
    profile: str | None = None
    profile_files: tuple = ()       # (name, bytes) of the profile, so that no machine needs it
    preferences: tuple = ()

    def arguments(self):
        """What they are on tshark's command line."""
        arguments = []
        if self.profile:
            arguments += ["-C", self.profile]
        if self.ports:
            for transport in ("tcp", "udp"):
                arguments += ["-o", f"msiccp.{transport}.port:{self.ports}"]
        for preference in self.preferences:
            arguments += ["-o", preference]
        return arguments

    def described(self):
        """Two scans with the same description give the same records."""
        return json.dumps(self.arguments())


def of_description(described, plugin, read_profile):
    """The Settings that described() told. READ_PROFILE finds a profile's files by its name."""
    arguments = json.loads(described)
    values = {"-C": [], "-o": []}
    for option, value in zip(arguments[::2], arguments[1::2]):
        values[option].append(value)
    profile = values["-C"][0] if values["-C"] else None
    return Settings(plugin=plugin, profile=profile, preferences=tuple(values["-o"]),
                    profile_files=read_profile(profile) if profile else ())
