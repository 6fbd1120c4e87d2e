"""What intake must know of a payload as Standard Webhooks recommends it."""

from typing import Any, cast

from orderwatch.domain.errors import BadMapping, Unreadable
from orderwatch.domain.providers import HeaderLookup, Identity
from orderwatch.domain.sources import Source
from orderwatch.normalise.expressions import search
from orderwatch.normalise.fields import needs_order, read_word
from orderwatch.normalise.words import event_type
from orderwatch.providers.orderwatch.identify import event_id_of


def identify(source: Source, headers: HeaderLookup, body: Any, *, path: str = "") -> Identity:  # noqa: ANN401, ARG001
    """Return ``webhook-id``, which is the same over all tries of one message.

    Raises:
        Unreadable: no JSON object, or no type, or no order id where it must have one.
    """
    if not isinstance(body, dict):
        raise Unreadable("The body must be a JSON object with type, timestamp and data.")
    fields = cast("dict[str, Any]", body)
    word = read_word(fields.get("type") or fields.get("event_type"))
    data: Any = fields.get("data")
    entry: Any = data if isinstance(data, dict) else fields  # pyright: ignore[reportUnknownVariableType]
    if needs_order(event_type(source.mapping.statuses.get(word, word))) and not _order_id(source, entry):
        raise Unreadable(f"The event's data have no order id at “{source.mapping.order_id}”.")
    return Identity(event_id_of(headers.get("webhook-id")))


def _order_id(source: Source, entry: Any) -> Any:  # noqa: ANN401
    try:
        return search(source.mapping.order_id, entry)
    except BadMapping as fault:
        raise Unreadable(f"The mapping of the source “{source.name}” cannot read this body. {fault.message}") from fault
