"""The codes an order can be flagged with. Texts for people live with the page and the CLI, by code."""

from enum import StrEnum


class Flag(StrEnum):
    """Why an order deserves a second look."""

    MISSING_CREATED = "missing_created"
    """Later steps came, but never ``order.created``."""
    IMPOSSIBLE_SEQUENCE = "impossible_sequence"
    """A step is earlier than one that must precede it, such as delivered before picked up."""
    TWO_OUTCOMES = "two_outcomes"
    """Two different ends were told, such as delivered and cancelled; the latest counts."""
    CONFLICT = "conflict"
    """An event id came again with another body."""
    LATE_EVENT = "late_event"
    """An event reached us more than 5 min after it happened (imports older than 7 days are not flagged)."""
    FUTURE_EVENT = "future_event"
    """An event claims to have happened more than 5 min after it was received."""
    BAD_TIME = "bad_time"
    """A time could not be read, or had no zone where the source has none set."""
    BAD_FIELD = "bad_field"
    """A field had the wrong type or an impossible value; the rest was understood."""
    NEGATIVE_TOTAL = "negative_total"
    """The total is below zero."""


FLAG_BY_FAULT = {"bad_time": Flag.BAD_TIME, "bad_eta": Flag.BAD_TIME, "bad_promised_at": Flag.BAD_TIME}
"""What a code in `Event.faults` means for the order; every other code is a BAD_FIELD."""
