# SPDX-License-Identifier: GPL-2.0-or-later
"""The real tshark with the plugin, in a home folder that is thrown away.

A home folder of its own has two reasons. A database must not depend on what its user has clicked
in Wireshark's window: decoding follows Wireshark's defaults, and the profile, preferences and ports
that the command names. And Wireshark loads no personal plugins for root: started as root, tshark
runs as `nobody`, with the plugin in a home folder that `nobody` can read.

Captures come to tshark on its standard input, opened by us: `nobody` need not be able to read them.
"""

import concurrent.futures
import functools
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from ..common import ended, files
from ..common.errors import UsageError
from ..common.programs import IS_WINDOWS, find_tshark, how_to_install
from . import known

TSHARK = find_tshark()
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
ORDINARY_USER = {"user": "nobody", "group": "nogroup", "extra_groups": []} if AS_ROOT else {}
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "SYSTEMDRIVE", "PATHEXT")
PLUGIN_NAME = "msiccp.dll" if IS_WINDOWS else "msiccp.so"
PLUGIN_LISTED = re.compile(rf"^{re.escape(PLUGIN_NAME)}\s+(\S+).*?\s(\S*[/\\].*)$", re.MULTILINE)


def program(name):
    """Another of Wireshark's programs: the one that is beside tshark."""
    if os.path.dirname(TSHARK):
        return str(pathlib.Path(TSHARK).with_name(name + pathlib.Path(TSHARK).suffix))
    return name


def _output(command, **more):
    try:
        return subprocess.run(command, capture_output=True, text=True, errors="replace",
                              stdin=subprocess.DEVNULL, check=False, **more)
    except FileNotFoundError:
        raise UsageError(f"{command[0]} was not found: {how_to_install()}") from None


def _named_folder(folders, label):
    """The folder called LABEL in what `tshark -G folders` prints."""
    match = re.search(rf"^{label}:\s+(.+)$", folders, re.MULTILINE)
    if not match:
        raise UsageError(f"'{TSHARK} -G folders' names no '{label}'")
    return pathlib.Path(match[1])


def _folder(label):
    """The same for the user who runs this program."""
    return _named_folder(_output([TSHARK, "-G", "folders"]).stdout, label)


def _installed_plugin():
    listed = PLUGIN_LISTED.search(_output([TSHARK, "-G", "plugins"]).stdout)
    if listed:
        return pathlib.Path(listed[2].strip())
    personal = _folder("Personal Plugins")      # which tshark does not list for root
    if (personal / "epan" / PLUGIN_NAME).exists():
        return personal / "epan" / PLUGIN_NAME
    raise UsageError(
        "tshark has no plugin msiccp. Install it (README.md, \"Install\"), or name the file by "
        "--plugin FILE or in MSICCP_PLUGIN.")


def _plugin(settings):
    asked = settings.plugin or os.environ.get("MSICCP_PLUGIN")
    if not asked:
        return _installed_plugin()
    if not os.path.isfile(asked):
        raise UsageError(f"there is no plugin {asked}")
    return pathlib.Path(asked).resolve()


def read_profile(name):
    """The files of the user's profile NAME; none where it is one of Wireshark's for all users."""
    if os.sep in name or name in ("", ".", ".."):
        raise UsageError(f"'{name}' is no name of a profile")
    personal = _folder("Personal configuration") / "profiles" / name
    if personal.is_dir():
        return tuple(sorted((path.name, path.read_bytes()) for path in personal.iterdir()
                            if path.is_file()))
    shared = _folder("Global configuration") / "profiles" / name
    if not shared.is_dir():
        raise UsageError(f"Wireshark has no profile '{name}': looked in {personal.parent} and "
                         f"{shared.parent}")
    return ()


class Tshark:
    """Wireshark's programs as SETTINGS say. The plugin is loaded, or UsageError says why not."""

    def __init__(self, settings):
        self.settings = settings
        plugin = _plugin(settings)
        self.home = self._make_home()
        told = known.recall(TSHARK, plugin, self.home)
        self._folders = told["folders"] if told else self.run([TSHARK, "-G", "folders"]).stdout
        if _named_folder(self._folders, "Global Plugins") not in plugin.parents:
            self._add_plugin(plugin)
        if settings.profile_files:
            self._add_profile()
        self._take_in(told or self._ask(plugin), plugin)

    def _ask(self, plugin):
        """What tshark tells of itself and of the plugin. tshark does not start with a statistic that it does
        not know, and earlier builds of the plugin have not all of them: so it is asked, once."""
        with concurrent.futures.ThreadPoolExecutor() as at_once:
            version, plugins, statistics = at_once.map(
                self.run, ([TSHARK, "--version"], [TSHARK, "-G", "plugins"], [TSHARK, "-z", "help"]))
        if not PLUGIN_LISTED.search(plugins.stdout):
            raise UsageError(
                f"tshark does not load {plugin}; it must be built for the same series of "
                f"Wireshark. {plugins.stderr.strip()}")
        told = {"folders": self._folders, "version": version.stdout, "plugins": plugins.stdout,
                "statistics": statistics.stderr}
        known.keep(TSHARK, plugin, self.home, told)
        return told

    def _take_in(self, told, plugin):
        self.plugin_version = PLUGIN_LISTED.search(told["plugins"])[1]
        number = re.search(r"\d+\.\d+\.\d+", told["version"])
        self.version = number[0] if number else "unknown"
        if "msiccp,cdr" not in told["statistics"]:
            raise UsageError(f"{plugin} (version {self.plugin_version}) is too old: it has no "
                             "-z msiccp,cdr. Install a newer one.")
        self.has_ports = "msiccp,ports_json" in told["statistics"]
        self.has_watch = "msiccp,watch" in told["statistics"]
        self.has_packet_fields = "msiccp,packet_fields" in told["statistics"]

    @staticmethod
    def _make_home():
        home = pathlib.Path(tempfile.mkdtemp(prefix="home-", dir=files.scratch()))
        home.chmod(0o755)
        return home

    def _personal(self, label):
        folder = _named_folder(self._folders, label)
        if self.home not in folder.parents:
            raise UsageError(f"tshark's folder {folder} is outside {self.home}")
        return folder

    def _add_plugin(self, plugin):
        folder = self._personal("Personal Plugins") / "epan"
        folder.mkdir(parents=True)
        shutil.copyfile(plugin, folder / PLUGIN_NAME)
        self._let_in()

    def _add_profile(self):
        folder = self._personal("Personal configuration") / "profiles" / self.settings.profile
        folder.mkdir(parents=True)
        for name, content in self.settings.profile_files:
            (folder / name).write_bytes(content)
        self._let_in()

    def _let_in(self):
        for path in self.home.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)

    @functools.cached_property
    def environment(self):
        kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        home = str(self.home)
        ours = {"HOME": home, "XDG_CONFIG_HOME": f"{home}/.config", "TMPDIR": "/tmp"}
        if IS_WINDOWS:
            ours = {name: home for name in ("APPDATA", "LOCALAPPDATA", "USERPROFILE", "TEMP", "TMP")}
        # tshark asks programs that capture what they can, and here it only reads.
        return kept | ours | {"TZ": "UTC", "LC_ALL": "C.UTF-8", "WIRESHARK_EXTCAP_DIR": home}

    @functools.cached_property
    def fields(self):
        """What `tshark -G fields` prints."""
        return self.run([TSHARK, "-G", "fields"]).stdout

    def run(self, command):
        """Runs COMMAND to its end, whatever comes of it."""
        return _output(command, env=self.environment, cwd="/", **ORDINARY_USER)

    def start(self, command, variables=None, **streams):
        """Starts COMMAND with STREAMS (stdin, stdout, stderr) and VARIABLES of its environment."""
        return ended.with_us(subprocess.Popen(command, env=self.environment | (variables or {}), cwd="/",
                                              **streams, **ORDINARY_USER))

    def command(self, *arguments):
        """tshark's command line that reads a capture from standard input."""
        return [TSHARK, "-n", *self.settings.arguments(), "-r", "-", *arguments]


def lacks_plugin(stderr):
    """tshark says that it does not know our statistic. It was seen to start without the plugin, with
    no word about it, once in some thousand times on machines that were busy; and then with it."""
    return b'Invalid -z argument "msiccp,' in stderr


def let_read(path):
    """Lets the user who runs tshark read the file PATH, which is ours."""
    if AS_ROOT:
        shutil.chown(path, ORDINARY_USER["user"])


@functools.lru_cache(maxsize=4)
def tshark(settings):
    """The tshark of SETTINGS; made once a process."""
    return Tshark(settings)
