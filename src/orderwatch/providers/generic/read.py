"""Any JSON, read by the source's own `Mapping`."""

from collections.abc import Sequence
from typing import cast

from orderwatch.domain.errors import Unreadable
from orderwatch.domain.events import Event
from orderwatch.domain.receipts import Receipt
from orderwatch.domain.sources import Source
from orderwatch.normalise.bodies import Json, decode
from orderwatch.normalise.expressions import search
from orderwatch.normalise.fields import unread_event
from orderwatch.normalise.mapped import read_mapped

MAX_EVENTS = 10_000
"""Of one body."""


def read(source: Source, receipt: Receipt) -> Sequence[Event]:
    """Return the events that the mapping finds in the body, in the body's order.

    Among several events, one that cannot be read becomes UNKNOWN and without an order, and is kept whole in `data`.

    Raises:
        BadMapping: an expression or a word of the mapping is wrong.
        Unreadable: the body is no JSON, or nothing in it has a type, and an order id where it must have one.
    """
    body = decode(receipt.body)
    if source.mapping.events is None:
        return (read_mapped(body, source=source, receipt=receipt),)
    entries = search(source.mapping.events, body)
    if not isinstance(entries, list) or not entries:
        raise Unreadable(f"“{source.mapping.events}” finds no list of events in the body.")
    return _read_all(cast("list[Json]", entries), source=source, receipt=receipt)


def _read_all(entries: list[Json], *, source: Source, receipt: Receipt) -> list[Event]:
    if len(entries) > MAX_EVENTS:
        raise Unreadable(f"The body holds {len(entries)} events; at most {MAX_EVENTS} are taken.")
    events: list[Event] = []
    refusals: list[Unreadable] = []
    for index, entry in enumerate(entries):
        try:
            events.append(read_mapped(entry, source=source, receipt=receipt, index=index))
        except Unreadable as refusal:
            refusals.append(refusal)
            events.append(unread_event(entry, source=source, receipt=receipt, index=index))
    if len(refusals) == len(entries):
        raise refusals[0]
    return events
