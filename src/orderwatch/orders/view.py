"""Orders and timelines as the contract's JSON: RFC 3339 times in UTC, money as text, null for what is not known."""

import msgspec

from orderwatch.domain.orders import Order, TimelineEntry

_encode = msgspec.json.Encoder().encode


def render(order: Order) -> bytes:
    """Return the JSON object of `order`, without its timeline."""
    return _encode(order)


def render_entry(entry: TimelineEntry) -> bytes:
    """Return the JSON object of one entry; `conflict`, `faults` and `data` are left out where empty."""
    return _encode(entry)
