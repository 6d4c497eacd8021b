# SPDX-License-Identifier: GPL-2.0-or-later
"""Packets of streams, on disk: what a comparison holds in memory does not grow with their number."""

import array
import tempfile

from ..common import files
from ..common.needs import need

numpy = need("numpy")

# As tshark's plugin packs them: see plugin/report/packet_fields.h.
PACKET = numpy.dtype([("time", "<i8"), ("frame", "<u4"), ("ssrc", "<u4"), ("timestamp", "<u4"),
                      ("digest", "<u4"), ("seq", "<u2"), ("ip_id", "<u2"), ("ttl", "u1"), ("dscp", "u1"),
                      ("type", "u1"), ("spare", "u1")])
BLOCK = 128 * PACKET.itemsize


class Packets:
    """The packets of one flow, in the order of the capture."""

    def __init__(self, file):
        self.file = file
        self.pending = bytearray()
        self.places = array.array("Q")
        self.count = 0

    def append(self, packets):
        self.pending += packets.tobytes()
        self.count += len(packets)
        whole = len(self.pending) // BLOCK * BLOCK
        if whole:
            begin = self.file.seek(0, 2)
            self.places.extend(range(begin, begin + whole, BLOCK))
            self.file.write(self.pending[:whole])
            del self.pending[:whole]

    def chunks(self, blocks=64):
        """Arrays of PACKET, of so many blocks each."""
        for begin in range(0, len(self.places), blocks):
            parts = []
            for place in self.places[begin:begin + blocks]:
                self.file.seek(place)
                parts.append(self.file.read(BLOCK))
            yield numpy.frombuffer(b"".join(parts), PACKET)
        if self.pending:
            yield numpy.frombuffer(bytes(self.pending), PACKET)


class Spool:
    """A temporary file for all flows of a side."""

    def __init__(self):
        self.file = tempfile.TemporaryFile(dir=files.scratch())

    def packets(self):
        return Packets(self.file)

    def close(self):
        self.file.close()
