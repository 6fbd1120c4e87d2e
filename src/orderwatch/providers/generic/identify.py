"""What intake must know of a body that a source's own mapping reads."""

from typing import Any

from orderwatch.domain.errors import BadMapping, Unreadable
from orderwatch.domain.providers import HeaderLookup, Identity
from orderwatch.domain.sources import Mapping, Source
from orderwatch.normalise.expressions import search
from orderwatch.providers.orderwatch.identify import event_id_of


def identify(source: Source, headers: HeaderLookup, body: Any, *, path: str = "") -> Identity:  # noqa: ANN401, ARG001
    """Return what the mapping's ``event_id`` finds; of a body with many events there is none but the body itself.

    Whether type and order id can be understood is for the reading: a mapping may be mended, and the body is kept.

    Raises:
        Unreadable: no JSON object or list, or the mapping finds no events in it.
    """
    if not isinstance(body, dict | list):
        raise Unreadable("The body must be a JSON object or list.")
    mapping = source.mapping
    try:
        if mapping.events is not None:
            return _many(mapping.events, body)
        return _one(mapping, body)
    except BadMapping as fault:
        raise Unreadable(f"The mapping of the source “{source.name}” cannot read this body. {fault.message}") from fault


def _one(mapping: Mapping, body: Any) -> Identity:  # noqa: ANN401
    for name, expression in (("event type", mapping.event_type), ("order id", mapping.order_id)):
        if search(expression, body) in (None, ""):
            raise Unreadable(f"The body has no {name} at “{expression}”.")
    return Identity(event_id_of(search(mapping.event_id, body)) if mapping.event_id else None)


def _many(events: str, body: Any) -> Identity:  # noqa: ANN401
    if not search(events, body):
        raise Unreadable(f"“{events}” finds no events in the body.")
    return Identity(None)
