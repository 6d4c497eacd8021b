# SPDX-License-Identifier: GPL-2.0-or-later
"""What names a database: a file, or the address of a server, which may hold a password that nobody
is to see."""

import os
import re
import sys
import urllib.parse

# As libpq takes it; a password may hold anything, so the last @ ends it.
ADDRESS = re.compile(r"(?P<before>(?:-o|--output=)?[A-Za-z][\w+.-]*://)(?:(?P<user>[^:@/?]*):"
                     r"(?P<password>.*)@)?(?P<rest>.*)", re.DOTALL)
IN_QUERY = re.compile(r"([?&])(?:ssl)?password=([^&]*)&?", re.IGNORECASE)
SERVERS = ("postgresql:", "postgresql+", "postgres:")


def is_server(target):
    return target.lower().startswith(SERVERS)


def parted(target):
    """TARGET without its password; and the password, where there is one."""
    match = ADDRESS.fullmatch(target)
    if not match:
        return target, None
    asked = [found[1] for found in IN_QUERY.findall(match["rest"])]
    rest = IN_QUERY.sub(r"\1", match["rest"]).rstrip("?&")
    user = f"{match['user']}@" if match["user"] is not None else ""
    password = match["password"] or (asked[0] if asked else None)
    return f"{match['before']}{user}{rest}", password


def without_password(target):
    return parted(target)[0]


def hide_passwords(arguments):
    """ARGUMENTS of a command line without passwords. libpq finds them in the environment, and this
    program is started again where others see its arguments."""
    shown, found = [], None
    for argument in arguments:
        argument, password = parted(argument)
        shown.append(argument)
        found = found or password
    if found is None:
        return arguments
    os.environ["PGPASSWORD"] = urllib.parse.unquote(found)
    if os.name == "posix" and sys.orig_argv[-len(arguments):] == list(arguments):
        os.execv(sys.executable, [*sys.orig_argv[:-len(arguments)], *shown])
    return shown
