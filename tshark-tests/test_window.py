# SPDX-License-Identifier: GPL-2.0-or-later
"""The real Wireshark, in an X server of the test's own: its windows open, and the plugin's menus work."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

import pytest

from support import edited, files, tshark

pytestmark = pytest.mark.slow

MISSING = [name for name in ("Xvfb", "xdotool", "wireshark") if not shutil.which(name)]
if MISSING:
    pytest.skip(f"{', '.join(MISSING)} not installed: script/bootstrap test",
                allow_module_level=True)

CALLS = "h323-three-calls-at-once-1731.pcap"
OTHER = "synthetic-foreign.pcap"
RTP_OF_SESSION_3 = 200
PATIENCE = 90

# Wireshark is idle when it was asleep at so many looks in a row, so many seconds apart.
QUIET_LOOKS = 10
BETWEEN_LOOKS = 0.02


class Window:
    """Wireshark with a capture open, until close()."""

    def __init__(self, display, arguments):
        self.world = tshark.World(plugin=True)
        self.display = display
        self.start(arguments)

    def start(self, arguments):
        self.said = tempfile.TemporaryFile("w+", errors="replace")
        self.process = subprocess.Popen(
            [*tshark.AS_ORDINARY_USER, "wireshark", *arguments], cwd=self.world.home, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=self.said,
            env=self.world.environment(self.world.home) | {
                "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb", "LIBGL_ALWAYS_SOFTWARE": "1"})

    def settle(self):
        """Until Wireshark has had nothing to do for a while: one that has to wait for a processor is not asleep."""
        end = time.monotonic() + PATIENCE
        looks = 0
        while looks < QUIET_LOOKS and self.is_alive() and time.monotonic() < end:
            time.sleep(BETWEEN_LOOKS)
            state = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0]
            looks = looks + 1 if state == "S" else 0

    def xdotool(self, *arguments):
        done = subprocess.run(["xdotool", *arguments], env=os.environ | {"DISPLAY": self.display},
                              capture_output=True, text=True, check=False,
                              timeout=tshark.TIME_LIMIT)
        return done.stdout.split()

    def wait_for(self, title):
        """The window whose title matches TITLE, once it is there and drawn."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.assert_is_alive()
            found = self.xdotool("search", "--onlyvisible", "--name", title)
            if found:
                self.settle()
                return found[0]
            time.sleep(0.1)
        raise AssertionError(f"no window with the title {title} in {PATIENCE} seconds")

    def press(self, window, *keys):
        self.xdotool("windowfocus", window)
        for key in keys:
            self.settle()
            self.xdotool("key", key)

    def wait_for_end_of(self, title):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.assert_is_alive()
            if not self.xdotool("search", "--onlyvisible", "--name", title):
                return
            time.sleep(0.1)
        raise AssertionError(f"the window {title} is there yet after {PATIENCE} seconds")

    def assert_is_alive(self):
        if not self.is_alive():
            self.said.seek(0)
            raise AssertionError(f"Wireshark has ended with status {self.process.returncode}:\n{self.said.read()}")

    def is_alive(self):
        return self.process.poll() is None

    def close(self):
        if self.is_alive():
            self.process.terminate()
        self.process.wait(timeout=PATIENCE)
        self.said.seek(0)
        self.warnings = [line for line in self.said if re.search(r"\[.*(WARNING|CRITICAL)\]", line)]
        self.said.close()


@pytest.fixture(scope="session")
def display():
    # Without -noreset it ends whoever is about to connect when its last client leaves, as xdotool does each time.
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-noreset", "-screen", "0", "1100x700x24", "-nolisten", "tcp"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    number = server.stdout.readline().strip()
    if not number:
        pytest.skip("Xvfb does not start here")
    yield f":{number}"
    server.terminate()
    server.wait()


@pytest.fixture
def open_wireshark(display):
    opened = []

    def start(*arguments):
        window = Window(display, ["-r", files.readable(CALLS), *arguments])
        opened.append(window)
        return window

    yield start
    for window in opened:
        window.close()
    assert [line for window in opened for line in window.warnings] == []


@pytest.mark.parametrize("statistic, title", [
    ("msiccp,table", "MSICCP Calls"),
    ("msiccp,ports_window", "MSICCP Ports"),
    ("msiccp,counts", "MSICCP Statistics"),
])
def test_statistics_open_a_window(open_wireshark, statistic, title):
    wireshark = open_wireshark("-Y", "msiccp.session == 1", "-z", statistic)
    wireshark.wait_for(f"^{CALLS}")
    wireshark.wait_for(f"{title}.*{CALLS}")
    wireshark.assert_is_alive()


@pytest.mark.parametrize("entry, title", [
    ([], "MSICCP Calls"),
    (["Down"], "MSICCP Why calls failed"),
    (["Down"] * 2, "MSICCP Ports"),
    (["Down"] * 3, "MSICCP Statistics"),
])
def test_menu_telephony_msiccp(open_wireshark, entry, title):
    wireshark = open_wireshark()
    main = wireshark.wait_for(f"^{CALLS}")
    # It is the last entry of the menu.
    wireshark.press(main, "alt+y", "Up", "Right", *entry, "Return")
    wireshark.wait_for(title)
    wireshark.assert_is_alive()


def test_voip_calls_window(open_wireshark):
    wireshark = open_wireshark()
    main = wireshark.wait_for(f"^{CALLS}")
    wireshark.press(main, "alt+y", "Return")
    wireshark.wait_for(f"VoIP Calls.*{CALLS}")
    wireshark.assert_is_alive()


@pytest.mark.skipif(tshark.plugin.version >= (4, 2), reason="the way through the menu is that of 4.0")
def test_conversation_filter_of_an_rtp_packet(open_wireshark):
    wireshark = open_wireshark("-g", str(RTP_OF_SESSION_3))
    main = wireshark.wait_for(f"^{CALLS}")
    # Of the conversation filters that this packet has, ours is the last.
    wireshark.press(main, "alt+a", *["Down"] * 5, "Right", "Up", "Return", "ctrl+q")
    wireshark.process.wait(timeout=PATIENCE)
    recent = wireshark.world.home / ".config" / "wireshark" / "recent_common"
    filters = re.findall(r"^recent\.display_filter: (.*)$", recent.read_text(), re.MULTILINE)
    assert filters == ["msiccp.session == 3"]


# Where the first of them is in the dialog of preferences.
FIRST_PREFERENCE = ("182", "56")

# Seconds, after which what is typed into a tree is looked for by itself: more than Qt's keyboardInputInterval.
NEW_SEARCH = 0.6

# The place of each window's entry in the plugin's menu, and its title.
ENTRIES = {"Calls": 0, "Why calls failed": 1, "Ports": 2, "Statistics": 3}

# Every order of two of them, also of one with itself.
ORDERS = [list(ENTRIES)[number] for number in (0, 0, 1, 0, 2, 0, 3, 1, 1, 2, 1, 3, 2, 2, 3, 3, 0)]


def open_window(wireshark, main, name):
    wireshark.press(main, "alt+y", "Up", "Right", *["Down"] * ENTRIES[name], "Return")
    return wireshark.wait_for(f"MSICCP {name}")


def close_window(wireshark, name, window):
    wireshark.press(window, "Escape")
    wireshark.wait_for_end_of(f"MSICCP {name}")


def test_the_orders_are_all_that_there_are():
    assert set(zip(ORDERS, ORDERS[1:])) == {(one, other) for one in ENTRIES for other in ENTRIES}


def test_windows_are_closed_and_opened_in_every_order(open_wireshark):
    wireshark = open_wireshark()
    main = wireshark.wait_for(f"^{CALLS}")
    for name in ORDERS:
        close_window(wireshark, name, open_window(wireshark, main, name))
    wireshark.assert_is_alive()


# Where the buttons are in the window of why calls failed, from its lower right corner.
BUTTONS = {"Next": (420, 24), "Show the call": (310, 24), "Go to the evidence": (170, 24)}


def press_button(wireshark, window, name):
    width, height = (int(size) for size in re.search(
        r"(\d+)x(\d+)", " ".join(wireshark.xdotool("getwindowgeometry", window))).groups())
    right, up = BUTTONS[name]
    wireshark.xdotool("mousemove", "--window", window, str(width - right), str(height - up), "click", "1")
    wireshark.settle()


def test_calls_that_failed_are_shown_from_the_window_that_says_why(open_wireshark):
    """The worst is the second session; then an attempt to connect, which has no number, and a poor call.
    The window stays with the call that has been chosen, whatever filter is applied."""
    capture = edited.merged([files.CAPTURES / "diagnosis" / f"h323-{what}-1731.pcap"
                             for what in ("fail-nobody-listens", "pauses", "fail-h245-refused",
                                          "fail-lossy-near")], "-a")
    wireshark = open_wireshark("-r", str(capture))
    main = wireshark.wait_for("^merged.pcap")
    window = open_window(wireshark, main, "Why calls failed")
    for name in ("Show the call", "Go to the evidence", "Next", "Show the call", "Next", "Show the call"):
        press_button(wireshark, window, name)
    wireshark.press(main, "ctrl+q")
    assert wireshark.process.wait(timeout=PATIENCE) == 0
    recent = wireshark.world.home / ".config" / "wireshark" / "recent_common"
    filters = re.findall(r"^recent\.display_filter: (.*)$", recent.read_text(), re.MULTILINE)
    assert filters == ["msiccp.session == 3", "frame.number in {3, 4, 5, 6, 7, 8}", "msiccp.session == 2"]


def try_a_preference(wireshark, main):
    """The first of the plugin's own that can be clicked on."""
    wireshark.press(main, "ctrl+shift+p")
    dialog = wireshark.wait_for("Preferences")
    wireshark.press(dialog, "End", "Up", "Up")
    wireshark.xdotool("type", "--delay", "80", "Proto")
    wireshark.press(dialog, "Right")
    time.sleep(NEW_SEARCH)
    wireshark.xdotool("type", "--delay", "80", "MSICC")
    wireshark.settle()
    wireshark.xdotool("mousemove", "--window", dialog, *FIRST_PREFERENCE, "click", "1")
    wireshark.press(dialog, "Return")
    wireshark.wait_for_end_of("Preferences")
    file = wireshark.world.home / ".config" / "wireshark" / "preferences"
    return re.search(r"^msiccp\.\w", file.read_text(), re.MULTILINE)


def change_a_preference(wireshark, main):
    """A busy Wireshark takes what is typed for several searches of its tree."""
    assert any(try_a_preference(wireshark, main) for _ in range(4)), "no preference was changed"


def open_another_file(wireshark, main):
    wireshark.press(main, "ctrl+o")
    dialog = wireshark.wait_for("Open Capture File")
    wireshark.xdotool("windowfocus", dialog)
    wireshark.xdotool("type", str(files.readable(OTHER)))
    wireshark.press(dialog, "Return")
    return wireshark.wait_for(f"^{OTHER}")


def filter_packets(wireshark, main, text):
    wireshark.press(main, "ctrl+slash", "ctrl+a")
    wireshark.xdotool("type", text)
    wireshark.press(main, "Return")


@pytest.mark.skipif(tshark.plugin.version >= (4, 2), reason="the way to a preference is that of 4.0")
@pytest.mark.parametrize("name", ENTRIES)
def test_a_window_outlives_what_the_file_goes_through(open_wireshark, name):
    wireshark = open_wireshark()
    main = wireshark.wait_for(f"^{CALLS}")
    window = open_window(wireshark, main, name)
    filter_packets(wireshark, main, "msiccp.session == 1")
    wireshark.press(main, "ctrl+r")
    close_window(wireshark, name, window)
    change_a_preference(wireshark, main)
    window = open_window(wireshark, main, name)
    main = open_another_file(wireshark, main)
    wireshark.press(window, "Escape")
    for other in ENTRIES:
        close_window(wireshark, other, open_window(wireshark, main, other))
    open_window(wireshark, main, name)
    wireshark.press(main, "ctrl+w")
    wireshark.settle()
    wireshark.assert_is_alive()
