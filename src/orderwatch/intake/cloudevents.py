"""CloudEvents 1.0 over HTTP: the three content modes, and the handshake before them.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md
"""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import unquote

import msgspec
from msgspec import Struct

from orderwatch.domain.errors import Unreadable
from orderwatch.intake.headers import Headers
from orderwatch.intake.parse import parse

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
_ATTRIBUTES = ("id", "source", "type")
_entries = msgspec.json.Decoder(list[msgspec.Raw]).decode


class CloudEvent(Struct, frozen=True):
    """What intake must know of one: who it is, and the body that the provider identifies."""

    event_id: str
    """Its id within its own source, both together, since an id is unique only there."""
    body: dict[str, Any]


def is_binary(headers: Headers) -> bool:
    """Say whether the attributes are in the headers and the body is the data."""
    return headers.get("ce-specversion") is not None


def from_headers(headers: Headers, data: Any) -> CloudEvent:  # noqa: ANN401  (any JSON)
    """Return the event in binary mode."""
    found = {name[3:]: unquote(value) for name, value in headers.as_dict().items() if name.startswith("ce-")}
    return _event(found, data)


def from_envelope(envelope: Any, *, max_depth: int) -> CloudEvent:  # noqa: ANN401  (any JSON)
    """Return the event in structured mode."""
    if not isinstance(envelope, dict):
        raise Unreadable("A CloudEvent must be a JSON object.")
    attributes = cast("dict[str, Any]", envelope)
    coded = attributes.get("data_base64")
    if coded is None:
        return _event(attributes, attributes.get("data"))
    try:
        return _event(attributes, parse(b64decode(coded, validate=True), max_depth=max_depth))
    except (TypeError, ValueError) as error:
        raise Unreadable("data_base64 is not base64.") from error


def split_batch(body: bytes) -> list[bytes]:
    """Return the bytes of each entry of a batch, exactly as they stand in it.

    Raises:
        Unreadable: it is no list.
    """
    try:
        return [bytes(entry) for entry in _entries(body)]
    except msgspec.MsgspecError as error:
        raise Unreadable(f"A batch of CloudEvents must be a JSON list: {error}.") from error


def consent(headers: Headers) -> list[tuple[bytes, bytes]] | None:
    """Return the headers that allow whoever asks by OPTIONS to send; None when nobody asks."""
    origin = headers.get("webhook-request-origin")
    if not origin:
        return None
    rate = headers.get("webhook-request-rate") or "*"
    return [(b"webhook-allowed-origin", origin.encode("latin-1")), (b"webhook-allowed-rate", rate.encode("latin-1"))]


def _event(attributes: Mapping[str, Any], data: Any) -> CloudEvent:  # noqa: ANN401  (any JSON)
    missing = [name for name in _ATTRIBUTES if not isinstance(attributes.get(name), str) or not attributes[name]]
    if missing:
        raise Unreadable(f"The CloudEvent lacks {' and '.join(missing)}.")
    body = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    filled = {"event_type": attributes["type"], "order_id": attributes.get("subject")}
    return CloudEvent(f"{attributes['source']}\n{attributes['id']}", {**filled, **body})
