# SPDX-License-Identifier: GPL-2.0-or-later
"""What one side's captures hold: their calls as tshark's plugin tells them, and the packets of these."""

import collections
import dataclasses
import json

from ..common.text import path_to_text
from . import fields
from .fields import AT, CONTROL, H245, RTCP, T120
from .media import Media
from .segments import Connection, Segment, digest_of

T120_PORT = b"1503"
MOST_ERRORS = 10_000
MOST_STRAYS = 4096
FRAMES_KEPT = 8
ENDS_FIT = 3


@dataclasses.dataclass
class Message:
    """A message of a call, as one capture has it."""

    event: str
    sender: str | None          # caller, callee
    frame: int
    time: int
    channel: int
    first_frame: int = 0
    end: int | None = None      # behind it, by the sequence numbers of its direction
    length: int = 0
    kind: bytes = b""
    digest: bytes | None = None
    offered: tuple = ()         # addresses that it names for H.245 and media
    connection: object = None
    way: int = 0


@dataclasses.dataclass
class Error:
    """ICMP errors of one kind about one flow."""

    source: str
    destination: str
    kind: tuple                 # (version, type, code)
    quoted: tuple               # (protocol, source, port, destination, port)
    ttl: int
    count: int = 0
    frames: list = dataclasses.field(default_factory=list)
    times: list = dataclasses.field(default_factory=list)
    ids: set = dataclasses.field(default_factory=set)


@dataclasses.dataclass
class Call:
    """A session of the plugin's, or an attempt."""

    file: int
    record: dict
    connections: list = dataclasses.field(default_factory=list)
    messages: list = dataclasses.field(default_factory=list)
    flows: list = dataclasses.field(default_factory=list)

    @property
    def session(self):
        return self.record["session"]

    def end_address(self, end):
        return (self.record[end] or {}).get("address")


class Side:
    """One argument of the command: what was in its captures."""

    def __init__(self, name, ports):
        self.name = name
        self.files = []
        self.ports = ports
        self.frames = 0
        self.calls = []
        self.media = Media()
        self.connections = {}       # (file, tcp.stream)
        self.strays = {}            # the same, of connections that no call is known of: the latest
        self.mirrored = set()       # files that have most packets twice
        self.announced = {}         # (file, port): {(session, address): (number, from, to)}
        self.announcements = collections.Counter()  # of a (file, port, session)
        self.errors = {}
        self.reports = {}           # (file, ssrc): [first, last] of (time, highest, lost, frame)
        self.spans = []             # [first, last] time of each file
        self.control_on_udp = {}    # (file, session): messages
        self.problems = []

    def add_file(self, name):
        self.files.append(path_to_text(name))
        self.spans.append([None, None])
        return len(self.files) - 1

    @property
    def first_us(self):
        return min((first for first, _last in self.spans if first is not None), default=None)

    @property
    def last_us(self):
        return max((last for _first, last in self.spans if last is not None), default=None)

    # A packet

    def take(self, file, line):
        """A line of tshark's."""
        values = line.split(fields.FIELD_END)
        time = int(values[AT["time"]])
        self._count(file, 1, time, time)
        if len(values) != len(fields.FIELDS):
            return
        if values[AT["icmp.type"]] or values[AT["icmpv6.type"]]:
            self._error(file, values, time)
        elif values[AT["tcp.stream"]]:
            self._tcp(file, values, time)
        elif values[AT["udp.payload"]]:
            self._udp(file, values, time)

    def take_media(self, file, lines):
        """Lines of RTP."""
        self._count(file, len(lines), *self.media.take(file, lines))

    def _count(self, file, packets, first, last):
        self.frames += packets
        span = self.spans[file]
        if span[0] is None or first < span[0]:
            span[0] = first
        if span[1] is None or last > span[1]:
            span[1] = last

    @staticmethod
    def _ends(values, transport):
        source, destination = values[AT["source"]], values[AT["destination"]]
        return ((fields.first(source).decode(), fields.number(values[AT[transport + ".srcport"]])),
                (fields.first(destination).decode(), fields.number(values[AT[transport + ".dstport"]])))

    # Messages and reports over UDP

    def _udp(self, file, values, time):
        channel = fields.number(values[AT["msiccp.channel"]])
        if channel == RTCP:
            sources = fields.all_of(values[AT["rtcp.ssrc.identifier"]])
            for ssrc, lost, highest in zip(
                    sources, fields.all_of(values[AT["rtcp.ssrc.cum_nr"]]),
                    fields.all_of(values[AT["rtcp.ssrc.ext_high"]])):
                report = time, int(highest), int(lost), int(values[AT["frame"]])
                self.reports.setdefault((file, int(ssrc, 0)), [report, report])[1] = report
        elif channel == CONTROL:
            payload = fields.first(values[AT["udp.payload"]])
            session = fields.number(values[AT["msiccp.session"]])
            event, from_caller = self._events(values)[0]
            message = Message(event, from_caller, int(values[AT["frame"]]), time, CONTROL, int(values[AT["frame"]]),
                              length=len(payload) // 2, kind=values[AT["msiccp.message"]],
                              digest=digest_of(payload))
            self.control_on_udp.setdefault((file, session), []).append(message)

    @staticmethod
    def _events(values):
        """(event, sender) of each message of a frame."""
        events = fields.all_of(values[AT["msiccp.event"]])
        senders = fields.all_of(values[AT["msiccp.from_caller"]])
        found = []
        for number, event in enumerate(events or [b"7"]):
            code = int(event)
            sender = None
            if number < len(senders):
                sender = "caller" if senders[number] in (b"1", b"True") else "callee"
            found.append((fields.EVENTS[code] if code < len(fields.EVENTS) else "other", sender))
        return found

    # TCP

    def _tcp(self, file, values, time):
        key = file, int(fields.first(values[AT["tcp.stream"]]))
        source, destination = self._ends(values, "tcp")
        session = values[AT["msiccp.session"]]
        flags = fields.number(values[AT["tcp.flags"]])
        connection = self.connections.get(key)
        if connection is None:
            connection = self._connect(key, source, destination, flags, values, time)
            if connection is None:
                self._stray(key, values, source, destination, flags, time)
                return
        if session:
            connection.sessions.add(fields.number(session))
            connection.what = connection.what or {
                CONTROL: "control", H245: "h245", T120: "t120"}.get(
                    fields.number(values[AT["msiccp.channel"]]))
        self._announcements(file, values, source, destination)
        payload = fields.first(values[AT["tcp.payload"]])
        length = fields.number(values[AT["tcp.len"]])
        data = b"" if connection.what == "t120" else bytes.fromhex(payload.decode()[:2 * length])
        segment = self._segment(values, time, flags, length, data)
        way = connection.way(source)
        cuts = connection.ways[way].add(segment, data)
        if connection.what != "t120":
            self._messages(connection, way, cuts, values, time)

    @staticmethod
    def _segment(values, time, flags, length, data):
        return Segment(
            time, int(values[AT["frame"]]), fields.number(values[AT["tcp.seq_raw"]]), length, flags,
            fields.number(values[AT["tcp.ack_raw"]]) if flags & fields.ACK else 0,
            int(values[AT["ttl"]]),
            int(values[AT["dscp"]]),
            int(values[AT["id"]]),
            digest_of(data) if data and len(data) == length else None)

    def _stray(self, key, values, source, destination, flags, time):
        """The other capture may know whose connection it is: its announcement may be cut short here."""
        stray = self.strays.get(key)
        if stray is None:
            if not flags & fields.SYN:
                return
            if len(self.strays) >= MOST_STRAYS:
                del self.strays[next(iter(self.strays))]
            client, server = (destination, source) if flags & fields.ACK else (source, destination)
            stray = self.strays[key] = Connection(key[0], client, server, first=time)
        stray.watch(source, self._segment(values, time, flags,
                                          fields.number(values[AT["tcp.len"]]), b""))

    def _connect(self, key, source, destination, flags, values, time):
        """The connection of a packet, if it may be a call's."""
        channel = values[AT["msiccp.channel"]]
        client, server = source, destination
        what = None
        if flags & fields.SYN:
            if flags & fields.ACK:
                client, server = destination, source
        elif (source[1] in self.ports or (key[0], source[1]) in self.announced) and (
                destination[1] not in self.ports):
            client, server = destination, source
        if server[1] in self.ports:
            what = "control"
        elif channel:
            what = {CONTROL: "control", H245: "h245", T120: "t120"}.get(fields.number(channel))
        elif (key[0], server[1]) in self.announced:
            what = "h245"
        elif server[1] == int(T120_PORT):
            what = "t120"
        else:
            return None
        stray = self.strays.pop(key, None)
        connection = self.connections[key] = stray or Connection(key[0], client, server, first=time)
        connection.what = what
        if what != "control":
            connection.announced = self._announced_by(key[0], client, server)
        return connection

    def _announced_by(self, file, client, server):
        """(session, address, number) of the announcement that SERVER's port is of: of several, one whose
        ends are those of the connection."""
        best, found = 0, None
        announced = self.announced.get((file, server[1]), {})
        for (session, address), (number, sender, receiver) in reversed(announced.items()):
            fit = (server[0] in (address, sender)) + 2 * (client[0] == receiver)
            if fit > best:
                best, found = fit, (session, number, address)
                if fit == ENDS_FIT:
                    break
        return found

    def _announcements(self, file, values, source, destination):
        if not values[AT["h225.h245IpPort"]] and not values[AT["h225.h245Ip6port"]]:
            return
        ports = fields.all_of(values[AT["h225.h245IpPort"]]) + fields.all_of(
            values[AT["h225.h245Ip6port"]])
        addresses = fields.all_of(values[AT["h225.h245Ip"]]) + fields.all_of(
            values[AT["h225.h245Ip6"]])
        session = fields.number(values[AT["msiccp.session"]])
        for address, port in zip(addresses, ports):
            known = self.announced.setdefault((file, int(port)), {})
            key = session, address.decode()
            if key not in known:
                self.announcements[file, int(port), session] += 1
                known[key] = self.announcements[file, int(port), session], source[0], destination[0]

    def _messages(self, connection, way, cuts, values, time):
        """A message of each cut. Where tshark shows messages and none was cut, they are there too."""
        if not cuts and not values[AT["msiccp.event"]]:
            return
        channel = fields.number(values[AT["msiccp.channel"]], None)
        shown = self._events(values) if values[AT["msiccp.event"]] else []
        session = fields.number(values[AT["msiccp.session"]], None)
        offered = tuple(address.decode() for name in (
            "h225.h245Ip", "h225.h245Ip6", "msiccp.media.addr", "msiccp.media.addr6")
            for address in fields.all_of(values[AT[name]]))
        for number in range(max(len(cuts), len(shown) if channel == CONTROL else 0)):
            event, sender = shown[number] if number < len(shown) else ("other", None)
            message = Message(event, sender, int(values[AT["frame"]]), time,
                              channel if channel is not None else
                              H245 if connection.what == "h245" else CONTROL,
                              offered=offered, connection=connection, way=way)
            if number < len(cuts):
                cut = cuts[number]
                message.first_frame, message.end = cut.first_frame, cut.end
                message.length, message.kind, message.digest = cut.length, cut.head, cut.digest
            connection.messages.append((session, message))

    # ICMP

    def _error(self, file, values, time):
        """An error that quotes a packet of TCP or UDP."""
        for transport in ("udp", "tcp"):
            if values[AT[transport + ".srcport"]]:
                break
        else:
            return
        outer = fields.address(values, "source", 0), fields.address(values, "destination", 0)
        quoted = (transport, fields.address(values, "source", 1),
                  fields.number(values[AT[transport + ".srcport"]]), fields.address(values, "destination", 1),
                  fields.number(values[AT[transport + ".dstport"]]))
        if quoted[1] is None or quoted[3] is None:
            return
        if values[AT["icmp.type"]]:
            kind = 4, fields.number(values[AT["icmp.type"]]), fields.number(values[AT["icmp.code"]])
        else:
            kind = 6, fields.number(values[AT["icmpv6.type"]]), fields.number(values[AT["icmpv6.code"]])
        key = file, outer[0], kind, quoted
        error = self.errors.get(key)
        if error is None:
            if len(self.errors) >= MOST_ERRORS:
                return
            error = self.errors[key] = Error(*outer, kind, quoted, int(values[AT["ttl"]]))
        error.count += 1
        if len(error.frames) < FRAMES_KEPT:
            error.frames.append(int(values[AT["frame"]]))
            error.times.append(time)

    # The end of a capture

    def finish(self, file, records):
        """Each call gets what is its own."""
        self._drop_copies(file)
        calls = {}
        for line in records:
            call = Call(file, json.loads(line))
            self.calls.append(call)
            if call.session is not None:
                calls[call.session] = call
                call.messages += self.control_on_udp.get((file, call.session), [])
        for (of_file, _stream), connection in self.connections.items():
            if of_file == file:
                self._give(connection, calls)
        for flow in self.media.joined_flows(file):
            if flow.session in calls:
                calls[flow.session].flows.append(flow)
        for call in calls.values():
            call.messages.sort(key=lambda message: (message.time, message.frame))
            name_senders(call)
        self._attempts(file)

    def _drop_copies(self, file):
        """In a capture that has most packets twice, as of a mirror port, what may be a copy is one."""
        ways = [way for (of_file, _stream), connection in self.connections.items() if of_file == file
                for way in connection.ways]
        copies = sum(way.copies for way in ways)
        if copies and copies >= sum(way.packets - len(way.doubtful) for way in ways) / 3:
            self.mirrored.add(file)
            for way in ways:
                way.drop_doubtful()

    def _give(self, connection, calls):
        for number, way in enumerate(connection.ways):
            for cut in way.assembler.rest():
                connection.messages.append((None, Message(
                    "other", None, cut.frame, cut.time,
                    H245 if connection.what == "h245" else CONTROL, cut.first_frame, cut.end, cut.length,
                    cut.head, cut.digest, connection, number)))
        sessions = set(connection.sessions)
        if not sessions and connection.announced:
            sessions = {connection.announced[0]}
        for session in sessions:
            if session in calls:
                calls[session].connections.append(connection)
        only = next(iter(sessions)) if len(sessions) == 1 else None
        for session, message in connection.messages:
            call = calls.get(session if session is not None else only)
            if call:
                call.messages.append(message)
        connection.messages.clear()

    def _attempts(self, file):
        """Connections to control ports that became no session belong to the attempt of their ends."""
        attempts = [call for call in self.calls if call.file == file and call.session is None]
        for (of_file, _stream), connection in self.connections.items():
            if of_file != file or connection.what != "control" or connection.sessions:
                continue
            fitting = [call for call in attempts
                       if call.end_address("caller") == connection.client[0]
                       and call.end_address("callee") == connection.server[0]
                       and call.record["callee"]["port"] == connection.server[1]
                       and call.record["start"]["time_us"] <= connection.first]
            if fitting:
                fitting[-1].connections.append(connection)


def name_senders(call):
    """Who sent the messages that tshark does not say it of: by the side of their connection."""
    callers = {}
    for message in call.messages:
        if message.sender and message.connection is not None:
            callers[message.connection.ways[message.way]] = message.sender
    for message in call.messages:
        if message.sender or message.connection is None:
            continue
        connection = message.connection
        same = callers.get(connection.ways[message.way])
        other = callers.get(connection.ways[1 - message.way])
        if same or other:
            message.sender = same or {"caller": "callee", "callee": "caller"}[other]
        else:
            end = (connection.client, connection.server)[message.way][0]
            message.sender = "caller" if end == call.end_address("caller") else "callee"
