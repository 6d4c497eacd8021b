#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes encoded-messages.json.xz: messages with random values, by an encoder of others' making, and what they say.

    MSICCP_ENCODER=FOLDER tshark-tests/encoded_messages.py      (script/encode-messages does it)

The values are Erlang's random ones (asn1ct:value), their texts, numbers and addresses filled in here, since those are the
same few over and over. What a message says is read from the value, before it is encoded: by the ASN.1 alone, here.
"""
import ipaddress
import json
import lzma
import os
import random
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "test-captures"))

# pylint: disable=wrong-import-position
import h225                                                                     # noqa: E402
from encoder import H225, H245, NULL, Erlang                                    # noqa: E402

HERE = Path(__file__).parent
COUNTS = {"setup": 700, "channels": 800, "answer": 200, "release": 200, "admission": 100}
LETTERS = "abcdefghijklmnopqrstuvwxyzäöüéßñΩж語-. 0123456789"
IDENTIFIER = (0, 0, 8, 2250, 0, 4)
LONGEST = 600       # octets of a message: the set is to stay small
LONGEST_PART = 70   # of one of its parts
POOL = 80           # random values of a type, that are used over and over with texts and numbers of their own
LARGE = ("mediaPacketization", "redundancyEncoding", "source", "destination", "portNumber", "flowControlToZero")
PER_IP = {4, 16}
NUMBERS = ("containedThreads", "pixelAspectCode")       # lists of numbers, that are no texts

# H.245's identifiers of generic capabilities: codecs.c has the same from the recommendations
GENERIC = {"0.0.7.7221.1.0": "G.722.1", "0.0.8.241.0.0.1": "H.264", "0.0.8.245.1.1.1": "AMR",
           "0.0.8.245.1.1.10": "AMR-WB", "0.0.8.245.1.1.11": "iLBC"}


class Maker:
    """Random values, the same ones for the same seed."""

    def __init__(self, erlang, seed=1731):
        self.erlang, self.random, self.pools = erlang, random.Random(seed), {}

    def value(self, module, kind, trim=lambda value: value):
        """A random value, of those that are short. Some of asn1ct's random values it cannot encode itself."""
        pool = self.pools.setdefault(kind, [])
        seed = 0
        while len(pool) < POOL:
            seed += 1
            value = trim(self.erlang.random(module, kind, seed))
            try:
                if len(self.erlang.encode(module, kind, value)) <= LONGEST_PART:
                    pool.append(value)
            except ValueError:
                pass
        return self.filled(self.random.choice(pool))

    def filled(self, value, key=None):
        """The same value with texts, octets and numbers of its own."""
        if isinstance(value, bytes):
            return self.random.randbytes(len(value)) if len(value) not in PER_IP else self.address(len(value))
        if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str):
            return (value[0], self.filled(value[1], value[0]))
        if isinstance(value, dict):
            return {key: self.filled(one, key) for key, one in value.items()}
        if isinstance(value, list) and value and all(isinstance(one, int) for one in value) and key not in NUMBERS:
            return self.text(key, len(value))
        if isinstance(value, list):
            return [self.filled(one, key) for one in value]
        if key in ("port", "tsapIdentifier"):
            return self.random.randrange(1, 65536)
        return value

    def address(self, length):
        return bytes([self.random.randrange(1, 224)]) + self.random.randbytes(length - 2) + b"\x01"

    def text(self, key, length):
        if key == "h323-ID":
            return "x" + "".join(self.random.choices(LETTERS, k=self.random.randrange(12))) + "y"
        if key in ("url-ID", "email-ID"):
            return "".join(self.random.choices("abcxyz.-@:0123456789", k=length + 3))
        return "".join(self.random.choices("0123456789", k=length))

    def some(self, least, most, make):
        return [make() for _ in range(self.random.randint(least, most))]

    def chance(self, of=0.5):
        return self.random.random() < of


def both_ways(channel):
    keys = ("forwardLogicalChannelParameters", "reverseLogicalChannelParameters")
    return [channel[key] for key in keys if key in channel]


def trimmed(channel):
    """An OpenLogicalChannel, or its acknowledgement, without what is large and says nothing here."""
    channel = {key: value for key, value in channel.items()
               if key not in ("separateStack", "encryptionSync", "genericInformation")}
    multiplexed = [way["multiplexParameters"] for way in both_ways(channel) if "multiplexParameters" in way]
    if "forwardMultiplexAckParameters" in channel:
        multiplexed.append(channel["forwardMultiplexAckParameters"])
    for _, parameters in multiplexed:
        for absent in LARGE if isinstance(parameters, dict) else ():
            parameters.pop(absent, None)
    for way in both_ways(channel):
        if "dataType" in way:
            way["dataType"] = ("nullData", NULL)
    return channel


# ---- what a value says

def place_of(address, network, port):
    """The address and port of an alternative of a transport address; None: it is none of IP."""
    kind, value = address
    if kind in ("unicastAddress", "multicastAddress"):
        kind, value = value
    if kind.lower() not in ("ipaddress", "ip6address", "ipsourceroute", "ipsourcerouteaddress"):
        return None
    return str(ipaddress.ip_address(value[network])), value[port]


def said_by_alias(alias):
    """The name that an alias is, and the place."""
    kind, value = alias
    if kind == "transportID":
        place = place_of(value, "ip", "port")
        return None, place and ("[{}]:{}" if ":" in place[0] else "{}:{}").format(*place)
    if kind in ("partyNumber", "isupNumber"):
        value = value[1]
        if isinstance(value, dict):
            value = next(value[key] for key in ("publicNumberDigits", "privateNumberDigits", "address") if key in value)
    if kind == "mobileUIM":
        numbers = [value[1][key] for key in ("imsi", "min", "mdn", "tmsi", "msisdn", "esn", "imei") if key in value[1]]
        if not numbers:
            return None, None
        value = numbers[0].hex() if isinstance(numbers[0], bytes) else numbers[0]
    return value, None


def name_of(aliases):
    said = [said_by_alias(alias) for alias in aliases]
    names = [name for name, _ in said if name]
    places = [place for _, place in said if place]
    return (names or places or [None])[0]


def codec_of(data):
    kind, value = data
    if kind == "h235Media":
        kind, value = value["mediaType"]
    if kind == "data":
        value = value["application"]
    if kind not in ("audioData", "videoData", "data"):
        return None
    name, value = value
    if name.startswith("generic"):
        identified, identifier = value["capabilityIdentifier"]
        if identified == "standard":
            dotted = ".".join(map(str, identifier))
            return GENERIC.get(dotted, dotted)
    return str(name)


def offers_of(parameters, codec, is_receivers):
    """What the multiplexParameters of a channel offer: address, port, codec."""
    kind, value = parameters
    if kind not in ("h2250LogicalChannelParameters", "h2250LogicalChannelAckParameters"):
        return
    named = "mediaChannel" in value
    if named:
        place = place_of(value["mediaChannel"], "network", "tsapIdentifier")
        if place:
            yield [*place, codec]
    if "mediaControlChannel" not in value:
        return
    place = place_of(value["mediaControlChannel"], "network", "tsapIdentifier")
    if place:
        yield [*place, None]
        if not named and is_receivers and place[1] % 2:
            yield [place[0], place[1] - 1, codec]


def offers_of_channel(channel, fast, from_caller):
    there = channel["forwardLogicalChannelParameters"]
    yield from offers_of(there["multiplexParameters"], codec_of(there["dataType"]), fast and not from_caller)
    back = channel.get("reverseLogicalChannelParameters")
    if back and "multiplexParameters" in back:
        yield from offers_of(back["multiplexParameters"], codec_of(back["dataType"]), fast and from_caller)


def offers_of_ack(ack):
    back = ack.get("reverseLogicalChannelParameters")
    if back and "multiplexParameters" in back:
        yield from offers_of(back["multiplexParameters"], None, True)
    if "forwardMultiplexAckParameters" in ack:
        yield from offers_of(ack["forwardMultiplexAckParameters"], None, True)


# Those that are not said as they are written.
WORDS = {"inConf": "in conference", "nonStandardReason": "nonstandard reason"}


def words(name):
    """A name of the ASN.1 in words."""
    return WORDS.get(name) or re.sub(
        r"(?<=[a-z])([A-Z]+)", lambda part: " " + (part[1] if len(part[1]) > 1 else part[1].lower()), name)


# ---- messages

class Messages(Maker):
    def channel(self):
        """A random OpenLogicalChannel, of data types that carry one medium; a generic one is of a known identifier."""
        channel = self.value(H245, "OpenLogicalChannel", trimmed)
        for parameters in both_ways(channel):
            parameters["dataType"] = self.data_type()
        return channel

    def data_type(self):
        kind = self.random.choice(("audioData", "audioData", "videoData", "data", "nullData", "nonStandard"))
        if kind == "nullData":
            return (kind, NULL)
        types = {"audioData": "AudioCapability", "videoData": "VideoCapability", "data": "DataApplicationCapability",
                 "nonStandard": "NonStandardParameter"}
        value = self.value(H245, types[kind])
        if kind in ("audioData", "videoData") and value[0].startswith("generic") and self.chance():
            numbers = tuple(map(int, self.random.choice(list(GENERIC)).split(".")))
            value = (value[0], value[1] | {"capabilityIdentifier": ("standard", numbers)})
        return (kind, value)

    def ack(self):
        return self.value(H245, "OpenLogicalChannelAck", trimmed)

    def aliases(self):
        return self.some(1, 3, lambda: self.value(H225, "AliasAddress"))

    def source(self):
        """Who sends it, and the words that stand for that."""
        product = "".join(self.random.choices("abcxyz ABC0123", k=9)).strip() + "p"
        version = "".join(self.random.choices("0123456789.", k=4)) + "v"
        vendor = {"vendor": {"t35CountryCode": self.random.randrange(256), "t35Extension": 0, "manufacturerCode": 18}}
        vendor["productId"] = product.encode()
        if self.chance():
            vendor["versionId"] = version.encode()
            product += " " + version
        return {"vendor": vendor, "terminal": {}, "mc": False, "undefinedNode": self.chance()}, product

    def fast(self, from_caller):
        channels = self.some(0, 2, self.channel)
        octets = [self.erlang.encode(H245, "OpenLogicalChannel", one) for one in channels]
        return octets, [offer for one in channels for offer in offers_of_channel(one, True, from_caller)]

    def written(self, kind, body, from_caller=True, elements=b"", **beside):
        information = {"h323-message-body": body} | beside
        octets = self.erlang.encode(H225, "H323-UserInformation", {"h323-uu-pdu": information})
        reference = self.random.randrange(1, 0x8000)
        message = h225.tpkt(h225.q931(kind, reference, from_caller, elements + h225.user_user(octets)))
        return {"octets": message.hex(), "call_reference": reference, "from_caller": from_caller}

    def identified(self):
        guid = self.random.randbytes(16)
        text = guid.hex()
        return guid, "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

    def setup(self):
        guid, call_id = self.identified()
        source, product = self.source()
        body = {"protocolIdentifier": IDENTIFIER, "sourceInfo": source, "activeMC": self.chance(), "conferenceID": guid,
                "conferenceGoal": ("create", NULL), "callType": ("pointToPoint", NULL), "callIdentifier": {"guid": guid},
                "mediaWaitForConnect": self.chance(), "canOverlapSend": self.chance(),
                "sourceAddress": self.aliases(), "destinationAddress": self.aliases()}
        fast, media = self.fast(True)
        if fast:
            body["fastStart"] = fast
        if self.chance(0.3):
            body["destCallSignalAddress"] = self.value(H225, "TransportAddress")
        return self.written(h225.SETUP, ("setup", body)) | {
            "caller": name_of(body["sourceAddress"]), "callee": name_of(body["destinationAddress"]), "product": product,
            "call_id": call_id, "media": media}

    def answer(self):
        guid, call_id = self.identified()
        source, product = self.source()
        kind, name = self.random.choice(((h225.ALERTING, "alerting"), (h225.CONNECT, "connect"),
                                         (h225.CALL_PROCEEDING, "callProceeding"), (0x03, "progress")))
        body = {"protocolIdentifier": IDENTIFIER, "destinationInfo": source, "callIdentifier": {"guid": guid}}
        fast, media = self.fast(False)
        if fast:
            body["fastStart"] = fast
        if kind == h225.CONNECT:
            body["conferenceID"] = guid
        return self.written(kind, (name, body), False) | {"product": product, "call_id": call_id, "media": media}

    def channels(self):
        guid, call_id = self.identified()
        media, control = [], []
        for _ in range(self.random.randint(1, 3)):
            if self.chance():
                one = self.channel()
                media += offers_of_channel(one, False, True)
                message = ("request", ("openLogicalChannel", one))
            else:
                one = self.ack()
                media += offers_of_ack(one)
                message = ("response", ("openLogicalChannelAck", one))
            control.append(self.erlang.encode(H245, "MultimediaSystemControlMessage", message))
        body = {"protocolIdentifier": IDENTIFIER, "reason": ("transportedInformation", NULL),
                "callIdentifier": {"guid": guid}}
        written = self.written(h225.FACILITY, ("facility", body), self.chance(), h245Tunnelling=True, h245Control=control)
        return written | {"call_id": call_id, "media": media}

    def release(self):
        guid, call_id = self.identified()
        reason = self.value(H225, "ReleaseCompleteReason")
        cause = self.random.choice((None, *range(1, 128)))
        body = {"protocolIdentifier": IDENTIFIER, "reason": reason, "callIdentifier": {"guid": guid}}
        elements = b"" if cause is None else h225.element(0x08, bytes([0x80, 0x80 | cause]))
        said = {"reason": words(reason[0]), "call_id": call_id} | ({} if cause is None else {"cause": cause})
        return self.written(h225.RELEASE_COMPLETE, ("releaseComplete", body), self.chance(), elements) | said

    def admission(self):
        guid, call_id = self.identified()
        reference = self.random.randrange(1, 0x8000)
        body = {"requestSeqNum": self.random.randrange(1, 65536), "callType": ("pointToPoint", NULL),
                "endpointIdentifier": "endpoint", "srcInfo": self.aliases(), "destinationInfo": self.aliases(),
                "bandWidth": 1280, "callReferenceValue": reference, "conferenceID": guid, "activeMC": False,
                "answerCall": False, "canMapAlias": False, "callIdentifier": {"guid": guid}}
        octets = self.erlang.encode(H225, "RasMessage", ("admissionRequest", body))
        return {"octets": octets.hex(), "over": "udp", "from_caller": True, "caller": name_of(body["srcInfo"]),
                "callee": name_of(body["destinationInfo"]), "call_id": call_id}

    def one(self, kind):
        """A short message."""
        while True:
            made = {"kind": kind} | getattr(self, kind)()
            if len(made["octets"]) <= 2 * LONGEST:
                return made


def main():
    maker = Messages(Erlang(os.environ["MSICCP_ENCODER"]))
    made = [maker.one(kind) for kind, count in COUNTS.items() for _ in range(count)]
    octets = json.dumps(made, separators=(",", ":"), sort_keys=True).encode()
    (HERE / "encoded-messages.json.xz").write_bytes(lzma.compress(octets, preset=9))


if __name__ == "__main__":
    main()
