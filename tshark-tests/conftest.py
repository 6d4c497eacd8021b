# SPDX-License-Identifier: GPL-2.0-or-later
import pathlib
import shutil
import zlib

import pytest

from support import files, tshark


# The short way asks one of so many captures all that there is to ask of each, the others only what asks no more of tshark
# than one run.
SHARE = 12


def pytest_addoption(parser):
    parser.addoption("--all", action="store_true",
                     help="ask each capture, in one pass and in two, what a few are asked otherwise; and what takes long")


def capture_of(item):
    """The name of the capture that a test is about, or None."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    named = [str(parameters[key]) for key in ("capture", "name", "path") if key in parameters]
    return next((pathlib.PurePath(name).name for name in named if name.endswith((".pcap", ".pcapng"))), None)


def number_of(text):
    """The same for the same text each time."""
    return zlib.crc32(text.encode())


def is_left_out(item):
    """By the short way. Of the two ways to read a file it takes one, where the capture is not one of the few."""
    if item.get_closest_marker("long"):
        return True
    capture = capture_of(item)
    if capture and number_of(capture) % SHARE == 0:
        return False
    if item.get_closest_marker("each_capture"):
        return bool(capture) or number_of(item.nodeid) % SHARE != 0
    if "passes" not in item.fixturenames:
        return False
    wants_two = not capture and number_of(item.nodeid.replace("two-pass", "one-pass")) % 2 == 1
    return bool(item.callspec.params["passes"]) != wants_two


@pytest.hookimpl(tryfirst=True)     # before xdist looks for the groups
def pytest_collection_modifyitems(config, items):
    """One worker has all tests of a capture, since tshark's answers are kept: --dist loadgroup. Those
    that take long come first, so that no worker is left alone with them."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    if not config.getoption("--all") and not any("::" in argument for argument in config.args):
        config.hook.pytest_deselected(items=[item for item in items if is_left_out(item)])
        items[:] = [item for item in items if not is_left_out(item)]
    for item in items:
        if capture_of(item):
            item.add_marker(pytest.mark.xdist_group(capture_of(item)))


def pytest_sessionstart(session):
    """Without the right plugin and tshark no test means anything."""
    if not tshark.PLUGIN.exists():
        pytest.exit(f"{tshark.PLUGIN} is not there: run script/build first, or script/test.", 2)
    if not shutil.which(tshark.TSHARK):
        pytest.exit(f"{tshark.TSHARK} was not found: run script/bootstrap, or set MSICCP_TSHARK.", 2)
    if "msiccp" in tshark.stock.run(["-G", "plugins"]):
        pytest.exit(
            "msiccp is installed in Wireshark's global plugin folder, so that nothing can be "
            "compared with Wireshark without it: remove it first (`tshark -G plugins` shows "
            "where it is).", 2)


def pytest_report_header(config):
    version = ".".join(str(number) for number in tshark.plugin.version)
    return f"tshark: {tshark.TSHARK} {version}, plugin: {tshark.PLUGIN}"


@pytest.fixture(params=[(), ("-2",)], ids=["one-pass", "two-pass"])
def passes(request):
    """tshark's two ways to read a file: a test with this fixture runs in both."""
    return request.param


@pytest.fixture(params=files.captures(), ids=lambda path: path.name)
def capture(request):
    """Each capture of test-captures/."""
    return request.param
