# SPDX-License-Identifier: GPL-2.0-or-later
"""The RTP of a side: its streams as they were captured, with their packets on disk."""

import binascii
import collections
import dataclasses

from ..common.needs import need
from . import spool
from .fields import FIELD_END, MEDIA, PACKED

numpy = need("numpy")

MOST_CANDIDATES = 4096          # flows of one packet that may become RTP
MOST_UNJOINED = 20_000
PACKED_END = len(MEDIA) + PACKED


@dataclasses.dataclass
class Flow:
    """Packets with one SSRC from one address and port to another."""

    file: int
    source: tuple
    destination: tuple
    ssrc: int
    packets: spool.Packets
    session: int | None = None
    first_frame: int = 0

    def take(self, packets):
        self.first_frame = self.first_frame or int(packets["frame"][0])
        self.packets.append(packets)


class Media:
    def __init__(self):
        self.spool = spool.Spool()
        self.flows = {}             # (file, source, destination, ssrc)
        self.candidates = {}
        self.unjoined = 0
        self.by_ssrc = None

    def take(self, file, lines):
        """Lines of tshark's, many at once: a call of its own for each packet would be most of the time.
        Returns when the first and the last were captured."""
        parts = collections.defaultdict(list)
        for line in lines:
            parts[line[PACKED_END:]].append(line[len(MEDIA):PACKED_END])
        first, last = [], []
        for flow, packed in parts.items():
            packets = numpy.frombuffer(binascii.unhexlify(b"".join(packed)), spool.PACKET)
            self._take(file, flow, packets)
            first.append(int(packets["time"].min()))
            last.append(int(packets["time"].max()))
        return min(first), max(last)

    def _take(self, file, line, packets):
        _, source, source_port, destination, port, ssrc, session = line.rstrip().split(FIELD_END)
        key = file, (source.decode(), int(source_port)), (destination.decode(), int(port)), int(ssrc)
        flow = self.flows.get(key) or self._open(key, packets, bool(session))
        if flow is None:
            return
        if session and flow.session is None:
            flow.session = int(session)
        flow.take(packets)

    def _open(self, key, packets, is_joined):
        """A flow for the packets; one that no call is known of has to have a second packet."""
        held = self.candidates.pop(key, None)
        if not is_joined:
            if held is None and len(packets) == 1:
                if len(self.candidates) >= MOST_CANDIDATES:
                    self.candidates.pop(next(iter(self.candidates)))
                self.candidates[key] = packets
                return None
            if self.unjoined >= MOST_UNJOINED:
                return None
            self.unjoined += 1
        flow = self.flows[key] = Flow(*key, self.spool.packets())
        if held is not None:
            flow.take(held)
        return flow

    def joined_flows(self, file):
        """Flows that tshark knows the call of."""
        return [flow for flow in self.flows.values() if flow.file == file and flow.session is not None]

    def unjoined_flows(self, ssrc, file):
        """Flows that tshark knows no call of."""
        if self.by_ssrc is None:
            self.by_ssrc = {}
            for flow in self.flows.values():
                if flow.session is None:
                    self.by_ssrc.setdefault((flow.file, flow.ssrc), []).append(flow)
        return self.by_ssrc.get((file, ssrc), [])
