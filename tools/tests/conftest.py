# SPDX-License-Identifier: GPL-2.0-or-later
import pathlib
import shutil

import pytest

import tool


def pytest_addoption(parser):
    parser.addoption("--all", action="store_true", help="with those that take a minute and more")


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes more than a few seconds (-m 'not slow' skips)")
    config.addinivalue_line("markers", "long: takes a minute and more, and is asked for by --all")


@pytest.hookimpl(tryfirst=True)     # before xdist looks for the groups
def pytest_collection_modifyitems(config, items):
    """Those that take longer come first, so that no worker is left alone with them."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    if not config.getoption("--all"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("long")])
        items[:] = [item for item in items if not item.get_closest_marker("long")]


def pytest_sessionstart(session):
    if not tool.PLUGIN.exists():
        pytest.exit(f"{tool.PLUGIN} is not there: run script/build first, or script/test-tools.", 2)
    if not shutil.which(tool.TSHARK):
        pytest.exit(f"{tool.TSHARK} was not found: run script/bootstrap tools.", 2)


@pytest.fixture
def folder(tmp_path):
    """An empty folder that ordinary users can read."""
    for path in (tmp_path, *tmp_path.parents):
        if path == pathlib.Path("/tmp"):
            break
        path.chmod(path.stat().st_mode | 0o055)
    made = tmp_path / "captures"
    made.mkdir()
    return made


@pytest.fixture(scope="session")
def archive(tmp_path_factory):
    """A database of most of the project's captures."""
    database = tmp_path_factory.mktemp("archive") / "calls.db"
    tool.run("scan", *tool.ARCHIVE, "-o", database)
    return database
