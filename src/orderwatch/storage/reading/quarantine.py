"""Refused requests and unreadable receipts, merged by time."""

from collections.abc import Sequence
from heapq import merge
from typing import Any

import msgspec
from sqlalchemy import RowMapping, Select, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from orderwatch.domain.asking import QuarantineFilter
from orderwatch.domain.errors import NotFound
from orderwatch.domain.pages import Page
from orderwatch.domain.quarantine import Quarantined
from orderwatch.domain.receipts import Rejection
from orderwatch.kit.clock import from_micros
from orderwatch.storage.connecting import reading, snapshot
from orderwatch.storage.engines import Engines
from orderwatch.storage.probe import PROBE
from orderwatch.storage.reading.cursors import decode_cursor, encode_cursor
from orderwatch.storage.reading.receipts import ReceiptReader
from orderwatch.storage.reading.scanning import Condition, Scan, scan
from orderwatch.storage.tables.journal import quarantine, quarantine_dropped
from orderwatch.storage.tables.state import unreadable

REJECTED = "q-"
UNREADABLE = "r-"
_START = 2**63 - 1


class _Cursor(msgspec.Struct, frozen=True, array_like=True):
    """How far each of the two lists was read; 0 when it is at its end."""

    rejected: int = _START
    unreadable: int = _START


class QuarantineReader:
    """Reads both lists. Each is walked by its own number; the two are merged by time of receipt."""

    def __init__(self, engines: Engines) -> None:
        """Take the engines: refused requests are in the journal's, unreadable receipts in the state's."""
        self._journal = engines.journal
        self._state = engines.state
        self._receipts = ReceiptReader(engines.journal)

    async def page(self, wanted: QuarantineFilter, *, cursor: str | None, limit: int) -> Page[Quarantined]:
        """Return what waits or waited, newest first.

        Raises:
            BadInput: the cursor is none of this list's.
        """
        start = decode_cursor(cursor, _Cursor) if cursor else _Cursor()
        rejected = await self._rejected(wanted, start.rejected, limit)
        unread = await self._unreadable(wanted, start.unreadable, limit)
        shown = [_rejected(row) for row in rejected.rows], await self._show_unreadable(unread.rows)
        items = list(merge(*shown, key=lambda item: item.received_at, reverse=True))[:limit]
        end = _Cursor(
            _end(start.rejected, items, REJECTED, rejected, number="id"),
            _end(start.unreadable, items, UNREADABLE, unread, number="receipt"),
        )
        return Page(items=items, next=encode_cursor(end) if end.rejected or end.unreadable else None)

    async def entry(self, ident: str) -> Quarantined:
        """Return one row of the list.

        Raises:
            NotFound: there is none.
        """
        prefix, number = _split(ident)
        if prefix == REJECTED:
            row = await _first(self._journal, select(*_rejected_columns()).where(quarantine.c.id == number))
            found = [_rejected(row)] if row else []
        else:
            row = await _first(self._state, select(unreadable).where(unreadable.c.receipt == number))
            found = await self._show_unreadable([row] if row else [])
        if not found:
            raise NotFound(f"There is no {ident} in the quarantine.")
        return found[0]

    async def rejection(self, ident: str) -> Rejection:
        """Return a refused request, whole but for its proof.

        Raises:
            NotFound: there is none.
        """
        columns = [quarantine.c[name] for name in Rejection.__struct_fields__ if name != "proof"]
        row = await _first(self._journal, select(*columns).where(quarantine.c.id == _split(ident)[1]))
        if row is None:
            raise NotFound(f"There is no {ident} in the quarantine.")
        values: dict[str, Any] = {**row, "received_at": from_micros(row["received_at"])}
        return Rejection(**values)

    async def dropped(self) -> dict[str, int]:
        """Return how many of each code the quarantine's bounds have thrown away."""
        async with reading(self._journal) as connection:
            rows = await connection.execute(select(quarantine_dropped.c.code, quarantine_dropped.c.dropped))
            return {row.code: row.dropped for row in rows if row.code != PROBE}

    async def counts(self) -> dict[str, int]:
        """Return how many refused requests of each code wait."""
        waiting = quarantine.c.resubmitted_at.is_(None)
        statement = select(quarantine.c.code, func.count()).where(waiting).group_by(quarantine.c.code)
        async with reading(self._journal) as connection:
            return {str(code): count for code, count in await connection.execute(statement)}

    async def _rejected(self, wanted: QuarantineFilter, before: int, limit: int) -> Scan:
        if not before or wanted.kind == "unreadable":
            return Scan((), None)
        statement = select(*_rejected_columns()).where(quarantine.c.id < before).order_by(quarantine.c.id.desc())
        filters = [*_common(wanted)]
        if wanted.state is not None:
            waiting = wanted.state == "waiting"
            filters.append(lambda c: c.resubmitted_at.is_(None) if waiting else c.resubmitted_at.is_not(None))
        async with snapshot(self._journal) as connection:
            return await scan(connection, statement, keys=("id",), filters=filters, limit=limit)

    async def _unreadable(self, wanted: QuarantineFilter, before: int, limit: int) -> Scan:
        if not before or wanted.kind == "rejected" or wanted.state == "resubmitted":
            return Scan((), None)
        statement = select(unreadable).where(unreadable.c.receipt < before).order_by(unreadable.c.receipt.desc())
        async with snapshot(self._state) as connection:
            return await scan(connection, statement, keys=("receipt",), filters=_common(wanted), limit=limit)

    async def _show_unreadable(self, rows: Sequence[RowMapping]) -> list[Quarantined]:
        entries = await self._receipts.entries([row["receipt"] for row in rows]) if rows else {}
        return [
            Quarantined(
                id=f"{UNREADABLE}{row['receipt']}",
                kind="unreadable",
                received_at=from_micros(row["received_at"]),
                source=row["source"],
                code=row["code"],
                reason=row["reason"],
                status=None,
                method=entry.method if entry else None,
                path=entry.path if entry else None,
                content_type=entry.content_type if entry else None,
                size=entry.size if entry else 0,
                receipt=row["receipt"],
            )
            for row in rows
            for entry in [entries.get(row["receipt"])]
        ]


def is_receipt(ident: str) -> bool:
    """Say whether `ident` names an unreadable receipt rather than a refused request."""
    return ident.startswith(UNREADABLE)


def _end(start: int, items: Sequence[Quarantined], prefix: str, found: Scan, *, number: str) -> int:
    """Return after which row of one list the next page begins, 0 when the list is at its end."""
    taken = [item.id for item in items if item.id.startswith(prefix)]
    if len(taken) < len(found.rows):
        return int(taken[-1].removeprefix(prefix)) if taken else start
    return found.more_after[number] if found.more_after else 0


def _split(ident: str) -> tuple[str, int]:
    prefix, digits = ident[:2], ident[2:]
    if prefix not in {REJECTED, UNREADABLE} or not (digits.isascii() and digits.isdigit()) or int(digits) >= _START:
        raise NotFound(f"There is no {ident!r} in the quarantine.")
    return prefix, int(digits)


async def _first(engine: AsyncEngine, statement: Select[*tuple[Any, ...]]) -> RowMapping | None:
    async with reading(engine) as connection:
        return (await connection.execute(statement)).mappings().first()


def _rejected_columns() -> list[Any]:
    bodiless = [column for column in quarantine.c if column.name not in {"body", "headers", "proof"}]
    return [*bodiless, func.length(quarantine.c.body).label("size")]


def _rejected(row: RowMapping) -> Quarantined:
    return Quarantined(
        id=f"{REJECTED}{row['id']}",
        kind="rejected",
        received_at=from_micros(row["received_at"]),
        source=row["source"],
        code=row["code"],
        reason=row["reason"],
        status=row["status"],
        method=row["method"],
        path=row["path"],
        content_type=row["content_type"],
        size=row["size"],
        truncated=row["truncated"],
        resubmitted_at=None if row["resubmitted_at"] is None else from_micros(row["resubmitted_at"]),
        resubmitted_as=row["resubmitted_as"],
    )


def _common(wanted: QuarantineFilter) -> list[Condition]:
    found: list[Condition] = []
    if wanted.source is not None:
        found.append(lambda c: c.source == wanted.source)
    if wanted.code is not None:
        found.append(lambda c: c.code == wanted.code)
    return found
