"""Text from outside made safe for one line of a terminal or a log."""

import re

# Control characters, line ends, lone surrogates, and what reorders text for a reader (Unicode UAX #9).
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def plain(text: str) -> str:
    """The text with every character that could steer a terminal, break the line or reorder it shown as an escape."""
    return _STEERING.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
