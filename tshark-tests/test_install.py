# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin is installed where Wireshark looks for it, and removed again."""

import os
import pathlib
import shutil
import subprocess

import pytest

from support import files, tshark

pytestmark = pytest.mark.slow

# What is asked is where it goes, so that nothing is optimised.
QUICKLY = "-DCMAKE_BUILD_TYPE=None"


def sources():
    """The project's files, without what was built from them."""
    for folder, folders, names in os.walk(files.ROOT):
        here = pathlib.Path(folder)
        folders[:] = [name for name in folders if name not in (".git", "__pycache__")
                      and not (here == files.ROOT and name.startswith("build"))]
        for name in names:
            yield (here / name).relative_to(files.ROOT)


def copy_of_the_project(target, wanted=lambda path: True):
    for path in sources():
        if wanted(path):
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(files.ROOT / path, target / path)
    return target


def is_built_from(path):
    return path.suffix in (".c", ".h", ".cmake") or path.name in (
        "CMakeLists.txt", "LICENSE")


def cmake(*args, home=None, destdir=None):
    environment = dict(os.environ)
    environment.pop("DESTDIR", None)
    if home:
        environment["HOME"] = str(home)
        environment["XDG_CONFIG_HOME"] = str(home / ".config")
    if destdir:
        environment["DESTDIR"] = str(destdir)
    done = subprocess.run(["cmake", *map(str, args)], env=environment, check=False, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    return done.stdout


def configure(build, *options, home=None, source=files.ROOT):
    cmake("-S", source, "-B", build, f"-DMSICCP_TSHARK={shutil.which(tshark.TSHARK)}", *options, home=home)
    return cmake("--build", build, home=home)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with a build for the tests of installing: what they have configured comes and goes, objects stay."""
    return tmp_path_factory.mktemp("built")


@pytest.fixture
def build(built):
    (built / "CMakeCache.txt").unlink(missing_ok=True)
    return built


def installed_files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.xdist_group("install")
def test_default_installation_is_loaded_by_tshark_and_uninstalled(build):
    world = tshark.World(plugin=False)
    assert "msiccp.so" not in world.run(["-G", "plugins"])
    configure(build, QUICKLY, home=world.home)
    cmake("--install", build, home=world.home)

    plugins = [path for path in installed_files(world.home) if path.name == "msiccp.so"]
    assert plugins == [pathlib.Path(world.folder("Personal Plugins")) / "epan" / "msiccp.so"]
    listed = tshark.World(plugin=False)
    listed.__dict__["home"] = world.home
    assert "msiccp.so" in listed.run(["-G", "plugins"])

    cmake("--build", build, "--target", "uninstall", home=world.home)
    assert not plugins[0].exists()


@pytest.mark.xdist_group("install")
def test_profile_is_installed_on_request(build):
    world = tshark.World(plugin=True)
    configure(build, QUICKLY, home=world.home)
    profile = pathlib.Path(world.folder("Personal configuration")) / "profiles" / "MSICCP"
    cmake("--install", build, home=world.home)
    assert not profile.exists()
    cmake("--install", build, "--component", "profile", home=world.home)
    assert {path.name for path in profile.iterdir()} == {
        "colorfilters", "dfilter_buttons", "preferences", "recent"}
    assert world.run(["-C", "MSICCP", "-Y", "msiccp.outcome"], "h323-separate-h245-1720.pcap")


@pytest.mark.xdist_group("install")
def test_global_installation_goes_to_wiresharks_own_folder(build, tmp_path):
    stage = tmp_path / "stage"
    configure(build, QUICKLY, "-DMSICCP_GLOBAL_INSTALL=ON")
    cmake("--install", build, destdir=stage)
    folder = pathlib.Path(tshark.stock.folder("Global Plugins")) / "epan"
    installed = installed_files(stage)
    assert stage / folder.relative_to("/") / "msiccp.so" in installed
    # And msiccp-calls, which finds its modules and manual where they were put.
    prefix = folder.parents[folder.parts[::-1].index("lib")]
    assert {path.relative_to(stage).parts[:len(prefix.parts)] for path in installed
            if path.name not in ("msiccp.so", "msiccp-codecs.so", "msiccp-watch@.service")} == {
                (*prefix.parts[1:], "bin"), (*prefix.parts[1:], "share")}
    assert stage / prefix.relative_to("/") / "lib/systemd/system/msiccp-watch@.service" in installed
    modules = files.ROOT / "tools" / "msiccp_calls"
    assert {path.relative_to(modules) for path in modules.rglob("*.*") if path.suffix != ".pyc"} <= {
        path.relative_to(stage / prefix.relative_to("/") / "share/msiccp/msiccp_calls") for path in installed
        if "msiccp_calls" in path.parts}
    (program,) = [path for path in installed if path.name == "msiccp-calls"]
    assert subprocess.run([program, "--version"], capture_output=True, text=True,
                          check=True).stdout == f"msiccp-calls {files.project_version()}\n"

    cmake("--build", build, "--target", "uninstall", destdir=stage)
    assert installed_files(stage) == []


def test_uninstalling_what_was_not_installed_says_so(tmp_path):
    build = tmp_path / "build"
    cmake("-S", files.ROOT, "-B", build)
    done = subprocess.run(["cmake", "--build", build, "--target", "uninstall"], check=False,
                          capture_output=True, text=True)
    assert done.returncode != 0
    assert "Nothing was installed" in done.stdout + done.stderr


@pytest.mark.long
def test_the_same_source_gives_the_same_plugin_anywhere(tmp_path):
    plugins = []
    for name in ("one", "another-folder"):
        source = copy_of_the_project(tmp_path / name, is_built_from)
        build = tmp_path / f"{name}-build"
        configure(build, source=source)
        plugins.append((build / "msiccp.so").read_bytes())
    assert plugins[0] == plugins[1]
