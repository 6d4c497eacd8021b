# SPDX-License-Identifier: GPL-2.0-or-later
"""What stands for what: each address, name and identifier has one substitute, of the same length
and kind, by chance and not to be found from what it stands for."""

import hashlib
import hmac
import ipaddress
import os
import re

MULTICAST_BIT, LOCAL_BIT = 1, 2
# Addresses that are the same everywhere, and those that stay within what they are.
KEPT_4 = [ipaddress.ip_network(text) for text in ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4",
                                                  "240.0.0.0/4")]
RANGES_4 = [ipaddress.ip_network(text) for text in (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10")]
OUTSIDE_4 = ipaddress.ip_network("198.18.0.0/15")       # of benchmarks: nobody's
KEPT_6 = [ipaddress.ip_network(text) for text in ("::/127", "ff00::/8")]
RANGES_6 = [ipaddress.ip_network(text) for text in ("fe80::/10", "fd00::/8")]
OUTSIDE_6 = ipaddress.ip_network("2001:db8::/32")       # of documentation
MAPPED = bytes(10) + b"\xff\xff"


class Substitutes:
    """Of one capture; SECRET is known to nobody else."""

    def __init__(self, secret=None):
        self.secret = secret or os.urandom(32)
        self.addresses, self.texts, self.identifiers, self.hardware = {}, {}, {}, {}
        self._taken = set()

    def _octets(self, kind, original, length, turn=0):
        digest = hmac.new(self.secret, b"%s %d %s" % (kind, turn, original), hashlib.sha512)
        return digest.digest()[:length]

    def _other_address(self, original, ranges, outside):
        """Another one of the same range, which neither stands for another nor is in the capture."""
        address = ipaddress.ip_address(original)
        network = next((net for net in ranges if address in net), outside)
        for turn in range(1 << 16):
            chance = int.from_bytes(self._octets(b"address", original, len(original), turn), "big")
            host = chance % (network.num_addresses - 2) + 1
            found = (network.network_address + host).packed
            if found not in self._taken and found != original and found[-1] not in (0, 255):
                self._taken.add(found)
                return found
        raise ValueError("more addresses than there are substitutes for")

    def reserve(self, originals):
        """No substitute is one of ORIGINALS."""
        self._taken.update(originals)

    def address(self, original):
        """Of 4 or 16 octets."""
        if original not in self.addresses:
            if original.startswith(MAPPED) and len(original) == 16:
                found = MAPPED + self.address(original[12:])
            else:
                kept, ranges, outside = ((KEPT_4, RANGES_4, OUTSIDE_4) if len(original) == 4
                                         else (KEPT_6, RANGES_6, OUTSIDE_6))
                address = ipaddress.ip_address(original)
                found = (original if any(address in network for network in kept)
                         else self._other_address(original, ranges, outside))
            self.addresses[original] = found
        return self.addresses[original]

    def mac(self, original):
        """Those of groups are the same everywhere."""
        if original[0] & MULTICAST_BIT or not any(original):
            return original
        if original not in self.hardware:
            found = bytearray(self._octets(b"mac", original, 6))
            found[0] = found[0] & 0xFC | LOCAL_BIT
            self.hardware[original] = bytes(found)
        return self.hardware[original]

    def identifier(self, original):
        """A GUID, or other octets that only name something. None at all stays none."""
        if not any(original):
            return original
        if original not in self.identifiers:
            found = b"".join(self._octets(b"identifier", original, 64, turn)
                             for turn in range(len(original) // 64 + 1))
            self.identifiers[original] = found[:len(original)]
        return self.identifiers[original]

    @staticmethod
    def _letter(letter, chance):
        """Another letter of LETTER's kind, which every coding writes in as many octets."""
        for first, last in (("0", "9"), ("a", "z"), ("A", "Z"), ("\xe0", "\xf6"),
                            ("\u0430", "\u044f"), ("\u4e00", "\u4eff")):
            if first <= letter <= last:
                size = ord(last) - ord(first) + 1
                return chr(ord(first) + (ord(letter) - ord(first) + 1 + chance % (size - 1)) % size)
        if letter < "\x80" or not letter.isalpha():
            return letter
        if letter <= "\u07ff":
            return "\xe0" if letter <= "\xff" else "\u0430"
        return "\u4e00" if letter <= "\uffff" else "\U00020000"

    def text(self, original):
        """The same letters get others wherever the text is written, whatever its coding. Signs
        between them stay, so that it is an address of mail or a number as before."""
        ended = original.rstrip("\0")
        if ended != original:
            return self.text(ended) + original[len(ended):]
        if original not in self.texts:
            encoded = original.encode("utf-8", "surrogatepass")
            chances = b"".join(self._octets(b"text", encoded, 64, turn)
                               for turn in range(len(original) // 64 + 1))
            self.texts[original] = "".join(map(self._letter, original, chances))
        return self.texts[original]

    def octets(self, original):
        """Text in one octet a letter, or in UTF-8."""
        try:
            return self.text(original.decode()).encode()
        except UnicodeDecodeError:
            return self.text(original.decode("latin-1")).encode("latin-1")

    def wide(self, original, order="be"):
        """Text in UTF-16."""
        coding = f"utf-16-{order}"
        text = original.decode(coding, "surrogatepass")
        return self.text(text).encode(coding, "surrogatepass")

    def scrambled(self, original):
        """Octets of which nothing is known: what may be text in them becomes other text."""
        def wide(order):
            return lambda match: self.wide(match[0], order)
        found = re.sub(rb"(?:\0[\x20-\x7e]){3,}", wide("be"), original)
        found = re.sub(rb"(?:[\x20-\x7e]\0){3,}", wide("le"), found)
        return re.sub(rb"[\x20-\x7e\x80-\xff]{0,200}[\x20-\x7e]{3}[\x20-\x7e\x80-\xff]{0,200}",
                      lambda match: self.octets(match[0]), found)
