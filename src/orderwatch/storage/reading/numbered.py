"""Lists whose rows have a rising number: newest first, the number as cursor."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import RowMapping, Select
from sqlalchemy.ext.asyncio import AsyncEngine

from orderwatch.domain.pages import Page
from orderwatch.storage.connecting import snapshot
from orderwatch.storage.reading.cursors import decode_cursor, encode_cursor
from orderwatch.storage.reading.scanning import WINDOW, Condition, scan

T = TypeVar("T")


class _Before(msgspec.Struct, frozen=True, array_like=True):
    """The number of the last row looked at."""

    number: int


async def read_page(
    engine: AsyncEngine,
    statement: Select[*tuple[Any, ...]],
    *,
    number: str,
    filters: Sequence[Condition],
    cursor: str | None,
    limit: int,
    show: Callable[[RowMapping], T],
    window: int = WINDOW,
) -> Page[T]:
    """Return a page of `statement`'s rows, the highest `number` first; `show` makes an item of a row.

    Raises:
        BadInput: the cursor is none of this list's.
    """
    column = statement.selected_columns[number]
    if cursor:
        statement = statement.where(column < decode_cursor(cursor, _Before).number)
    ordered = statement.order_by(column.desc())
    async with snapshot(engine) as connection:
        found = await scan(connection, ordered, keys=(number,), filters=filters, limit=limit, window=window)
    end = found.more_after
    after = encode_cursor(_Before(end[number])) if end else None
    return Page(items=[show(row) for row in found.rows], next=after)
