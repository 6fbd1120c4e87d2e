"""Walks a paged list to its end."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from orderwatch.domain.pages import Page

T = TypeVar("T")


async def walk(ask: Callable[[str | None], Awaitable[Page[T]]]) -> tuple[list[T], int]:
    """Return all items and how many pages it took."""
    items: list[T] = []
    cursor, pages = None, 0
    while True:
        page = await ask(cursor)
        items += page.items
        pages += 1
        if page.next is None:
            return items, pages
        assert page.next != cursor
        cursor = page.next
