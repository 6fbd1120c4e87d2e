"""What intake must know of a body in Orderwatch's own format."""

from typing import Any, cast

from orderwatch.domain.errors import Unreadable
from orderwatch.domain.providers import HeaderLookup, Identity
from orderwatch.domain.sources import Source
from orderwatch.normalise.fields import read_order_id, read_word
from orderwatch.normalise.values import read_id
from orderwatch.normalise.words import event_type


def identify(source: Source, headers: HeaderLookup, body: Any, *, path: str = "") -> Identity:  # noqa: ANN401, ARG001
    """Return the ``event_id``, where there is one.

    Raises:
        Unreadable: no JSON object, or no ``event_type``, or no ``order_id`` where it must have one.
    """
    if not isinstance(body, dict):
        raise Unreadable('The body must be a JSON object, such as {"event_type": "order_created", "order_id": "A-1"}.')
    fields = cast("dict[str, Any]", body)
    kind = event_type(read_word(fields.get("event_type")))
    read_order_id(fields.get("order_id"), kind=kind)
    return Identity(event_id_of(fields.get("event_id")))


def event_id_of(value: object) -> str | None:
    """Return an event id as text; None where there is none.

    Raises:
        Unreadable: it is neither a text nor a number.
    """
    try:
        return None if value is None else read_id(value)
    except ValueError as fault:
        raise Unreadable("The event id is neither a text nor a number, or too long.") from fault
