# SPDX-License-Identifier: GPL-2.0-or-later
"""What tshark is asked of each packet, and a packet as it answers."""

FIELD_END, VALUE_END = b"\x1e", b"\x1f"
MEDIA = b"@"                    # a line of RTP, see plugin/report/packet_fields.h
PACKED = 2 * 32                 # hexadecimal digits of it

ASKED = (
    "tcp.stream", "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.ack_raw", "tcp.flags", "tcp.len",
    "tcp.payload", "icmp.type", "icmp.code", "icmpv6.type", "icmpv6.code", "msiccp.session",
    "msiccp.channel", "msiccp.event", "msiccp.from_caller", "msiccp.message", "h225.h245Ip", "h225.h245Ip6",
    "h225.h245IpPort", "h225.h245Ip6port", "msiccp.media.addr", "msiccp.media.addr6",
    "rtcp.ssrc.identifier", "rtcp.ssrc.cum_nr", "rtcp.ssrc.ext_high",
)
FIELDS = ("time", "frame", "source", "destination", "ttl", "dscp", "id", "udp.srcport", "udp.dstport",
          "udp.payload", *ASKED)
AT = {name: number for number, name in enumerate(FIELDS)}
EVENTS = ("request", "proceeding", "ringing", "accept", "reject", "media", "release", "other", "hold", "resume")
CONTROL, H245, RTP, RTCP, T38, T120 = range(6)
FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10


def arguments():
    return ["-q", "-z", "msiccp,cdr", "-z", ",".join(["msiccp,packet_fields", *ASKED])]


def first(value):
    return value.partition(VALUE_END)[0]


def all_of(value):
    return value.split(VALUE_END) if value else []


def number(value, otherwise=0):
    """A number as tshark writes it, decimal or 0x..., the first of several."""
    if not value:
        return otherwise
    try:
        return int(value, 0)
    except ValueError:
        return int(first(value), 0)


def address(values, end, which):
    """The outer or, WHICH 1, the quoted address: END is source or destination."""
    found = all_of(values[AT[end]])
    return found[which].decode() if len(found) > which else None
