# SPDX-License-Identifier: GPL-2.0-or-later
"""In what two copies of a message differ: both are decoded again by tshark, field by field."""

import collections
import subprocess
import xml.etree.ElementTree

from ..decode import feed
from ..decode import tshark as programs

MOST_SELECTED = 400             # editcap takes 512 selections
MOST_ROUNDS = 8
DECODED = ("q931", "h225", "h245", "tpkt")
# Lengths and encoding follow from the contents.
FOLLOWING = ("per.", "tpkt.", "q931.information_element_len", "q931.call_ref_len")
UNNAMED = "bytes"


def _selections(frames):
    """FRAMES as editcap takes them, neighbours together."""
    ranges = []
    for frame in sorted(frames):
        if ranges and frame == ranges[-1][1] + 1:
            ranges[-1][1] = frame
        else:
            ranges.append([frame, frame])
    return [f"{low}-{high}" for low, high in ranges]


def _decode(tshark, paths, selections):
    """The PDML of the selected frames, each as an element, in their order."""
    with feed.Feed(tshark, paths) as fed:
        chosen = tshark.start([programs.program("editcap"), "-r", "-F", "pcapng", "-", "-", *selections],
                              stdin=fed.stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        fed.started()
        shown = tshark.start(tshark.command("-T", "pdml"), stdin=chosen.stdout,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        chosen.stdout.close()
        try:
            for _event, element in xml.etree.ElementTree.iterparse(shown.stdout):
                if element.tag == "packet":
                    yield element
                    element.clear()
        except xml.etree.ElementTree.ParseError:
            pass                # the end of a damaged capture: what came before counts
        shown.stdout.close()
        shown.wait()
        chosen.wait()


def _leaves(element, found):
    for field in element.iter("field"):
        name = field.get("name", "")
        if name and not name.startswith(FOLLOWING) and not len(field):
            found[name][field.get("show") or field.get("value", "")] += 1


def _messages(packet):
    """Of each TPKT of a frame: {field: {value: how often}}"""
    messages = []
    for proto in packet.iter("proto"):
        name = proto.get("name")
        if name == "tpkt":
            messages.append(collections.defaultdict(collections.Counter))
        elif name in DECODED and messages:
            _leaves(proto, messages[-1])
    return messages


def _of_capture(tshark, paths, frames):
    """{frame: its messages} for the FRAMES, with those around them that their connections need."""
    selections = _selections(frames)
    found = {}
    for begin in range(0, min(len(selections), MOST_SELECTED * MOST_ROUNDS), MOST_SELECTED):
        part = selections[begin:begin + MOST_SELECTED]
        numbers = [number for text in part for low, high in [text.split("-")]
                   for number in range(int(low), int(high) + 1)]
        for number, packet in zip(numbers, _decode(tshark, paths, part)):
            found[number] = _messages(packet)
    return found


def _names(left, right):
    """The fields whose values differ."""
    return sorted(name for name in {*left, *right} if left.get(name) != right.get(name))


def _place(message, call):
    """The how manieth of its frame a message is."""
    same = [one for one in call.messages if one.frame == message.frame and one.connection is not None]
    return next((number for number, one in enumerate(same) if one is message), 0)


def name_changes(tshark, captures, pairs):
    """{(id of message of A, id of that of B): names of what differs}. CAPTURES: of each side the paths of
    its files. Messages that are the same, or were not captured whole, are not in it."""
    changed = [(pair, couple) for pair in pairs for couple in pair.messages
               if None not in couple and all(one.digest for one in couple)
               and couple[0].digest != couple[1].digest]
    if not changed:
        return {}
    decoded = []
    for side in (0, 1):
        by_file = collections.defaultdict(set)
        for pair, _couple in changed:
            by_file[pair.calls[side].file].update(_frames_of(pair.calls[side]))
        decoded.append({file: _of_capture(tshark, captures[side][file], frames)
                        for file, frames in by_file.items()})
    names = {}
    for pair, couple in changed:
        sides = []
        for side, message in enumerate(couple):
            call = pair.calls[side]
            messages = decoded[side][call.file].get(message.frame, [])
            place = _place(message, call)
            sides.append(messages[place] if place < len(messages) else None)
        names[tuple(map(id, couple))] = (_names(*sides) if None not in sides else []) or [UNNAMED]
    return names


def _frames_of(call):
    """The frames in which the connections of a call carry or open anything."""
    frames = set()
    for connection in call.connections:
        if connection.what != "t120":
            for way in connection.ways:
                frames.update(segment.frame for segment in way.segments)
    return frames
