# SPDX-License-Identifier: GPL-2.0-or-later
"""What can be told to a user instead of a traceback."""


class UsageError(Exception):
    """The command cannot be carried out as it was given: exit status 2."""


class Failure(Exception):
    """The command was begun and did not succeed: exit status 1."""
