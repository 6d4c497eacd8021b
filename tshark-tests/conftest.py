# SPDX-License-Identifier: GPL-2.0-or-later
import shutil
import zlib

import pytest

from support import files, tshark


# Of what is asked of each capture by itself, the short way asks every so many of them.
SHARE = 3


def pytest_addoption(parser):
    parser.addoption("--all", action="store_true",
                     help="ask each capture all that is asked of every third otherwise, and what takes long")


def capture_of(item):
    """The name of the capture that a test is about, or None."""
    parameters = getattr(item, "callspec", None) and item.callspec.params
    capture = parameters and (parameters.get("capture") or parameters.get("name"))
    return capture and getattr(capture, "name", capture)


def is_left_out(item):
    if item.get_closest_marker("long"):
        return True
    capture = item.get_closest_marker("each_capture") and capture_of(item)
    return capture and zlib.crc32(capture.encode()) % SHARE != 0


@pytest.hookimpl(tryfirst=True)     # before xdist looks for the groups
def pytest_collection_modifyitems(config, items):
    """One worker has all tests of a capture, since tshark's answers are kept: --dist loadgroup. Those
    that take long come first, so that no worker is left alone with them."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    if not config.getoption("--all"):
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
