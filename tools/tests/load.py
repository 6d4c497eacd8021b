# SPDX-License-Identifier: GPL-2.0-or-later
"""How much `msiccp-calls watch -i` takes in: unrelated packets at a rate, and calls side by side, over a pair of
interfaces in a network namespace of its own. As root.

    /usr/bin/python3 tools/tests/load.py [--rate 50000] [--calls 100] [--seconds 30]

Prints what was sent, what watch said was lost, the calls that it told, and how far behind the packets it was.
"""

import argparse
import os
import pathlib
import random
import resource
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.dont_write_bytecode = True

import media  # noqa: E402
import test_watch  # noqa: E402
import tool  # noqa: E402

HOSTS, LENGTHS = 200, (60, 60, 60, 200, 600, 1400)
ROUND = 100_000     # unrelated packets, which are sent over and over


def unrelated(path):
    """Datagrams and segments between many hosts and ports, none of them ours."""
    chance = random.Random(1)
    with media.begin_capture(path) as out:
        for number in range(ROUND):
            protocol = chance.choice((6, 17))
            payload = bytes(chance.choice(LENGTHS))
            ports = struct.pack(">HH", chance.randrange(20000, 60000), chance.choice((80, 443, 53, 445, 3389, 8080)))
            layer = (ports + struct.pack(">IIBBHHH", number, 1, 0x50, 0x10, 8192, 0, 0) if protocol == 6
                     else ports + struct.pack(">HH", len(payload) + 8, 0)) + payload
            address = bytes([10, 9, chance.randrange(HOSTS), chance.randrange(1, 250)])
            packet = struct.pack(">BBHHHBBH", 0x45, 0, len(layer) + 20, number & 0xFFFF, 0, 64, protocol, 0)
            media.write_record(out, number * 20, bytes(6) + bytes(range(6)) + b"\x08\x00" + packet + address
                               + bytes([10, 8, 0, 1]) + layer)


def side_by_side(path, calls, seconds):
    """CALLS that begin within SECONDS of one another, each between hosts of its own."""
    frames = media.read(tool.CALL)
    identifier = bytes.fromhex(tool.records(tool.CALL)[0]["call_id"].replace("-", ""))
    packets = []
    for call in range(calls):
        network = bytes([10, 100 + call // 250, call % 250])
        own = identifier[:-4] + struct.pack(">I", call)
        packets += [(when + call * seconds * 1_000_000 // calls,
                     frame.replace(bytes([10, 73, 1, 10]), network + b"\x0a")
                     .replace(bytes([10, 73, 1, 20]), network + b"\x14").replace(identifier, own))
                    for when, frame in frames]
    with media.begin_capture(path) as out:
        for when, frame in sorted(packets, key=lambda packet: packet[0]):
            media.write_record(out, when, frame)
    return len(packets)


def namespace(name):
    def ip(*arguments):
        subprocess.run(["ip", *arguments], check=True)

    ip("netns", "add", name)
    ip("-n", name, "link", "add", "there", "type", "veth", "peer", "name", "here")
    for end in ("there", "here"):
        ip("-n", name, "link", "set", end, "up")


def sent_by(process):
    """(packets, seconds) as tcpreplay counts them."""
    said = process.communicate()[0]
    line = next(line for line in said.splitlines() if line.startswith("Actual:"))
    words = line.replace("(", " ").split()
    return int(words[1]), float(words[words.index("in") + 1])


def measure(options, folder, inside):
    unrelated(folder / "unrelated.pcap")
    of_calls = side_by_side(folder / "calls.pcap", options.calls, 5)
    with test_watch.watched("-i", "here", "--state", folder / "state", before=inside) as watch:
        watch.wait_for(lambda: (folder / "state/ring").is_dir() and list((folder / "state/ring").iterdir()))
        time.sleep(2)

        def play(*arguments):
            return subprocess.Popen([*inside, "tcpreplay", "-q", "-i", "there", *arguments], text=True,
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

        rounds = max(1, options.rate * options.seconds // ROUND)
        noise = play("-K", f"--pps={options.rate}", f"--loop={rounds}", str(folder / "unrelated.pcap"))
        time.sleep(options.seconds / 3)
        calls = play("-K", str(folder / "calls.pcap"))
        packets, seconds = sent_by(noise)
        sent_by(calls)
        ended = time.monotonic()
        watch.wait_for(lambda: len(watch.of("call")) >= options.calls, 120)
        late = time.monotonic() - ended
        time.sleep(5)
        watch.end()
    print(f"sent: {packets:,} unrelated packets, {packets / seconds:,.0f} a second, and {of_calls:,} of "
          f"{options.calls} calls")
    print(f"gaps: {watch.of('gap')}; messages: {watch.messages}")
    told = {record["session"]: record for record in watch.records().values()}
    whole = sum(record["verdict"] == "good" and all(not stream["lost"] for stream in record["streams"])
                for record in told.values())
    print(f"calls: {len(told)}, {whole} of them good and without a lost packet; the last was told {late:.1f} s after "
          "all had been sent")
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"processor time of all, tcpreplay too: {usage.ru_utime + usage.ru_stime:.0f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=int, default=50_000)
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=30)
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("load.py must run as root: it makes a network namespace and captures in it")
    name = f"load-{os.getpid()}"
    namespace(name)
    try:
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            measure(options, pathlib.Path(folder), ["ip", "netns", "exec", name])
    finally:
        subprocess.run(["ip", "netns", "del", name], check=True)


if __name__ == "__main__":
    main()
