# SPDX-License-Identifier: GPL-2.0-or-later
"""Libraries are loaded where they are needed, so that a subcommand asks for its own only."""

import importlib

from .errors import UsageError

# Debian's packages; elsewhere pip's names of them are their own, but for these.
OF_PIP = {"gi": "PyGObject", "prometheus_client": "prometheus-client", "psycopg2": "psycopg2-binary"}
PACKAGES = {
    "sqlalchemy": "python3-sqlalchemy",
    "psycopg2": "python3-psycopg2",
    "rich": "python3-rich",
    "jinja2": "python3-jinja2",
    "markupsafe": "python3-jinja2",
    "matplotlib": "python3-matplotlib",
    "argcomplete": "python3-argcomplete",
    "psutil": "python3-psutil",
    "prometheus_client": "python3-prometheus-client",
    "numpy": "python3-numpy",
    "distributed": "python3-distributed",
    "gi": "python3-gi gir1.2-gstreamer-1.0 gir1.2-gst-plugins-base-1.0",
}


def need(module):
    """Imports MODULE, or says which Debian package has it."""
    library = module.partition(".")[0]
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != library:
            raise
        raise UsageError(f"this needs Python's {library}: sudo apt install {PACKAGES[library]} "
                         "(elsewhere: pipx inject msiccp-calls "
                         f"{OF_PIP.get(library, library)})") from None
