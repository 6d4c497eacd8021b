# SPDX-License-Identifier: GPL-2.0-or-later
"""What names somebody in a message: tshark tells where it is, and how it is coded there."""

import dataclasses
import json
import re

# Of these protocols, text names somebody, unless it says what a program is or can.
PROTOCOLS = ("h225.", "h245.", "q931.", "e164.", "h235.", "h450.", "h4501.", "h460.",
             "msiccp.netmeeting.")
KEPT = ("h225.productId", "h225.versionId", "h225.protocolType", "h225.protocolVariant",
        "h225.protocolIdentifier", "h245.audioTelephoneEvent", "h245.productNumber",
        "h245.versionNumber", "h245.sessionDescription", "q931.cause_call.rec_timer")
# Octets that are an address, or computed of a password.
HIDDEN = re.compile(r"h225\.(node|netnum|nsap|netBios|ipxN\w+|subaddress|hash|signature)|"
                    r"h235\.(hash|signature|encryptedData|challenge|ocsp\w*|certificate)|"
                    r"h245\.(nsap|netBios|ipxN\w+|nonUnicast\w*|e164\w*)")
ADDRESSES, GUIDS = ("FT_IPv4", "FT_IPv6"), ("FT_GUID",)
TEXTS = ("FT_STRING", "FT_STRINGZ", "FT_UINT_STRING", "FT_STRINGZPAD", "FT_STRINGZTRUNC")
PACKED = "#*,0123456789"        # letters of dialled digits, as PER numbers them
DIGITS = ("h225.dialledDigits", "h225.publicNumberDigits", "h225.privateNumberDigits",
          "h225.dataPartyNumber", "h225.telexPartyNumber", "h225.nationalStandardPartyNumber")
SHORTEST = 3        # octets that are looked for where they are not said to be
UNKNOWN_DATA = "h225.data"      # of nonStandard: a manufacturer's own


@dataclasses.dataclass
class Field:
    name: str
    text: str
    raw: bytes
    at: int     # in the message


@dataclasses.dataclass
class Message:
    octets: bytes
    fields: list


def types_of(listed):
    """name -> type of the fields that matter, from what `tshark -G fields` prints."""
    types = {}
    for line in listed.splitlines():
        parts = line.split("\t", 4)
        if parts[0] == "F" and len(parts) > 3 and parts[2].startswith(PROTOCOLS):
            types[parts[2]] = parts[3]
    return types


def _walk(pairs):
    """(name, shown, hexadecimal, place) of everything in a tree of `-T json -x`, in its order."""
    raws = {}
    for name, value in pairs:
        if name.endswith("_raw"):
            raws[name[:-4]] = value
            continue
        raw = raws.pop(name, None)
        shown = value if isinstance(value, list) and value and isinstance(value[0], str) else [value]
        if raw:
            places = raw if isinstance(raw[0], list) else [raw]
            for place, text in zip(places, shown * len(places) if len(shown) == 1 else shown):
                if isinstance(place[0], str):
                    yield name, text if isinstance(text, str) else "", place[0], place[1]
        for tree in value if isinstance(value, list) else ():
            if isinstance(tree, tuple):
                yield from _walk(value)
                break
            if isinstance(tree, list) and tree and isinstance(tree[0], tuple):
                yield from _walk(tree)


def _octets(hexadecimal):
    """None of a part of octets, which tshark writes as a number."""
    try:
        return bytes.fromhex(hexadecimal)
    except ValueError:
        return b""


def _message(known, at, length):
    """The octets of the message that is at AT, of all protocols that were found in the frame."""
    for place, octets in known:
        if place == at and len(octets) == length:
            return octets
    return None


def read(text, types):
    """The Messages of all frames of `-T json -x`."""
    for frame in json.loads(text, object_pairs_hook=list):
        layers = dict(dict(frame)["_source"])["layers"]
        found = [(name, shown, _octets(octets), at)
                 for name, shown, octets, at in _walk(layers)]
        whole = [(at, octets) for name, _shown, octets, at in found
                 if name in ("msiccp", "udp.payload")]
        message, base = None, 0
        for name, shown, octets, at in found:
            if name == "tpkt" and len(octets) == 4:
                length = int.from_bytes(octets[2:], "big")
                message = Message(_message(whole, at, length) or octets, [])
                base = at
                yield message
            elif name == "udp.payload":
                message, base = Message(octets, []), at
                yield message
            elif message and name.startswith(PROTOCOLS) and name not in KEPT and octets:
                message.fields.append(Field(name, shown, octets, at - base))


def nibbles(digits):
    """Dialled digits as PER packs them, as hexadecimal: half an octet each."""
    return "".join(f"{PACKED.index(digit):x}" for digit in digits)


def _with_digits(octets, field, substitutes):
    """Replaces dialled digits in the bytearray OCTETS. Whether they were there: half an octet behind
    an odd number of them is the next field's, and no part of what tshark shows."""
    if not field.text or set(field.text) - set(PACKED):
        return False
    was, becomes = nibbles(field.text), nibbles(substitutes.text(field.text))
    for at in (field.at, field.at + 1, field.at + 2):
        there = octets[at:at + len(was) // 2 + 1].hex()
        if there.startswith(was):
            changed = bytes.fromhex(becomes + there[len(was):])
            octets[at:at + len(changed)] = changed
            return True
    return False


def _substitute(field, kind, substitutes):
    """What stands for FIELD, or None where it names nobody."""
    if kind in ADDRESSES and len(field.raw) in (4, 16):
        return substitutes.address(field.raw)
    if kind in GUIDS or HIDDEN.fullmatch(field.name):
        return substitutes.identifier(field.raw)
    if field.name == UNKNOWN_DATA:
        return substitutes.scrambled(field.raw)
    if kind not in TEXTS:
        return None
    if len(field.raw) >= 2 and len(field.raw) == 2 * len(field.text):
        return substitutes.wide(field.raw)
    return substitutes.octets(field.raw)


def rewritten(message, types, substitutes):
    """MESSAGE with substitutes for all that names somebody."""
    octets = bytearray(message.octets)
    for field in message.fields:
        kind = types.get(field.name)
        if kind in TEXTS and field.name in DIGITS and _with_digits(octets, field, substitutes):
            continue
        found = _substitute(field, kind, substitutes)
        end = field.at + len(field.raw)
        if not found:
            continue
        if message.octets[field.at:end] == field.raw:
            octets[field.at:end] = found
        elif len(field.raw) >= SHORTEST:
            # tshark has put it together elsewhere, such as in a buffer of its own.
            octets = bytearray(bytes(octets).replace(field.raw, found))
    return bytes(octets)
