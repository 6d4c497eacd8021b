# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin does with captures that are made to be hard for it: each at one size and at ten times that.

Of each are printed the user time a packet and the most memory, with the plugin and without, and how the time a
packet grows from the small one to the large: what is linear stays near 1. A row whose growth is more than 1.2 where
stock Wireshark's is not is marked, and makes the exit status 1.

See script/stress and docs/SECURITY.md.
"""

import argparse
import functools
import itertools
import re
import struct
import sys

import bench
import captures
import h225
import h245
import ras
from support import files, traffic, tshark

MOST_GROWTH = 1.2
TIMES = 10
SMALL_RUNS = 3          # of what takes so little time that starting matters: the shortest counts
START = 1_000_000_000 * captures.SECOND
STEP = 1000             # microseconds between frames
SYN, PUSH_AND_ACK = 0x02, 0x18
GUESSED = bytes(range(0x81, 0x91))      # bytes that no protocol begins with
FICTITIOUS = ("msiccp.native.framing:Length field", "msiccp.native.length_width:4 bytes",
              "msiccp.native.length_offset:100000", "msiccp.native.type_offset:0")
MANY_FIELDS = ("msiccp.native.framing:One message a segment", "msiccp.native.type_width:1 byte",
               *(f'uat:msiccp_native_fields:"any","{n % 1000}","1","uint","f{n}","big","none"' for n in range(1000)))


def address(number):
    return bytes([10, 1 + (number >> 16), number >> 8 & 0xFF, number & 0xFF])


def tcp(source, target, ports, sequence, flags, payload=b""):
    head = struct.pack("!HHIIBBHHH", *ports, sequence & 0xFFFFFFFF, 1, 0x50, flags, 64240, 0, 0)
    return traffic.ethernet(traffic.ip(traffic.TCP, source, target, head + payload))


def opened(number, payloads, to=1731):
    """A connection of host NUMBER's, its SYN and these segments."""
    source, target, ports = address(number), address(0xFFFF), (1024 + number % 60_000, to)
    yield tcp(source, target, ports, 0, SYN)
    sequence = 1
    for payload in payloads:
        yield tcp(source, target, ports, sequence, PUSH_AND_ACK, payload)
        sequence += len(payload)


def setup(number, **fields):
    guid = struct.pack("!I", number + 1) + bytes(11) + b"\1"
    return h225.message(h225.SETUP, 1 + number % 32_000, True, 4, guid=guid, conference=guid, **fields)


def cut(payload, size):
    return [payload[at:at + size] for at in range(0, len(payload), size)]


def datagram(source, ports, payload, target=None):
    return traffic.ethernet(traffic.ip(traffic.UDP, source, target or address(0xFFFF), traffic.udp(*ports, payload)))


def each(count, frames_of):
    return itertools.chain.from_iterable(frames_of(number) for number in range(count))


def sessions(count):
    return each(count, lambda number: opened(number, [setup(number)]))


def opaque_connections(count):
    return each(count, lambda number: opened(number, [GUESSED]))


def udp_sources(count):
    return (datagram(address(number), (5000, 1731), GUESSED) for number in range(count))


def endless_tpkts(count):
    segments = cut(b"\3\0\xff\xff\x08\x02\0\1\x05" + bytes(40_000), 1400)
    return each(count, lambda number: opened(number, segments))


def one_byte_segments(count):
    messages = b"".join(setup(number) for number in range(count // 150))
    return opened(1, cut(messages, 1))


def registrations(count):
    """RAS of many hosts, each asking for a gatekeeper that does not answer."""
    return (datagram(address(number), (1719, 1731), ras.gatekeeper_request(
        1 + number % 65_000, (address(number), 1719), f"host{number}")) for number in range(count))


def addresses_at_every_offset(count):
    """Unknown messages of 64 KB in which every four bytes could be the address of the other end."""
    message = (address(0xFFFF) + b"\x13\x88") * 10_900
    return each(count, lambda number: opened(number, cut(GUESSED + message, 1400)))


def offers_in_setup(count):
    """SETUPs with 600 elements of fast start, each with addresses of its own."""
    def elements(number):
        places = ((f"10.9.{number % 250}.{at % 250}", 2000 + 2 * at) for at in range(600))
        return [h245.fast_start_element(at, h245.audio(h245.g711(3)), place) for at, place in enumerate(places, 1)]
    return each(count, lambda number: opened(number, cut(setup(number, fast_start=elements(number)), 1400)))


def tunnelled(count):
    """FACILITY with 100 messages of H.245 in it."""
    controls = [h245.capabilities(1) for _ in range(100)]

    def frames(number):
        guid = struct.pack("!I", number + 1) + bytes(11) + b"\1"
        facility = h225.message(h225.FACILITY, 1 + number % 32_000, True, 4, guid=guid, h245=controls)
        return opened(number, [setup(number, h245=controls[:1]), *cut(facility, 1400)])
    return each(count, frames)


def calls_of_one_host(count):
    """SETUPs whose sender, by their addresses, calls itself."""
    def frames(number):
        host = address(7)
        yield tcp(host, host, (1024 + number % 60_000, 1731), 0, SYN)
        yield tcp(host, host, (1024 + number % 60_000, 1731), 1, PUSH_AND_ACK, setup(number))
    return each(count, frames)


def calls_with_one_identifier(count):
    """SETUPs of many hosts, all with the same call identifier."""
    guid = bytes(15) + b"\1"
    return each(count, lambda number: opened(number, [
        h225.message(h225.SETUP, 1 + number % 32_000, True, 4, guid=guid, conference=guid)]))


def calls_at_one_place(count):
    """SETUPs of many hosts that name one address for media and one for H.245."""
    place = ("10.9.9.9", 5000)
    offer = h245.fast_start_element(1, h245.audio(h245.g711(3)), place, backward=True)
    return each(count, lambda number: opened(number, [
        setup(number, fast_start=[offer], h245_address=("10.9.9.9", 6000))]))


def control_channels_at_one_place(count):
    """The same, and the H.245 of each, all at that address."""
    host = bytes([10, 9, 9, 9])

    def frames(number):
        ports = (1024 + number % 60_000, 6000)
        yield from opened(number, [setup(number, h245_address=("10.9.9.9", 6000))])
        yield tcp(address(number), host, ports, 0, SYN)
        yield tcp(address(number), host, ports, 1, PUSH_AND_ACK, h245.capabilities(1))
    return each(count, frames)


def names_of_one_host(count):
    """SETUPs of a host that calls itself otherwise each time, to somebody else each time."""
    def frames(number):
        ports = (1024 + number % 60_000, 1731)
        yield tcp(address(7), address(8), ports, 0, SYN)
        yield tcp(address(7), address(8), ports, 1, PUSH_AND_ACK,
                  setup(number, aliases=[f"caller{number}"], to_aliases=[f"callee{number}"]))
    return each(count, frames)


def calls_of_one_name(count):
    """SETUPs of many hosts that all call themselves alike, and the same one."""
    return each(count, lambda number: opened(number, [setup(number, aliases=["same"], to_aliases=["other"])]))


def calls_forwarded_to_one_name(count):
    """Calls of a host that are sent on to a name that nobody calls then."""
    def frames(number):
        ports = (1024 + number % 60_000, 1731)
        guid = struct.pack("!I", number + 1) + bytes(11) + b"\1"
        facility = h225.message(h225.FACILITY, 1 + number % 32_000, False, 4, guid=guid,
                                reason="callForwarded", alternative_aliases=["nobody"])
        yield tcp(address(7), address(8), ports, 0, SYN)
        yield tcp(address(7), address(8), ports, 1, PUSH_AND_ACK, setup(number))
        yield tcp(address(8), address(7), ports[::-1], 1, PUSH_AND_ACK, facility)
    return each(count, frames)


def registrations_of_one_number(count):
    """RAS of many hosts to one gatekeeper, all with the same sequence number."""
    return (datagram(address(number), (1719, 1731), ras.gatekeeper_request(7, (address(number), 1719), "same"))
            for number in range(count))


def admissions_with_one_identifier(count):
    """Requests for admission to a call that all have the same identifier."""
    guid = bytes(15) + b"\1"
    return (datagram(address(number), (1719, 1731), ras.admission_request(
        1 + number % 65_000, "endpoint", 1 + number % 32_000, guid, guid, source="same")) for number in range(count))


def sources_of_one_stream(count):
    """A call, and RTP to where it was announced of another source with every packet."""
    guid = bytes(15) + b"\1"
    place = (".".join(map(str, address(1))), 5000)
    offer = h245.fast_start_element(1, h245.audio(h245.g711(3)), place, backward=True)
    call = h225.message(h225.SETUP, 1, True, 4, guid=guid, conference=guid, fast_start=[offer])

    def packet(number):
        head = struct.pack("!BBHII", 0x80, 0, number & 0xFFFF, 160 * number, 64 * number)
        return datagram(address(0xFFFF), (6000, 5000), head + bytes(20), address(1))
    return itertools.chain(opened(1, [call]), map(packet, range(count)))


def wrapping(count):
    """Sequence numbers that begin again at 0 in the middle."""
    source, target, ports = address(1), address(2), (5000, 1731)
    begin = 0xFFFFFFFF - 75 * count
    yield tcp(source, target, ports, begin - 1, SYN)
    sequence = begin
    for number in range(count):
        message = setup(number)
        yield tcp(source, target, ports, sequence, PUSH_AND_ACK, message)
        sequence += len(message)


def length_far_off(count):
    return opened(1, cut(bytes(count), 1))


def many_fields(count):
    return opened(1, [bytes([number & 0xFF]) + bytes(999) for number in range(count)])


def written(make, count):
    path = files.scratch("stress-") / f"{make.__name__}.pcap"
    packets = captures.write_capture(path, ((START + STEP * at, frame) for at, frame in enumerate(make(count))))
    return path, packets


def long_call(count):
    path = files.scratch("stress-") / "long-call.pcap"
    return path, captures.write_long_call(path, count)


def references(count):
    path = files.scratch("stress-") / "references.pcap"
    return path, captures.write_references(path, count)


# Name, what makes it, the size of the large one, preferences.
ROWS = [
    ("sessions", functools.partial(written, sessions), 100_000, ()),
    ("RTP packets of a call", long_call, 1_000_000, ()),
    ("opaque connections", functools.partial(written, opaque_connections), 100_000, ()),
    ("UDP sources", functools.partial(written, udp_sources), 100_000, ()),
    ("TPKTs that never complete", functools.partial(written, endless_tpkts), 30_000, ()),
    ("call references of a connection", references, 30_000, ()),
    ("segments of one byte", functools.partial(written, one_byte_segments), 1_000_000, ()),
    ("RAS requests", functools.partial(written, registrations), 300_000, ()),
    ("messages full of addresses", functools.partial(written, addresses_at_every_offset), 5_000, ()),
    ("SETUPs with 600 offers", functools.partial(written, offers_in_setup), 2_000, ()),
    ("FACILITYs with 100 messages", functools.partial(written, tunnelled), 10_000, ()),
    ("SETUPs of a host to itself", functools.partial(written, calls_of_one_host), 200_000, ()),
    ("SETUPs with one call identifier", functools.partial(written, calls_with_one_identifier), 100_000, ()),
    ("SETUPs that name one place", functools.partial(written, calls_at_one_place), 100_000, ()),
    ("H.245 at one place", functools.partial(written, control_channels_at_one_place), 100_000, ()),
    ("names of a host", functools.partial(written, names_of_one_host), 100_000, ()),
    ("SETUPs with one name", functools.partial(written, calls_of_one_name), 100_000, ()),
    ("calls forwarded to one name", functools.partial(written, calls_forwarded_to_one_name), 100_000, ()),
    ("RAS requests with one number", functools.partial(written, registrations_of_one_number), 200_000, ()),
    ("admissions to one identifier", functools.partial(written, admissions_with_one_identifier), 200_000, ()),
    ("SSRCs of a stream", functools.partial(written, sources_of_one_stream), 300_000, ()),
    ("SETUPs around sequence number 0", functools.partial(written, wrapping), 100_000, ()),
    ("native: a length at byte 100,000", functools.partial(written, length_far_off), 500_000, FICTITIOUS),
    ("native: 1,000 fields", functools.partial(written, many_fields), 100_000, MANY_FIELDS),
]


def measured(world, capture, preferences):
    """(seconds of user time, KiB at most) of a tshark that reads it, with what it reports."""
    arguments = ("-q", "-z", "io,phs")
    if world.plugin:
        arguments = ("-q", "-z", "msiccp,cdr", "-z", "msiccp,ports", *itertools.chain.from_iterable(
            ("-o", preference) for preference in preferences))
    _messages, usage = bench.run(bench.Program("", world, arguments), capture)
    return usage.ru_utime, usage.ru_maxrss


def row(name, make, large, preferences):
    """(line, whether it is linear)"""
    growth = {}
    cells = []
    for world in (tshark.plugin, tshark.stock):
        start = starting(world, preferences)
        micros = []
        for size in (large // TIMES, large):
            capture, packets = make(size)
            runs = [measured(world, capture, preferences) for _ in range(1 if size == large else SMALL_RUNS)]
            seconds, memory = min(runs)
            micros.append((seconds - start) * 1e6 / packets)
            capture.unlink()
        growth[world.plugin] = micros[1] / max(micros[0], 0.01)
        cells.append(f"{micros[0]:.1f}, {micros[1]:.1f} | {growth[world.plugin]:.2f} | {memory // 1024}")
    linear = growth[True] <= MOST_GROWTH * max(1, growth[False])
    return f"| {name} | {large:,} | {' | '.join(cells)} |{'' if linear else ' **grows**'}", linear


@functools.cache
def starting(world, preferences):
    """Seconds that it takes to start, with an empty capture."""
    path = files.scratch("stress-") / "empty.pcap"
    captures.write_capture(path, [])
    return min(measured(world, path, preferences)[0] for _ in range(SMALL_RUNS))


def files_in_a_row(world, count):
    """KiB at most of a sharkd that loads so many files, each dissected again with other preferences."""
    few = [str(files.readable(path)) for path in files.captures("h323-*")[:10]]
    preference = "msiccp.link_media" if world.plugin else "tcp.check_checksum"
    requests = []
    for number in range(count):
        requests += [("load", {"file": few[number % len(few)]}),
                     ("setconf", {"name": preference, "value": ("FALSE", "TRUE")[number % 2]}),
                     ("frames", {"filter": "rtp"})]
    _messages, usage = bench.run_command(world, [tshark.SHARKD, "-"], tshark.sharkd_input(requests))
    return usage.ru_maxrss


def say_files_in_a_row():
    for world in (tshark.plugin, tshark.stock):
        few, many = (files_in_a_row(world, count) for count in (15, 150))
        print(f"sharkd {'with' if world.plugin else 'without'} the plugin, at most after 15 files and after 150: "
              f"{few // 1024} MiB and {many // 1024} MiB, {(many - few) // 135} KiB a file", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("rows", nargs="*", help="only rows whose names have one of these in them")
    asked = parser.parse_args()
    print("| capture | size | plugin: µs a packet at 1x, 10x | growth | MiB | stock: µs at 1x, 10x | growth | MiB |\n"
          "| --- | --- | --- | --- | --- | --- | --- | --- |", flush=True)
    all_linear = True
    for name, make, large, preferences in ROWS:
        if asked.rows and not any(re.search(part, name) for part in asked.rows):
            continue
        line, linear = row(name, make, large, preferences)
        all_linear &= linear
        print(line, flush=True)
    if not asked.rows or "sharkd" in asked.rows:
        say_files_in_a_row()
    return 0 if all_linear else 1


if __name__ == "__main__":
    sys.exit(main())
