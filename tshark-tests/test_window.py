"""The real Wireshark, in an X server of the test's own: its windows open, and the plugin's menus work."""

import os
import re
import shutil
import subprocess
import time

import pytest

from support import files, tshark

pytestmark = pytest.mark.slow

MISSING = [name for name in ("Xvfb", "xdotool", "wireshark") if not shutil.which(name)]
if MISSING:
    pytest.skip(f"{', '.join(MISSING)} not installed: script/bootstrap test",
                allow_module_level=True)

CALLS = "h323-three-calls-at-once-1731.pcap"
RTP_OF_SESSION_3 = 200
PATIENCE = 90


class Window:
    """Wireshark with a capture open, until close()."""

    def __init__(self, display, arguments):
        self.world = tshark.World(plugin=True)
        self.display = display
        self.process = subprocess.Popen(
            [*tshark.AS_ORDINARY_USER, "wireshark", *arguments], cwd=self.world.home, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=self.world.environment(self.world.home) | {
                "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LIBGL_ALWAYS_SOFTWARE": "1"})

    def xdotool(self, *arguments):
        done = subprocess.run(["xdotool", *arguments], env=os.environ | {"DISPLAY": self.display},
                              capture_output=True, text=True, check=False,
                              timeout=tshark.TIME_LIMIT)
        return done.stdout.split()

    def wait_for(self, title):
        """The window whose title matches TITLE, once it is there and drawn."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            assert self.process.poll() is None, "Wireshark has ended"
            found = self.xdotool("search", "--onlyvisible", "--name", title)
            if found:
                time.sleep(2)
                return found[0]
            time.sleep(0.5)
        raise AssertionError(f"no window with the title {title} in {PATIENCE} seconds")

    def press(self, window, *keys):
        self.xdotool("windowfocus", window)
        for key in keys:
            time.sleep(0.7)
            self.xdotool("key", key)

    def is_alive(self):
        return self.process.poll() is None

    def close(self):
        if self.is_alive():
            self.process.terminate()
        self.process.wait(timeout=PATIENCE)


@pytest.fixture(scope="module")
def display():
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1100x700x24", "-nolisten", "tcp"],
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


@pytest.mark.parametrize("statistic, title", [
    ("msiccp,table", "MSICCP Calls"),
    ("msiccp,ports_window", "MSICCP Ports"),
    ("msiccp,counts", "MSICCP Statistics"),
])
def test_statistics_open_a_window(open_wireshark, statistic, title):
    wireshark = open_wireshark("-Y", "msiccp.session == 1", "-z", statistic)
    wireshark.wait_for(f"^{CALLS}")
    wireshark.wait_for(f"{title}.*{CALLS}")
    assert wireshark.is_alive()


@pytest.mark.parametrize("entry, title", [
    ([], "MSICCP Calls"),
    (["Down"], "MSICCP Ports"),
    (["Down", "Down"], "MSICCP Statistics"),
])
def test_menu_telephony_msiccp(open_wireshark, entry, title):
    wireshark = open_wireshark()
    main = wireshark.wait_for(f"^{CALLS}")
    # It is the last entry of the menu.
    wireshark.press(main, "alt+y", "Up", "Right", *entry, "Return")
    wireshark.wait_for(f"{title}.*{CALLS}")
    assert wireshark.is_alive()


def test_voip_calls_window(open_wireshark):
    wireshark = open_wireshark()
    main = wireshark.wait_for(f"^{CALLS}")
    wireshark.press(main, "alt+y", "Return")
    wireshark.wait_for(f"VoIP Calls.*{CALLS}")
    assert wireshark.is_alive()


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
