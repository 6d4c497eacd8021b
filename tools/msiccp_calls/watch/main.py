# SPDX-License-Identifier: GPL-2.0-or-later
"""What the arguments of `msiccp-calls watch` ask for, put together."""

import contextlib
import sys

from ..common.errors import UsageError
from ..decode import tshark as programs
from . import decoder, listeners, places, table
from .sources import Folder, Interface, Ring, Stream
from .state import State
from .watch import Say, Watch


def _check(options):
    source, interface = options.source, options.interface
    if source and "://" in source and not interface:
        options.source, options.interface = None, source
    elif bool(source) == bool(interface):
        raise UsageError("say what is to be watched, one of: -i INTERFACE, a folder, - for a stream")
    if options.filter and not options.interface:
        raise UsageError("-f is for what dumpcap captures: with -i")
    if options.source == "-" and sys.stdin.isatty():
        raise UsageError("- is a capture on standard input, which is a terminal")


@contextlib.contextmanager
def _source(options):
    """What is watched, and the file for its state; None: nothing is kept."""
    limit = options.disk * 10**6
    if options.source == "-" and not options.state:
        with places.temporary() as folder:
            yield Stream(Ring(folder, limit)), None
        return
    name = options.interface or options.source
    with places.held(options.state or places.default_folder(name)) as folder:
        if options.interface:
            source = Interface(options.interface, Ring(folder / "ring", limit), options.filter)
        elif options.source == "-":
            source = Stream(Ring(folder / "ring", limit))
        else:
            source = Folder(options.source)
        yield source, folder / "state.json"


@contextlib.contextmanager
def _shown(options):
    """The listener that prints."""
    if options.json:
        yield listeners.Json()
    elif sys.stdout.isatty():
        with table.shown(options.interface or options.source) as shown:
            yield shown
    else:
        yield listeners.Lines()


def _workers(options, settings, source, began, say):
    """What else is done with calls, as it is asked for."""
    tshark = programs.tshark(settings)
    if options.metrics:
        from .metrics import Metrics
        yield Metrics(options.metrics)
    if options.output:
        from .workers import Store
        yield Store(options.output, f"{options.interface or options.source} since {began}", settings, tshark, say)
    if options.failing_to:
        from .workers import Cut
        yield Cut(options.failing_to, tshark, say)
    if options.exec:
        from .workers import Command
        yield Command(options.exec, say)


def watch(options, settings):
    _check(options)
    decoder.check(programs.tshark(settings))
    say = Say()
    with _source(options) as (source, state_path):
        state = State(state_path)
        workers = list(_workers(options, settings, source, state.began, say))
        with _shown(options) as shown:
            return Watch(source, settings, [shown, *workers], state, say, options.memory << 20).run()
