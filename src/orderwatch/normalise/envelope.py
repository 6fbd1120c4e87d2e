"""CloudEvents 1.0: what a receipt holds, taken out of its envelope before the provider reads it.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
"""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import unquote

import msgspec

from orderwatch.domain.errors import Unreadable
from orderwatch.domain.receipts import Receipt
from orderwatch.normalise.bodies import Json, decode, decode_object

STRUCTURED = "application/cloudevents+json"
_PREFIX = "ce-"
# An event's own keys stand before those of its envelope.
_FILLED = {"type": "event_type", "id": "event_id", "time": "occurred_at", "subject": "order_id"}
_KEPT = "cloudevent"
_NOT_KEPT = frozenset({*_FILLED, "specversion", "datacontenttype", "data", "data_base64"})

_encode = msgspec.json.Encoder(decimal_format="number").encode
_decode_headers = msgspec.json.Decoder(dict[str, Any]).decode


def unwrap(receipt: Receipt) -> Receipt:
    """Return `receipt` with the data of its CloudEvent as its body, or as it is when it holds none.

    Where the data lack `event_type`, `event_id`, `occurred_at` or `order_id`, the event's type, id, time and subject
    stand there. Its other attributes lie under `cloudevent`.

    Raises:
        Unreadable: the envelope is torn.
    """
    if receipt.content_type.partition(";")[0].strip().lower() == STRUCTURED:
        envelope = decode_object(receipt)
        return _with_body(receipt, attributes=envelope, data=_structured_data(envelope))
    if b'"ce-' not in receipt.headers:
        return receipt
    attributes = _header_attributes(receipt.headers)
    if "type" not in attributes:
        return receipt
    return _with_body(receipt, attributes=attributes, data=decode(receipt.body))


def _header_attributes(headers: bytes) -> dict[str, str]:
    try:
        named = _decode_headers(headers)
    except msgspec.MsgspecError as fault:
        raise Unreadable("The request's headers were not kept as they should be.") from fault
    # Values are percent-encoded by the binding, section 3.1.3.2.
    return {
        name.removeprefix(_PREFIX): unquote(str(value)) for name, value in named.items() if name.startswith(_PREFIX)
    }


def _structured_data(envelope: Mapping[str, Json]) -> Json:
    coded = envelope.get("data_base64")
    if coded is None:
        return envelope.get("data")
    try:
        return decode(b64decode(coded, validate=True))
    except (TypeError, ValueError, Unreadable):
        return {"data_base64": coded}  # what is no JSON is kept; the attributes may say enough


def _with_body(receipt: Receipt, *, attributes: Mapping[str, Json], data: Json) -> Receipt:
    body = cast("dict[str, Any]", data) if isinstance(data, dict) else {} if data is None else {"data": data}
    filled = {key: attributes[name] for name, key in _FILLED.items() if attributes.get(name) is not None}
    others = {name: value for name, value in attributes.items() if name not in _NOT_KEPT and value is not None}
    body = {**filled, **({_KEPT: others} if others else {}), **body}
    return msgspec.structs.replace(receipt, body=_encode(body), content_type="application/json")
