#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a release's files are linked with and need, as CycloneDX: sbom.py SOURCE WORK DIST VERSION.

SOURCE is the unpacked source archive. WORK has a folder for each Debian release, with its packages and their
.buildinfo, which tells the versions that they were built with, and what the zip for Windows was built with. DIST has
the files of the release, and gets msiccp-VERSION.cdx.json. Nothing in it differs from run to run.
"""

import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tomllib
import urllib.parse

LICENCE = [{"license": {"id": "GPL-2.0-or-later"}}]


def needed(kind, name, version=None, wanted=None, optional=False, **qualifiers):
    """A component that somebody else makes."""
    purl = f"pkg:{kind}/{name}" + (f"@{urllib.parse.quote(version)}" if version else "")
    if qualifiers:
        purl += "?" + urllib.parse.urlencode(qualifiers)
    found = {"type": "library", "bom-ref": purl, "name": name.split("/")[-1], "purl": purl,
             "scope": "optional" if optional else "required"}
    if version:
        found["version"] = version
    if wanted:
        found["properties"] = [{"name": "msiccp:wanted", "value": wanted}]
    return found


def of_source(source):
    """What pip installs with msiccp-calls."""
    project = tomllib.loads((source / "pyproject.toml").read_text())["project"]
    lists = [(False, project["dependencies"])]
    lists += [(True, wanted) for wanted in project["optional-dependencies"].values()]
    for optional, wanted in lists:
        for requirement in wanted:
            name, versions = re.fullmatch(r"([\w-]+)(.*)", requirement).groups()
            yield needed("pypi", name.lower(), wanted=versions, optional=optional)


def field(package, name):
    return subprocess.run(["dpkg-deb", "-f", package, name], capture_output=True, text=True, check=True).stdout.strip()


def of_package(package, release):
    """What a Debian package depends on, and recommends or suggests."""
    (buildinfo,) = package.parent.glob("*.buildinfo")
    built_with = dict(re.findall(r"^ (\S+) \(= (.+?)\)", buildinfo.read_text(), re.MULTILINE))
    found = {}
    for relation in ("Depends", "Recommends", "Suggests"):
        for each in filter(None, re.split(r",\s*", field(package, relation))):
            name, versions = re.fullmatch(r"([^\s:(]+)(?::any)?\s*(?:\((.*)\))?", each).groups()
            of = found.setdefault(name, (relation != "Depends", []))
            of[1].extend([versions] if versions else [])
    for name, (optional, versions) in found.items():
        yield needed("deb", f"debian/{name}", built_with.get(name), ", ".join(versions), optional, distro=release)


def of_zip(built_with):
    """What the DLLs are linked with: "in NAME VERSION", statically, or "beside NAME VERSION"."""
    for line in built_with.read_text().splitlines():
        how, name, version = line.split()
        yield (needed("generic", name, version) if how == "beside" else
               needed("deb", f"debian/{name}", version, distro="trixie"))


def main():
    source, work, dist = map(pathlib.Path, sys.argv[1:4])
    version = sys.argv[4]
    packages = {package.name: package for package in work.glob("*/*.deb")}
    made, others, edges = [], {}, []
    for path in sorted(dist.iterdir()):
        if path.suffix == ".deb":
            parts = of_package(packages[path.name], packages[path.name].parent.name)
        elif path.suffix == ".zip":
            parts = of_zip(work / f"{path.stem}.built-with")
        else:
            parts = of_source(source)
        parts = {part["bom-ref"]: part for part in parts}
        others.update(parts)
        made.append({"type": "file", "bom-ref": path.name, "name": path.name, "version": version,
                     "licenses": LICENCE,
                     "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}]})
        edges.append({"ref": path.name, "dependsOn": sorted(parts)})
    time = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"timestamp": time.isoformat().replace("+00:00", "Z"),
                     "component": {"type": "application", "bom-ref": "msiccp", "name": "msiccp",
                                   "version": version, "licenses": LICENCE}},
        "components": made + [others[ref] for ref in sorted(others)],
        "dependencies": [{"ref": "msiccp", "dependsOn": [each["ref"] for each in edges]}, *edges],
    }
    (dist / f"msiccp-{version}.cdx.json").write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
