"""Texts from outside, so that both databases take them."""

_LONGEST = 2000


def storable(text: str) -> str:
    """Return `text` without NUL, which PostgreSQL's text cannot hold: one such row would take its transaction along."""
    return text.replace("\0", "\ufffd")


def storable_reason(text: str) -> str:
    """Return a sentence that may quote what was received, fit to be kept and to be shown in a list."""
    return storable(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
