"""Errors as RFC 9457 problem details."""

from collections.abc import Mapping
from typing import Any

import msgspec

CONTENT_TYPE = b"application/problem+json"
TITLES: Mapping[int, str] = {
    400: "Bad request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    408: "Request took too long",
    409: "Conflict",
    413: "Body too large",
    415: "Unsupported media type",
    429: "Too many requests",
    431: "Headers too large",
    500: "Internal error",
    503: "Unavailable, try again",
}
_encode = msgspec.json.Encoder().encode


def problem(status: int, *, code: str, detail: str, errors: list[dict[str, Any]] | None = None) -> bytes:
    """Return the body of a problem: `code` for programs, `detail` for people, `errors` by field for validation."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "code": code,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    return _encode(body)
