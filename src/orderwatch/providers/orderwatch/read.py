"""Orderwatch's own format: one JSON object whose keys are the canonical fields, under their own names."""

from collections.abc import Sequence

from orderwatch.domain.events import Event
from orderwatch.domain.receipts import Receipt
from orderwatch.domain.sources import Source
from orderwatch.normalise.bodies import decode_object
from orderwatch.normalise.fields import FIELDS, make_event, read_order_id, read_word
from orderwatch.normalise.words import event_type

_KNOWN = frozenset({"event_type", "event_id", "order_id", *FIELDS})


def read(source: Source, receipt: Receipt) -> Sequence[Event]:
    """Return the one event that the body is.

    Raises:
        Unreadable: it is no JSON object, or has no event type or no order id where it must have one.
    """
    body = decode_object(receipt)
    word = read_word(body.get("event_type"))
    kind = event_type(word)
    event = make_event(
        body,
        source=source,
        receipt=receipt,
        word=word,
        kind=kind,
        order_id=read_order_id(body.get("order_id"), kind=kind),
        rest={key: value for key, value in body.items() if key not in _KNOWN},
    )
    return (event,)
