# SPDX-License-Identifier: GPL-2.0-or-later
"""The profile's button "This call" shows the call of the packet that is selected."""

import pytest

import test_profile

from support import tshark, view

CALLS = "h323-three-calls-at-once-1731.pcap"
pytestmark = pytest.mark.xdist_group(CALLS)


def shown_by_the_button(selected_frame):
    """tshark selects a frame only where it reads a file twice."""
    name, expression = test_profile.buttons()[0][1:3]
    assert name == "This call"
    return tshark.frames(CALLS, expression, passes=("-2",),
                         extra=["--selected-frame", str(selected_frame)])


@pytest.mark.parametrize("session", [1, 2, 3])
@pytest.mark.parametrize("channel", ["control", "h245", "rtp"])
def test_it_shows_the_call_of_the_selected_packet(session, channel):
    call = view.session_rows(CALLS, number=session)
    selected = next(row.number for row in call if channel in row.words("msiccp.channel"))
    assert shown_by_the_button(selected) == [row.number for row in call]


def test_it_shows_nothing_where_the_selected_packet_is_of_no_call():
    selected = next(row.number for row in view.rows(CALLS) if not row["msiccp.session"])
    assert shown_by_the_button(selected) == []
