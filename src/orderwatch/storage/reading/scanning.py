"""Reads a page by looking at a bounded number of rows, however seldom the filters match."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, RowMapping, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

Condition = Callable[[Any], ColumnElement[bool]]
"""A filter: takes the columns (by attribute) and returns what must hold of them."""

WINDOW = 20_000
"""Rows that one page looks at."""


class Scan(Struct, frozen=True):
    """What a scan found."""

    rows: Sequence[RowMapping]
    more_after: RowMapping | None
    """The row, matching or not, after which to go on; None when the list is at its end."""


async def scan(
    connection: AsyncConnection,
    ordered: Select[*tuple[Any, ...]],
    *,
    keys: Sequence[str],
    filters: Sequence[Condition],
    limit: int,
    window: int = WINDOW,
) -> Scan:
    """Return up to `limit` rows of `ordered` that match all `filters`, among its first `window` rows.

    `connection` must be a snapshot. `filters` are given the columns of `ordered`; `keys` names those it is sorted by.
    """
    if not filters:
        rows = (await connection.execute(ordered.limit(limit + 1))).mappings().all()
        return _cut(rows, limit)
    looked_at = ordered.limit(window).subquery("looked_at")
    wanted = [condition(looked_at.c) for condition in filters]
    # Without an ORDER BY of its own: both databases hand the rows on in the inner order, and stop at the limit.
    rows = (await connection.execute(select(looked_at).where(*wanted).limit(limit + 1))).mappings().all()
    if len(rows) > limit:
        return _cut(rows, limit)
    narrow = ordered.with_only_columns(*(ordered.selected_columns[key] for key in keys))
    boundary = (await connection.execute(narrow.offset(window - 1).limit(1))).mappings().first()
    return Scan(rows, boundary)


def _cut(rows: Sequence[RowMapping], limit: int) -> Scan:
    return Scan(rows[:limit], rows[limit - 1] if len(rows) > limit else None)
