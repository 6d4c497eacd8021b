# SPDX-License-Identifier: GPL-2.0-or-later
"""What was found, said to people: who acts, what happened, what it means, what to do."""

from ..common.text import printable
from .both import OTHER

WHAT = {"control": "call control", "h245": "H.245", "t120": "T.120"}
WITHOUT = {"control": "Without it there is no call.",
           "h245": "Without H.245 the two ends agree on no audio.",
           "t120": "Without it the two share no data; audio does without."}
EVENT = {"request": "the call request (SETUP)", "accept": "the answer (CONNECT)",
         "ringing": "the message that it rings (ALERTING)", "proceeding": "the message CALL PROCEEDING",
         "release": "the release (RELEASE COMPLETE)", "reject": "the rejection",
         "media": "a message that opens media"}
MEANING = {"request": "The callee knows of no call.", "accept": "The caller goes on waiting for an answer.",
           "release": "The other end does not know that the call is over.",
           "media": "An audio channel may stay closed."}


def count(number, word):
    return f"{number:,} {word}" + ("" if number == 1 else "s")


def milliseconds(microseconds):
    return f"{microseconds / 1000:,.1f} ms".replace(".0 ms", " ms")


class Speaker:
    """Knows the names of the two captures, and of the ends of a pair."""

    def __init__(self, names, pair=None):
        self.names = [printable(name) for name in names]
        self.pair = pair

    def between(self):
        return f"between {self.names[0]} and {self.names[1]}"

    def end(self, end, side=None):
        """An end by its address, as its own side has it or as SIDE does."""
        sides = (side,) if side is not None else (self.pair.side_of(end), 1 - self.pair.side_of(end))
        for number in sides:
            party = self.pair.calls[number].record[end]
            if party and party["address"]:
                return f"the {end} ({printable(party['address'])})"
        return f"the {end}"

    def connection_dropped(self, opening):
        opener = OTHER[opening.to]
        near = self.pair.side_of(opener)
        what, port = WHAT[opening.what], opening.port
        if not opening.arrived:
            return (f"A device {self.between()} drops the {what} connection: {self.end(opener)} sent "
                    f"{count(opening.sent, 'SYN')} to {self.end(opening.to, near)} port {port}, and none "
                    f"arrived in {self.names[1 - near]}. {WITHOUT[opening.what]} "
                    + self._let_pass("TCP", port, opening.to, opening.what == "h245"))
        return (f"A device {self.between()} drops the answers to the {what} connection: "
                f"{self.end(opening.to)} sent {count(opening.answers_sent, 'SYN-ACK')} from port {port}, "
                f"and none came back to {self.names[near]}. {WITHOUT[opening.what]} Let answers pass, and "
                "look for packets that take another way back than forth.")

    def _let_pass(self, transport, port, to, dynamic):
        text = f"Let {transport} to port {port} of the {to} pass the firewalls and routers between"
        return text + (": the port is another one in each call, so allow the range, or tunnel H.245."
                       if dynamic else ".")

    def reset(self, made):
        """A reset that the end it speaks for never sent."""
        speaks_for = made.speaks_for
        told = ""
        if made.ttl is not None and made.usual_ttl is not None and made.ttl != made.usual_ttl:
            told = (f" It came with TTL {made.ttl}, and {speaks_for} packets come with "
                    f"{made.usual_ttl}.").replace(speaks_for + " packets", f"the {speaks_for}'s packets")
        elif made.ttl is not None:
            told = f" It came with TTL {made.ttl}."
        return (f"A device {self.between()} reset the {WHAT[made.about.what]} connection in the name of "
                f"{self.end(speaks_for)}: the reset is in {self.names[made.side]}, and "
                f"{self.names[1 - made.side]} shows that this end never sent it.{told} "
                f"{WITHOUT[made.about.what]} Look for a firewall or proxy there that rejects TCP port "
                f"{made.about.port}.")

    def error(self, made):
        version, kind, code = made.kind
        name = "ICMP" if version == 4 else "ICMPv6"
        about = (f"the {WHAT[made.about.what]} connection to port {made.about.port}"
                 if hasattr(made.about, "what") else f"RTP to the {made.about.to}")
        return (f"{printable(made.source)} rejected {about} with {name} type {kind}, code {code}: the "
                f"error is in {self.names[made.side]}, and not in {self.names[1 - made.side]}, so this "
                "device lies between. Its rules or its routes have to let this traffic pass.")

    def message_dropped(self, message, side):
        name = EVENT.get(message.event, "an H.245 message" if message.channel == 1 else "a message")
        meaning = MEANING.get(message.event, "")
        return (f"A device {self.between()} dropped {name} of {self.end(message.sender)}: it left in frame "
                f"{message.frame} of {self.names[side]}, never arrived in {self.names[1 - side]}, and was "
                f"never acknowledged. {meaning} Look there for a filter that inspects messages, or for a "
                "link that cannot carry packets of this size.").replace("  ", " ")

    def media_dropped(self, stream, matched, errors):
        sender = OTHER[stream.to]
        home = self.pair.side_of(sender)
        flow = stream.flows[home][0]
        place = f"{printable(flow.destination[0])} port {flow.destination[1]}"
        text = (f"A device {self.between()} drops all audio to the {stream.to}: {self.end(sender)} sent "
                f"{count(matched.sent, 'RTP packet')} to {place}, and none arrived in "
                f"{self.names[1 - home]}. The {stream.to} hears nothing. ")
        if errors:
            return (text.replace(f"A device {self.between()} drops", f"{printable(errors[0].source)}, "
                                 f"{self.between()}, rejects", 1)
                    + f"This device says so by ICMP type {errors[0].kind[1]}, code {errors[0].kind[2]}: "
                    f"change its rules for UDP port {flow.destination[1]}.")
        return text + (f"Let UDP to port {flow.destination[1]} pass there: the port is another one in each "
                       "call, so allow the range that the ends use.")

    def media_lost(self, stream, matched):
        share = 100 * matched.lost / matched.sent
        return (f"The way {self.between()} loses audio to the {stream.to}: of "
                f"{count(matched.sent, 'RTP packet')}, {matched.lost:,} did not arrive ({share:.1f} %), in "
                f"{count(matched.runs, 'run')} of {matched.longest:,} at most. "
                + (f"The {stream.to} hears gaps. " if share >= 1 else "That is hardly heard. ")
                + "Look for an overloaded, faulty or wireless link between the two captures.")

    def lost_before(self, stream, missing, side):
        return (f"{self.end(OTHER[stream.to]).capitalize()} or its own network lost "
                f"{count(missing, 'RTP packet')} to the {stream.to}: they are missing in {self.names[side]} "
                f"already, and in {self.names[1 - side]} too. What lies between is not to blame; look at "
                "this end and what is before its capture.")

    def lost_behind(self, stream, lost, side):
        return (f"{self.end(stream.to).capitalize()} says by RTCP that it lacks "
                f"{count(lost, 'RTP packet')} that are in {self.names[side]}. They were lost behind that "
                "capture, in this end's own network or device: look there.")

    def delayed(self, stream, transit, known):
        figures = (f"{milliseconds(transit['least'])} at least, {milliseconds(transit['median'])} for half "
                   f"of it, {milliseconds(transit['most'])} at most" if known else
                   f"up to {milliseconds(transit['most'])} more than the fastest packet")
        return (f"The way {self.between()} delays audio to the {stream.to}: {figures}. People interrupt one "
                "another, or hear gaps, since receivers play nothing that comes too late. Look for "
                "queues, a slow link or a detour there.")

    def marking(self, stream, before, behind):
        return (f"A device {self.between()} changes the marking of audio to the {stream.to}: it leaves with "
                f"DSCP {before} and arrives with {behind}. Devices behind give it another priority than "
                "was meant; set the same policy on the routers between.")

    def translated(self, one):
        ports = "and its ports" if one.ports_changed else "and keeps its ports"
        inside, outside = printable(one.inside), printable(one.outside)
        if one.inside == one.outside:
            return (f"A device {self.between()} translates the ports of the {one.end} ({inside}): "
                    f"{self.names[1 - one.home]} has others. Packets that come unasked do not reach it; "
                    "forward the ports that it uses.")
        text = (f"A device {self.between()} translates the {one.end}'s address (NAT) {ports}: {inside} in "
                f"{self.names[one.home]} is {outside} in {self.names[1 - one.home]}. ")
        if one.in_messages == "untouched":
            return text + (f"Messages still name {inside}, which the other end cannot reach from there: use "
                           "a gateway that knows H.323, or tell the program its outer address.")
        if one.in_messages == "rewritten":
            return text + ("It rewrites the address inside messages, too"
                           + (", to the same one: so the other end finds it." if one.rightly else
                              f", but not to {outside}: the other end is sent elsewhere. Mend or switch "
                              "off its H.323 helper."))
        return text + "No message of this end names its address."

    def rewritten(self, couples, rightly):
        message = couples[0][0][0]
        names = list(dict.fromkeys(name for _couple, changed in couples for name in changed))
        shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        advice = ("What it put there is the address that packets come from: leave it on." if rightly else
                  "If the call fails, switch off its H.323 helper (application gateway) and try again.")
        return (f"A device {self.between()} rewrites messages: {count(len(couples), 'message')} of the call "
                f"left with other contents than arrived, the first in frame {message.frame} of "
                f"{self.names[0]}. What differs is {shown}. {advice}")

    def inserted(self, message, side):
        return (f"A device {self.between()} put a message into the call: frame {message.frame} of "
                f"{self.names[side]} holds one that {self.end(message.sender)} never sent. Look for a "
                "gateway or proxy there.")

    def apart_direction(self, side, end):
        return (f"{self.names[side]} has nothing that {self.end(end)} sent, though the other end "
                "acknowledges it there: only one direction was captured. So what that end sent is not "
                "judged; capture both directions and compare again.")

    def apart_message(self, message, side):
        return (f"{self.names[1 - side]} lacks a message of {self.end(message.sender)} that was "
                f"acknowledged (frame {message.frame} of {self.names[side]}). The capture missed it, the "
                "network did not: nothing is said of what else it lacks. Capture with a larger buffer.")

    def apart_opening(self, opening):
        far = self.pair.side_of(opening.to)
        return (f"{self.names[far]} lacks the SYNs of the {WHAT[opening.what]} connection to port "
                f"{opening.port}, though they were answered. The capture missed them, or another device "
                "answers in that end's place. Capture on the end's own interface.")

    def apart_stream(self, stream, number, side):
        return (f"{self.names[side]} lacks {count(number, 'RTP packet')} to the {stream.to} that "
                f"{self.names[1 - side]} has. The capture missed them, the network did not. Capture with a "
                "larger buffer, or not on a mirror port that is overloaded.")

    def apart_reported(self, stream, lost, told, side):
        return (f"{self.names[side]} lacks {count(lost, 'RTP packet')} to the {stream.to}, and its receiver "
                f"says by RTCP that it lacks {told:,}. The capture missed the others, the network did "
                "not: no loss is claimed. Capture with a larger buffer.")

    def good(self):
        return (f"The way {self.between()} passes this call: what left the one side arrived at the other.")

    def only(self, call, side, running):
        party = " to ".join(printable((call.record[end] or {}).get("address") or "?")
                            for end in ("caller", "callee"))
        if not running:
            return (f"{self.names[side]} alone has this call ({party}). {self.names[1 - side]} has no packets "
                    "of that time, so nothing is said of what became of it.")
        return (f"{self.names[side]} alone has this call ({party}). It did not pass the place of "
                f"{self.names[1 - side]}: it goes to another host or another way, or is dropped before.")
