# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line. Exit status: 0, 1 where something failed, 2 where it was used wrongly."""

import argparse
import concurrent.futures
import dataclasses
import os
import re
import signal
import sys

from . import VERSION
from .common import ended
from .common.errors import Failure, UsageError
from .common.needs import need
from .common.text import lines, printable
from .store import addresses

DATABASE = "calls.db"

EXAMPLES = """\
examples:
  msiccp-calls scan captures/ --report            which calls had no audio, and why?
  msiccp-calls report calls.db --html calls.html  the same as a page
"""


def _ports(text):
    if not re.fullmatch(r"\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*", text):
        raise argparse.ArgumentTypeError(f"'{text}' is no list of ports such as 1720,1730-1732")
    return text


def _preference(text):
    if not re.fullmatch(r"[\w.]+:.*", text):
        raise argparse.ArgumentTypeError(f"'{text}' is no preference NAME:VALUE")
    return text


def _positive(text):
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no number from 1 on")
    return int(text)


def _codec(text):
    match = re.fullmatch(r"(\d{1,3})=(.+)", text)
    if not match or int(match[1]) > 127:
        raise argparse.ArgumentTypeError(f"'{text}' is no payload type and codec such as "
                                         "111=G726-32")
    return int(match[1]), match[2].upper()


def _add_plugin(parser):
    parser.add_argument("--plugin", metavar="FILE",
                        help="the plugin's file, where it is not installed (also MSICCP_PLUGIN)")


def _add_decoding(parser):
    group = parser.add_argument_group("how tshark decodes")
    group.add_argument("--ports", type=_ports, metavar="RANGES",
                       help="control ports instead of 1730-1732, as in 1720,1730-1732")
    group.add_argument("--profile", metavar="NAME", help="a configuration profile of Wireshark's")
    group.add_argument("--preference", action="append", default=[], type=_preference,
                       metavar="NAME:VALUE", help="a preference of Wireshark's; may be repeated")
    _add_plugin(group)


def _settings(options):
    from .decode import tshark
    from .decode.settings import Settings
    return Settings(
        plugin=os.path.abspath(options.plugin) if options.plugin else None,
        ports=options.ports, profile=options.profile,
        profile_files=tshark.read_profile(options.profile) if options.profile else (),
        preferences=tuple(options.preference))


def _scan(options):
    from .decode.tshark import tshark
    if options.send and not options.scheduler:
        raise UsageError("--send is for --scheduler: nothing is sent on this machine")
    if options.report and options.json:
        raise UsageError("--report is for people, and --json for programs: choose one")
    if options.jobs and options.scheduler:
        raise UsageError("--jobs is for this machine: Dask's workers are started with theirs")
    settings = _settings(options)
    with concurrent.futures.ThreadPoolExecutor(1) as meanwhile:
        asked = meanwhile.submit(tshark, settings)
        # The libraries are loaded while tshark starts.
        from .report import terminal
        from .scan.cluster import Cluster
        from .scan.pools import Threads
        from .scan.scan import Scan
        from .store.database import errors_in_words, open_database
        plugin_version = asked.result().plugin_version

    def make_pool(capture, say):
        if not options.scheduler:
            return Threads(options.jobs, settings)
        return Cluster(options.scheduler, dataclasses.replace(settings, plugin=None),
                       plugin_version, None if options.send else capture, say)

    database = open_database(options.output, writable=True)
    try:
        with errors_in_words(database.target):
            summary = Scan(database, make_pool, settings, plugin_version, options.send).run(
                options.paths, options.rotated, options.follow_links, options.json)
        if options.report:
            terminal.show(database)
    finally:
        database.close()
    return 1 if summary.failed or summary.cut_short else 0


def _add_scan(commands):
    parser = commands.add_parser(
        "scan", help="captures into a database of calls",
        description="Finds captures by content, has tshark read each, and puts their calls into a "
                    "database. What was scanned before and is unchanged is skipped.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="""\
examples:
  msiccp-calls scan captures/ --report
  msiccp-calls scan /var/captures old.pcap.gz -o archive.db --jobs 4
  msiccp-calls scan captures/ --ports 1720,1730-1732
  msiccp-calls scan captures/ -o postgresql://user@host/calls
  msiccp-calls scan /nfs/captures --scheduler tcp://head:8786""")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a capture, or a folder of them")
    parser.add_argument("-o", "--output", default=DATABASE, metavar="DATABASE",
                        help=f"a file, or postgresql://... ({DATABASE})")
    parser.add_argument("--jobs", type=_positive, metavar="N",
                        help="how many tshark at once (as many as processors)")
    parser.add_argument("--rotated", action="store_true",
                        help="files of one ring (dumpcap -b) are one capture")
    parser.add_argument("--follow-links", action="store_true",
                        help="in folders also links that lead out of them")
    parser.add_argument("--report", action="store_true", help="show the report afterwards")
    parser.add_argument("--json", action="store_true", help="say what was done as JSON, on stdout")
    group = parser.add_argument_group("more than one machine")
    group.add_argument("--scheduler", metavar="ADDRESS",
                       help="give the work to a scheduler of Dask, as in tcp://host:8786")
    group.add_argument("--send", action="store_true",
                       help="send the captures to workers that do not see them")
    _add_decoding(parser)
    parser.set_defaults(run=_scan)


def _audio(options):
    from .calls import audio
    if not (options.output or options.play):
        raise UsageError("say where the sound goes: -o FILE.wav or --play")
    if not os.path.isfile(options.capture):
        raise UsageError(f"there is no file {options.capture}")
    return audio.audio([os.path.realpath(options.capture)], options.session, _settings(options),
                       dict(options.codec), options.longest_gap, options.output, options.play)


def _add_audio(commands):
    parser = commands.add_parser(
        "audio", help="a call as one hears it",
        description="Makes a WAV of a call, the caller left and the callee right, aligned in time, "
                    "with silence where nothing was sent.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="""\
examples:
  msiccp-calls audio call.pcap -o call.wav
  msiccp-calls audio calls.pcap --session 3 --play""")
    parser.add_argument("capture", metavar="CAPTURE")
    parser.add_argument("--session", type=_positive, metavar="N",
                        help="the call's msiccp.session, where there is more than one")
    parser.add_argument("--codec", action="append", default=[], type=_codec, metavar="N=NAME",
                        help="what payload type N is, where the signalling does not say, as in "
                             "111=G726-32; may be repeated")
    parser.add_argument("--longest-gap", type=_positive, default=3600, metavar="SECONDS",
                        help="silence of both ends is no longer than this (3600)")
    parser.add_argument("-o", "--output", metavar="FILE", help="the WAV")
    parser.add_argument("--play", action="store_true", help="play it")
    _add_decoding(parser)
    parser.set_defaults(run=_audio)


def _anonymise(options):
    from .calls import anonymise
    if not os.path.isfile(options.capture):
        raise UsageError(f"there is no file {options.capture}")
    return anonymise.anonymise([os.path.realpath(options.capture)], options.session,
                               _settings(options), options.output)


def _add_anonymise(commands):
    parser = commands.add_parser(
        "anonymise", help="a call that can be sent to others",
        description="Writes a capture of one call in which addresses and names are replaced by "
                    "others of the same length, and audio by silence; it is decoded as before.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="""\
examples:
  msiccp-calls anonymise capture.pcap -o small.pcap --session 3""")
    parser.add_argument("capture", metavar="CAPTURE")
    parser.add_argument("--session", type=_positive, metavar="N",
                        help="the call's msiccp.session, where there is more than one")
    parser.add_argument("-o", "--output", metavar="FILE", required=True,
                        help="the capture to write")
    _add_decoding(parser)
    parser.set_defaults(run=_anonymise)


def _whats_on(options):
    from .machine import whats_on
    return whats_on.whats_on(options.target, options.seconds,
                             os.path.abspath(options.plugin) if options.plugin else None)


def _add_whats_on(commands):
    parser = commands.add_parser(
        "whats-on", help="what is on NetMeeting's ports of this machine",
        description="Shows which programs of this machine listen on ports 1729-1735 or are "
                    "connected there, captures these ports for a while, and reports what was said. "
                    "Of a capture: the report only.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="""\
examples:
  msiccp-calls whats-on
  msiccp-calls whats-on eth0 -t 10
  msiccp-calls whats-on capture.pcap""")
    parser.add_argument("target", nargs="?", metavar="INTERFACE|FILE",
                        help="where to capture, instead of everywhere; or a capture")
    parser.add_argument("-t", "--seconds", type=_positive, default=30, metavar="SECONDS",
                        help="how long to capture (30)")
    _add_plugin(parser)
    parser.set_defaults(run=_whats_on)


def _split(options):
    from .calls import split
    from .store.database import open_database
    return split.split(open_database(options.database), options.to, options.where,
                       os.path.abspath(options.plugin) if options.plugin else None)


def _add_split(commands):
    parser = commands.add_parser(
        "split", help="a capture per call",
        description="Writes a pcapng for each call, its signalling and media together, named by "
                    "time, ends and how the call went. The captures must be where they were when "
                    "they were scanned.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="""\
examples:
  msiccp-calls split calls.db --to calls/
  msiccp-calls split calls.db --to failing/ --where "failing = 1"
  msiccp-calls split calls.db --to alice/ --where "caller_alias = 'alice'\"""")
    parser.add_argument("database", metavar="DATABASE")
    parser.add_argument("--to", required=True, metavar="DIR", help="made where it is missing")
    parser.add_argument("--where", metavar="SQL", default="1 = 1",
                        help="a condition on the columns of the view call_list")
    _add_plugin(parser)
    parser.set_defaults(run=_split)


def _choice(options):
    """The calls that a report is about; None: all of them."""
    from .store.choice import Choice, moment
    if not (options.since or options.host or options.failing):
        return None
    return Choice(moment(options.since) if options.since else None, options.host, options.failing)


def _report(options):
    from .store.database import errors_in_words, open_database
    database = open_database(options.database)
    choice = _choice(options)
    if choice:
        database.choose(choice)
    with errors_in_words(options.database):
        if options.html:
            from .report import page        # whose libraries the terminal does without
            page.write(database, options.html)
        elif options.json:
            from .report import document
            document.show(database)
        else:
            from .report import terminal
            terminal.show(database)
    return 0


def _add_report(commands):
    parser = commands.add_parser(
        "report", help="a summary: failing calls and why, what was found, hosts, hours, codecs",
        description="A summary of the calls, in the terminal, as one page of HTML or as JSON.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="""\
examples:
  msiccp-calls report calls.db
  msiccp-calls report calls.db --since 7d --host 10.0.0.7
  msiccp-calls report calls.db --html calls.html
  msiccp-calls report calls.db --failing --json""")
    parser.add_argument("database", metavar="DATABASE")
    group = parser.add_argument_group("which calls")
    group.add_argument("--since", metavar="TIME",
                       help="those from then on: 2026-11-22, '2026-11-22 17:40' (UTC), or before now "
                            "7d, 12h, 30m")
    group.add_argument("--host", metavar="HOST", help="those of an address or a name, as either end")
    group.add_argument("--failing", action="store_true", help="those that failed")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--html", metavar="FILE",
                      help="a page: failing calls with a ladder each, plots, a list of all calls")
    form.add_argument("--json", action="store_true", help="one JSON document, with all failing calls")
    parser.set_defaults(run=_report)


def _sql(options):
    from .report import output, sql
    from .store.database import open_database
    printed = output.print_table
    if options.csv:
        printed = output.print_csv
    elif options.json:
        printed = output.print_json
    sql.ask(open_database(options.database), options.statement, printed)
    return 0


def _add_sql(commands):
    parser = commands.add_parser(
        "sql", help="a question in SQL",
        description="Prints the rows of a SELECT. docs/ARCHIVES.md lists tables and views, and "
                    "answers ten questions.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="""\
examples:
  msiccp-calls sql calls.db "SELECT * FROM calls_by_pair ORDER BY failing DESC LIMIT 10"
  msiccp-calls sql calls.db --csv "SELECT * FROM failing_calls" > failing.csv""")
    parser.add_argument("database", metavar="DATABASE")
    parser.add_argument("statement", metavar="SELECT")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="comma-separated values")
    form.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(run=_sql)


def _compare(options):
    from .compare import compare
    return compare.compare(_settings(options), (options.first, options.second), options.rotated,
                           options.json, options.html)


def _add_compare(commands):
    parser = commands.add_parser(
        "compare", help="two captures of one call: where between them is it lost?",
        description="Compares what two captures have of the same calls, taken on both sides of "
                    "what lies between: which packets left and did not arrive, what was rewritten, "
                    "delayed or made on the way.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="""\
examples:
  msiccp-calls compare near.pcap far.pcap
  msiccp-calls compare near.pcap far.pcap --json
  msiccp-calls compare near/ far/ --html both.html""")
    parser.add_argument("first", metavar="A", help="a capture of the one side, or a folder of them")
    parser.add_argument("second", metavar="B", help="one of the other side")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON document")
    form.add_argument("--html", metavar="FILE", help="a page with the ladder of both sides")
    parser.add_argument("--rotated", action="store_true",
                        help="files of one ring (dumpcap -b) are one capture")
    _add_decoding(parser)
    parser.set_defaults(run=_compare)


def _watch(options):
    from .watch import main
    return main.watch(options, _settings(options))


def _add_watch(commands):
    parser = commands.add_parser(
        "watch", help="calls while they go on",
        description="Shows the calls that go on and those that have ended, how they went and why: "
                    "as a live table, or as JSON. Packets are captured by dumpcap into a ring of "
                    "files, or are those of a ring that somebody else writes, or of a stream.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="""\
examples:
  msiccp-calls watch -i eth0
  msiccp-calls watch -i eth0 --json
  msiccp-calls watch /var/captures/ring
  msiccp-calls watch -i eth0 -o calls.db --failing-to failing/ --metrics 127.0.0.1:9731
  ssh host tcpdump -U -w - | msiccp-calls watch -""")
    parser.add_argument("source", nargs="?", metavar="DIRECTORY|-",
                        help="a folder that somebody else captures into; -: a capture on standard "
                             "input; or an interface with a scheme, as rpcap://host/eth0")
    parser.add_argument("-i", "--interface", metavar="INTERFACE", help="what dumpcap is to capture on")
    parser.add_argument("-f", "--filter", metavar="FILTER",
                        help="a capture filter for dumpcap; media cannot be told by one")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, on stdout")
    group = parser.add_argument_group("what is done with calls that have ended")
    group.add_argument("-o", "--output", metavar="DATABASE",
                       help="put them into a database, as scan does: a file, or postgresql://...")
    group.add_argument("--failing-to", metavar="DIR", help="a capture of each failing call")
    group.add_argument("--exec", metavar="COMMAND",
                       help="run it for each failing call, with the record on its standard input; no "
                            "shell reads it")
    group.add_argument("--metrics", metavar="ADDRESS:PORT",
                       help="count them on a page for Prometheus, as at 127.0.0.1:9731")
    group = parser.add_argument_group("what is kept")
    group.add_argument("--state", metavar="DIR",
                       help="where the ring is, and what is known, for the next run to go on from")
    group.add_argument("--disk", type=_positive, default=1000, metavar="MB",
                       help="how large the ring may become (1000)")
    group.add_argument("--memory", type=_positive, default=190, metavar="MB",
                       help="how much the decoder may take until another one goes on in its place (190)")
    _add_decoding(parser)
    parser.set_defaults(run=_watch)


class _Parser(argparse.ArgumentParser):
    """Names of files are in its messages too."""

    def error(self, message):
        super().error(printable(message))


def _parser():
    parser = _Parser(
        prog="msiccp-calls", epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Archives of NetMeeting's and other H.323 calls: folders of captures to a "
                    "database, and what one does with calls. Everything is decoded by tshark with "
                    "the plugin msiccp.")
    parser.add_argument("--version", action="version", version=f"msiccp-calls {VERSION}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_scan(commands)
    _add_report(commands)
    _add_split(commands)
    _add_audio(commands)
    _add_anonymise(commands)
    _add_whats_on(commands)
    _add_sql(commands)
    _add_compare(commands)
    _add_watch(commands)
    return parser


def _say(text):
    print(f"msiccp-calls: {lines(str(text))}", file=sys.stderr)


def _run(options):
    try:
        return options.run(options)
    except UsageError as error:
        _say(error)
        return 2
    except Failure as error:
        _say(error)
        return 1
    except KeyboardInterrupt as error:
        if options.command == "scan":
            _say("interrupted. What was scanned is stored: give the same command, and it goes on "
                 "from there.")
        return 128 + getattr(error, "signal", signal.SIGINT)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _completed(parser):
    """PARSER, which answers a shell that asks what can follow."""
    if "_ARGCOMPLETE" in os.environ:
        need("argcomplete").autocomplete(parser)
    return parser


def main(arguments=None):
    if arguments is None and "_ARGCOMPLETE" not in os.environ:
        arguments = addresses.hide_passwords(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")
    ended.by_exception()
    return _run(_completed(_parser()).parse_args(arguments))
