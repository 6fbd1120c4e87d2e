"""Opaque cursors: the sort key of the last row that was seen."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TypeVar

import msgspec

from orderwatch.domain.errors import BadInput

T = TypeVar("T", bound=msgspec.Struct)


def encode_cursor(key: msgspec.Struct) -> str:
    """Return `key` as a text for URLs."""
    return urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def decode_cursor(cursor: str, kind: type[T]) -> T:
    """Return the key that `encode_cursor` wrote.

    Raises:
        BadInput: it is not a cursor of this list.
    """
    try:
        return msgspec.json.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=kind)
    except (ValueError, msgspec.MsgspecError):
        raise BadInput("cursor: not one that this list has given.") from None
