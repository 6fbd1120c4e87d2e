"""The journal as people look at it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from orderwatch.domain.asking import ReceiptFilter
from orderwatch.domain.errors import NotFound
from orderwatch.domain.pages import Page
from orderwatch.domain.receipts import Receipt, ReceiptEntry, ReceiptKind
from orderwatch.kit.clock import from_micros, to_micros
from orderwatch.storage.connecting import reading
from orderwatch.storage.reading.numbered import read_page
from orderwatch.storage.reading.scanning import Condition
from orderwatch.storage.tables.journal import receipts

_DISORDER_MICROS = 60_000_000
"""How far the times of receipt may go against the positions: requests wait for their commit at most this long."""
_MOST_RESUBMITTED = 1000
"""What is submitted again keeps its own, earlier time; so many of them may stand in a row."""


class ReceiptReader:
    """Reads receipts from the journal."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the journal's engine."""
        self._engine = engine

    async def page(self, wanted: ReceiptFilter, *, cursor: str | None, limit: int) -> Page[ReceiptEntry]:
        """Return receipts, newest first.

        Raises:
            BadInput: the cursor is none of this list's.
        """
        statement = select(*_entry_columns())
        if wanted.source is not None:  # There is an index for it.
            statement = statement.where(receipts.c.source == wanted.source)
        if wanted.since is not None:
            first = await self._position_at(to_micros(wanted.since) - _DISORDER_MICROS)
            statement = statement.where(receipts.c.position >= first)
        if wanted.until is not None:
            end = await self._position_at(to_micros(wanted.until) + _DISORDER_MICROS)
            statement = statement.where(receipts.c.position < end)
        return await read_page(
            self._engine,
            statement,
            number="position",
            filters=_filters(wanted),
            cursor=cursor,
            limit=limit,
            show=_entry,
        )

    async def get(self, position: int) -> Receipt:
        """Return one receipt, whole.

        Raises:
            NotFound: there is none.
        """
        async with reading(self._engine) as connection:
            row = (await connection.execute(select(receipts).where(receipts.c.position == position))).mappings().first()
        if row is None:
            raise NotFound(f"There is no receipt {position}.")
        return Receipt(**_typed(row))

    async def entries(self, positions: Sequence[int]) -> dict[int, ReceiptEntry]:
        """Return those of `positions` that exist, without their bodies."""
        statement = select(*_entry_columns()).where(receipts.c.position.in_(positions))
        async with reading(self._engine) as connection:
            return {row["position"]: _entry(row) for row in (await connection.execute(statement)).mappings()}

    async def _position_at(self, moment: int) -> int:
        """Return the first position received at `moment` or later, by bisection."""
        async with reading(self._engine) as connection:
            low, high = 0, (await connection.execute(select(func.max(receipts.c.position)))).scalar() or 0
            while low <= high:
                middle = (low + high) // 2
                position, received_at = await _at_or_before(connection, middle)
                if position == 0 or received_at < moment:
                    low = middle + 1
                else:
                    high = position - 1
        return low


async def _at_or_before(connection: AsyncConnection, position: int) -> tuple[int, int]:
    """Return the last position up to `position`, and the latest time that was reached there."""
    latest = (
        select(receipts.c.position, receipts.c.received_at)
        .where(receipts.c.position <= position)
        .order_by(receipts.c.position.desc())
        .limit(_MOST_RESUBMITTED)
        .subquery()
    )
    found = (await connection.execute(select(func.max(latest.c.position), func.max(latest.c.received_at)))).one()
    return found[0] or 0, found[1] or 0


def _entry_columns() -> list[Any]:
    bodiless = [column for column in receipts.c if column.name not in {"key", "digest", "body", "headers"}]
    return [*bodiless, func.length(receipts.c.body).label("size")]


def _entry(row: RowMapping) -> ReceiptEntry:
    return ReceiptEntry(**_typed(row))


def _typed(row: RowMapping) -> dict[str, Any]:
    return {**row, "kind": ReceiptKind(row["kind"]), "received_at": from_micros(row["received_at"])}


def _filters(wanted: ReceiptFilter) -> list[Condition]:
    kind, since, until = wanted.kind, wanted.since, wanted.until
    found: list[Condition] = []
    if kind is not None:
        found.append(lambda c: c.kind == kind.value)
    if since is not None:
        found.append(lambda c: c.received_at >= to_micros(since))
    if until is not None:
        found.append(lambda c: c.received_at < to_micros(until))
    return found
