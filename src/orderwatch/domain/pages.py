"""Pages of lists that are too long to be read whole."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")


class Page(Struct, Generic[T], frozen=True, kw_only=True):
    """Some of a list, and how to go on: `next` is an opaque cursor, None at the end.

    A page may be short, even empty, without being the last.
    """

    items: Sequence[T]
    next: str | None
