"""Bodies and headers of what was received, as JSON can hold them."""

from base64 import b64encode
from typing import Any, TypeVar

import msgspec

from orderwatch.web.api.shapes import Content

T = TypeVar("T", bound=msgspec.Struct)

_headers = msgspec.json.Decoder(dict[str, str]).decode


def content(*, headers: bytes, body: bytes, masked: bool) -> Content:
    """Return headers (secrets were masked before they were kept) and body; not the body for those who see masked data.

    Text stays text; other bytes are base64.
    """
    known = _headers(headers) if headers else {}
    if masked:
        return Content(headers=known, body=None, encoding=None, masked=True)
    if not body:
        return Content(headers=known, body=None, encoding=None)
    try:
        return Content(headers=known, body=body.decode(), encoding="utf-8")
    except UnicodeDecodeError:
        return Content(headers=known, body=b64encode(body).decode(), encoding="base64")


def together(kind: type[T], entry: msgspec.Struct, shown: Content) -> T:
    """Return a `kind` with the fields of both."""
    fields: dict[str, Any] = {**msgspec.structs.asdict(entry), **msgspec.structs.asdict(shown)}
    return kind(**fields)
