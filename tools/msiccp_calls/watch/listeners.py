# SPDX-License-Identifier: GPL-2.0-or-later
"""Who is told of events, calls, attempts and gaps: the shape of a listener, and those that print."""

import sys
import time

from ..common.text import json_line, printable


class Listener:
    """Does nothing with what it is told."""

    def event(self, told):
        """A message has done something to a call."""

    def call(self, call, again):
        """The record of CALL, a calls.Call; AGAIN: it was told before, and more came after it."""

    def gap(self, packets):
        """So many packets were not captured; None: that is not known."""

    def turn(self, watch):
        """Some times a second."""

    def care(self, watch):
        """Each second."""

    def close(self):
        """It is the end."""


class Json(Listener):
    """An object a line."""

    @staticmethod
    def _print(told):
        print(json_line(told), flush=True)

    def event(self, told):
        self._print(told)

    def call(self, call, _again):
        self._print({"type": "attempt" if call.session is None else "call", "record": call.told})

    def gap(self, packets):
        self._print({"type": "gap", "packets": packets})


def end_in_words(end):
    """Who it is: "near (10.73.1.10)"."""
    end = end or {}
    names = [text for text in (end.get("alias"), end.get("address")) if text]
    return f"{names[0]} ({names[1]})" if len(names) > 1 else (names or ["?"])[0]


class Lines(Listener):
    """A line for people on each call that has ended, where standard output is no terminal."""

    def call(self, call, again):
        record = call.told
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(record["start"]["time_us"] / 10**6))
        how = (record["verdict"] or record["outcome"] or "?").replace("_", " ")
        print(printable(f"{when} {end_in_words(record['caller'])} to {end_in_words(record['callee'])}: "
                        f"{how}{' (again)' if again else ''}. {record['explanation'] or ''}"), flush=True)

    def gap(self, packets):
        print(f"msiccp-calls: {'some' if packets is None else packets} packets were not captured",
              file=sys.stderr, flush=True)
