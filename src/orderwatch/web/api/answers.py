"""Answers as JSON bytes; stored JSON is passed on as it is."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec
from starlette.responses import Response

from orderwatch.domain.pages import Page

T = TypeVar("T")
_PRIVATE = {"cache-control": "no-store"}

_encode = msgspec.json.encode


def answer(value: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return `value` as JSON."""
    return raw_answer(_encode(value), status=status, headers=headers)


def raw_answer(body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return `body`, which is JSON already."""
    return Response(body, status, {**_PRIVATE, **(headers or {})}, media_type="application/json")


def nothing(*, headers: Mapping[str, str] | None = None) -> Response:
    """Return 204."""
    return Response(status_code=204, headers={**_PRIVATE, **(headers or {})})


def page_answer(page: Page[T]) -> Response:
    """Return a page."""
    return answer({"items": page.items, "next": page.next})


def raw_page(items: Sequence[bytes], following: str | None) -> Response:
    """Return a page of items that are JSON already."""
    return raw_answer(b'{"items":[' + b",".join(items) + b'],"next":' + _encode(following) + b"}")


def whole(items: Sequence[object]) -> Response:
    """Return a list that is never long, in the shape of a page."""
    return answer({"items": items, "next": None})
