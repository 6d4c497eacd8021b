# SPDX-License-Identifier: GPL-2.0-or-later
"""The profile's button "This call" shows the call of the packet that is selected."""

import pytest

import test_profile

from support import tshark

CALLS = "h323-three-calls-at-once-1731.pcap"


def shown_by_the_button(selected_frame):
    """tshark selects a frame only where it reads a file twice."""
    name, expression = test_profile.buttons()[0][1:3]
    assert name == "This call"
    return tshark.frames(CALLS, expression, passes=("-2",),
                         extra=["--selected-frame", str(selected_frame)])


@pytest.mark.parametrize("session", [1, 2, 3])
@pytest.mark.parametrize("channel", ["control", "h245", "rtp"])
def test_it_shows_the_call_of_the_selected_packet(session, channel):
    call = f"msiccp.session == {session}"
    selected = tshark.frames(CALLS, f'{call} && msiccp.channel == "{channel}"')[0]
    assert shown_by_the_button(selected) == tshark.frames(CALLS, call, passes=("-2",))


def test_it_shows_nothing_where_the_selected_packet_is_of_no_call():
    selected = tshark.frames(CALLS, "!msiccp.session")[0]
    assert shown_by_the_button(selected) == []
