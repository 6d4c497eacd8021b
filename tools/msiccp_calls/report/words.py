"""How figures are said to people."""

from ..common.text import SECOND, printable, utc

UNKNOWN = "not told"


def end(address, port=None, alias=None):
    """One end of a call: its name, and its address where that says more."""
    place = address or "?"
    if port is not None and address:
        place = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    return printable(f"{alias} ({place})" if alias else place)


def caller(call):
    return end(call["caller_address"], None, call["caller_alias"])


def callee(call):
    return end(call["callee_address"], None, call["callee_alias"])


def how_it_went(call):
    """The verdict where the plugin gives one, and the outcome."""
    words = [word.replace("_", " ") for word in (call["verdict"], call["outcome"]) if word]
    return ", ".join(words) or UNKNOWN


def seconds(microseconds):
    return None if microseconds is None else microseconds / SECOND


def moment(time_us):
    return utc(time_us)[:23] if time_us is not None else UNKNOWN


def why(call):
    """What was found, in the plugin's own sentences where it has them."""
    said = [call["explanation"]] if call["explanation"] else []
    said += [finding["explanation"] or finding["finding"].replace("_", " ")
             for finding in call["findings"]
             if finding["explanation"] is None or finding["explanation"] not in said]
    if not said and call["cause_text"]:
        said = [f"cause: {call['cause_text']}"]
    return printable("; ".join(said))
