"""The command line. Exit status: 0, 1 where something failed, 2 where it was used wrongly."""

import argparse
import concurrent.futures
import dataclasses
import os
import re
import sys

from . import VERSION
from .common.errors import Failure, UsageError

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
            return Threads(options.jobs)
        return Cluster(options.scheduler, dataclasses.replace(settings, plugin=None),
                       plugin_version, None if options.send else capture, say)

    database = open_database(options.output, writable=True)
    try:
        with errors_in_words(options.output):
            summary = Scan(database, make_pool, settings, plugin_version, options.send).run(
                options.paths, options.rotated, options.json)
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
                       dict(options.codec), options.output, options.play)


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
    parser.add_argument("-o", "--output", metavar="FILE", help="the WAV")
    parser.add_argument("--play", action="store_true", help="play it")
    _add_decoding(parser)
    parser.set_defaults(run=_audio)


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


def _report(options):
    from .report import terminal
    from .store.database import errors_in_words, open_database
    database = open_database(options.database)
    with errors_in_words(options.database):
        if options.html:
            from .report import page        # whose libraries the terminal does without
            page.write(database, options.html)
        else:
            terminal.show(database)
    return 0


def _add_report(commands):
    parser = commands.add_parser(
        "report", help="a summary: verdicts, failing calls and why, hours, hosts, codecs",
        description="A summary of the calls, in the terminal or as one page of HTML.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="""\
examples:
  msiccp-calls report calls.db
  msiccp-calls report calls.db --html calls.html""")
    parser.add_argument("database", metavar="DATABASE")
    parser.add_argument("--html", metavar="FILE",
                        help="a page with plots, and a ladder of each failing call")
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


def _parser():
    parser = argparse.ArgumentParser(
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
    _add_sql(commands)
    return parser


def main(arguments=None):
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except UsageError as error:
        print(f"msiccp-calls: {error}", file=sys.stderr)
        return 2
    except Failure as error:
        print(f"msiccp-calls: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        if options.command == "scan":
            print("msiccp-calls: interrupted. What was scanned is stored: give the same command, "
                  "and it goes on from there.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
