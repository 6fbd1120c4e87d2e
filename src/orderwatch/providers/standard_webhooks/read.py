"""The payload that Standard Webhooks recommends: ``type``, ``timestamp`` and ``data``.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-structure
"""

from collections.abc import Sequence
from typing import Any, cast

from orderwatch.domain.events import Event
from orderwatch.domain.receipts import Receipt
from orderwatch.domain.sources import Source
from orderwatch.normalise.bodies import decode_object
from orderwatch.normalise.mapped import read_mapped


def read(source: Source, receipt: Receipt) -> Sequence[Event]:
    """Return the one event that the body is; the source's mapping starts from its ``data``.

    ``event_type`` and ``occurred_at`` may stand for ``type`` and ``timestamp``, and a body without ``data`` is its own.

    Raises:
        BadMapping: an expression or a word of the mapping is wrong.
        Unreadable: it is no JSON object, or has no type or no order id where it must have one.
    """
    body = decode_object(receipt)
    word = body.pop("type", None) or body.pop("event_type", None) or ""
    happened = body.pop("timestamp", None) or body.pop("occurred_at", None)
    data = body.get("data")
    if isinstance(data, dict):
        del body["data"]
        entry, beside = cast("dict[str, Any]", data), body
    else:
        entry, beside = body, {}
    event = read_mapped(entry, source=source, receipt=receipt, word=word, happened=happened, beside=beside)
    return (event,)
