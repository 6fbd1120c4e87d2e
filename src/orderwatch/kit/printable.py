"""Text that others wrote, as a terminal may show it: what it would take for a command is made visible."""

import re

# C0 and C1 controls, and what turns the direction of writing: https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_UNSAFE_BUT_LINES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def printable(text: str, *, lines: bool = False) -> str:
    """Return `text` with each such character replaced; ends of lines and tabs stay with `lines`."""
    return (_UNSAFE_BUT_LINES if lines else _UNSAFE).sub("\N{REPLACEMENT CHARACTER}", text)
