import shutil

import pytest

from support import files, tshark


@pytest.hookimpl(tryfirst=True)     # before xdist looks for the groups
def pytest_collection_modifyitems(items):
    """One worker has all tests of a capture, since tshark's answers are kept: --dist loadgroup."""
    for item in items:
        parameters = getattr(item, "callspec", None) and item.callspec.params
        capture = parameters and (parameters.get("capture") or parameters.get("name"))
        if capture:
            item.add_marker(pytest.mark.xdist_group(getattr(capture, "name", capture)))


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
