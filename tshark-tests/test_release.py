# SPDX-License-Identifier: GPL-2.0-or-later
"""A release is of one version, and the same each time it is made."""

import hashlib
import json
import re
import shutil
import subprocess
import tarfile

import pytest

from support import files

VERSION = files.project_version()
needs_dpkg = pytest.mark.skipif(not shutil.which("dh"), reason="debhelper is not installed: script/bootstrap ci")
needs_git = pytest.mark.skipif(not (files.ROOT / ".git").exists(), reason="not a clone")


@pytest.mark.parametrize(("file", "pattern"), [
    ("tools/msiccp_calls/__init__.py", r'^VERSION = "(.*)"$'),
    ("debian/changelog", r"\Amsiccp \((.*)-\d+\) "),
    ("docs/msiccp.7", r'^\.TH .* "msiccp (\S+)"'),
    ("docs/msiccp-calls.1", r'^\.TH .* "msiccp (\S+)"'),
    ("CHANGELOG.md", r"\A# Changes\n[^#]*## (\S+)$"),
])
def test_every_file_has_the_version_of_the_project(file, pattern):
    assert re.search(pattern, (files.ROOT / file).read_text(), re.MULTILINE)[1] == VERSION


def git(*arguments, cwd=files.ROOT):
    return subprocess.run(["git", "-c", "safe.directory=*", "-c", "user.name=x", "-c", "user.email=x@x.invalid",
                           *arguments], cwd=cwd, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A clone whose last commit is what is here."""
    folder = tmp_path_factory.mktemp("clone") / "msiccp"
    git("clone", "--quiet", "--depth", "1", f"file://{files.ROOT}", folder)
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in filter(None, git("ls-files", "-z", cwd=folder).split("\0")):
        (folder / name).unlink()
    for name in filter(None, listed):
        if (files.ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(files.ROOT / name, folder / name)
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--allow-empty", "--message", "now", cwd=folder)
    return folder


def release(clone, *parts):
    """The octets of each file of a release."""
    done = subprocess.run([clone / "script" / "release", *parts], check=False, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    return {path.name: path.read_bytes() for path in (clone / "dist").iterdir()}


@pytest.mark.long
@pytest.mark.slow
@needs_git
@needs_dpkg
def test_a_release_has_the_same_octets_each_time(clone, tmp_path):
    first = release(clone, "source", "here")
    (clone / "leftover").touch()
    (clone / "README.md").write_text("not committed")
    assert release(clone, "source", "here") == first

    # What is in it: all files, which the sums and the bill of materials tell.
    sums = first.pop("SHA256SUMS").decode()
    assert sums == "".join(f"{hashlib.sha256(first[name]).hexdigest()}  {name}\n" for name in sorted(first))
    bill = json.loads(first.pop(f"msiccp-{VERSION}.cdx.json"))
    (plugin,) = [name for name in first if name.startswith("wireshark-plugin-msiccp_")]
    codecs = plugin.replace("msiccp_", "msiccp-codecs_")
    assert set(first) == {f"msiccp-{VERSION}.tar.xz", f"msiccp-tools_{VERSION}-1_all.deb", plugin, codecs}
    known = {part["bom-ref"]: part for part in bill["components"]}
    edges = {edge["ref"]: edge["dependsOn"] for edge in bill["dependencies"]}
    assert edges.pop("msiccp") == sorted(first)
    assert all(name in known for needed in edges.values() for name in needed)
    for name, octets in first.items():
        assert known[name]["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(octets).hexdigest()}]
    assert re.search(r"pkg:deb/debian/libwireshark\d+@", " ".join(edges[plugin]))
    assert re.search(r"pkg:deb/debian/libavcodec\d+@", " ".join(edges[codecs]))
    assert {known[name]["name"] for name in edges[f"msiccp-tools_{VERSION}-1_all.deb"]} >= {"tshark", "python3-rich"}

    # The archive has the files of the commit, and the plugin builds from it: the package was made of it.
    (tmp_path / "archive").write_bytes(first[f"msiccp-{VERSION}.tar.xz"])
    with tarfile.open(tmp_path / "archive") as archive:
        assert {entry.name for entry in archive if entry.isfile()} == {
            f"msiccp-{VERSION}/{name}" for name in git("ls-files", "-z", cwd=clone).split("\0") if name}
