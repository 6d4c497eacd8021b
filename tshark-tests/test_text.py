# SPDX-License-Identifier: GPL-2.0-or-later
"""Text of Windows programs: Windows-1252 wherever it is not UTF-8."""

import h225
import pytest

from support import reports, tshark
from support.traffic import Traffic

WINDOWS, UTF8 = "Jörg®".encode("cp1252"), "Jörg®".encode()


def named_setup(octets):
    """A SETUP with this display name and, of the same octets, a product."""
    message = h225.message(h225.SETUP, 7, True, 2, display="?" * len(octets), guid=bytes(range(16)),
                           product="?" * len(octets), product_version="3.0")
    return message.replace(b"?" * len(octets), octets)


@pytest.mark.parametrize("octets", [WINDOWS, UTF8])
def test_names_and_products(octets, passes):
    traffic = Traffic()
    traffic.send(2000, True, named_setup(octets))
    capture = traffic.write(f"text-{len(octets)}.pcap")
    caller = reports.only_record(capture, passes=passes)["caller"]
    assert (caller["alias"], caller["product"]) == ("Jörg®", "Jörg® 3.0")
    row = tshark.fields(capture, ["msiccp.caller", "msiccp.caller.product", tshark.column("info")], passes=passes)[0]
    assert row["msiccp.caller"] == ["Jörg®"] and row["msiccp.caller.product"] == ["Jörg® 3.0"]
    assert "Jörg®" in row[tshark.column("info")][0]
