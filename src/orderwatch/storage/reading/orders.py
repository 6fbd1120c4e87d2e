"""Orders as people ask for them: pages of stored views, one order with its events."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import RowMapping, Select, and_, func, not_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from orderwatch.domain.asking import OrderFilter
from orderwatch.domain.errors import NotFound
from orderwatch.domain.events import Event
from orderwatch.domain.orders import TERMINAL, OrderStatus, StoredView
from orderwatch.domain.pages import Page
from orderwatch.kit.clock import to_micros
from orderwatch.storage.connecting import reading, snapshot
from orderwatch.storage.reading.cursors import decode_cursor, encode_cursor
from orderwatch.storage.reading.scanning import WINDOW, Condition, Scan, scan
from orderwatch.storage.tables.state import events, order_counts, orders

_KEYS = ("first_receipt", "source", "order_id")
_OPEN = tuple(status.value for status in OrderStatus if status not in TERMINAL)
_LAST_CHARACTER = "\U0010ffff"
_decode_event = msgspec.json.Decoder(Event).decode


class _Cursor(msgspec.Struct, frozen=True, array_like=True):
    """The last row looked at. The way of walking is part of it, so that new orders do not change it between pages."""

    way: Literal["newest", "open", "prefix", "substring"]
    first_receipt: int
    source: str
    order_id: str


class OrderReader:
    """Reads orders from the state."""

    def __init__(self, engine: AsyncEngine, *, window: int = WINDOW) -> None:
        """Take the state's engine; `window` is how many rows one page looks at."""
        self._engine = engine
        self._window = window

    async def page(self, wanted: OrderFilter, *, cursor: str | None, limit: int) -> Page[bytes]:
        """Return views, newest first, or by source and id where `wanted.q` is the beginning of an id.

        Raises:
            BadInput: the cursor is none of this list's.
        """
        after = decode_cursor(cursor, _Cursor) if cursor else None
        async with snapshot(self._engine) as connection:
            way = after.way if after else await self._choose(connection, wanted)
            if way == "prefix":
                found = await self._walk_ids(connection, wanted, after, limit)
            else:
                found = await self._walk_newest(connection, wanted, after, limit, way=way)
        boundary = found.more_after
        end = _Cursor(way, boundary["first_receipt"], boundary["source"], boundary["order_id"]) if boundary else None
        return Page(items=[row["view"] for row in found.rows], next=encode_cursor(end) if end else None)

    async def get(self, source: str, order_id: str) -> StoredView:
        """Return one order.

        Raises:
            NotFound: there is none.
        """
        statement = select(orders.c.view, orders.c.open, orders.c.first_receipt).where(
            orders.c.source == source, orders.c.order_id == order_id
        )
        async with reading(self._engine) as connection:
            row = (await connection.execute(statement)).first()
        if row is None:
            raise NotFound(f"There is no order {order_id!r} of the source {source!r}.")
        return StoredView(view=row.view, open=row.open, first_receipt=row.first_receipt)

    async def events(self, source: str, order_id: str, *, limit: int) -> list[Event]:
        """Return the order's events by receipt, the latest `limit` of them."""
        statement = (
            select(events.c.event)
            .where(events.c.source == source, events.c.order_id == order_id)
            .order_by(events.c.receipt.desc(), events.c.index.desc())
            .limit(limit)
        )
        async with reading(self._engine) as connection:
            blobs = (await connection.scalars(statement)).all()
        return [_decode_event(blob) for blob in reversed(blobs)]

    async def _choose(
        self, connection: AsyncConnection, wanted: OrderFilter
    ) -> Literal["newest", "open", "prefix", "substring"]:
        if wanted.q:
            for source, prefix in _ranges(await self._sources(connection, wanted), wanted.q):
                found = await connection.execute(_beginning_with(source, prefix).limit(1))
                if found.first():
                    return "prefix"
            return "substring"
        only_open = wanted.open or (wanted.statuses and not any(status in TERMINAL for status in wanted.statuses))
        return "open" if only_open else "newest"

    async def _walk_newest(
        self, connection: AsyncConnection, wanted: OrderFilter, after: _Cursor | None, limit: int, *, way: str
    ) -> Scan:
        statement = _columns().order_by(orders.c.first_receipt.desc(), orders.c.source, orders.c.order_id)
        if way == "open":
            # Said twice so that the databases see that the index of open orders will do.
            statement = statement.where(orders.c.open == true(), orders.c.status.in_(_OPEN))
        if after:
            beside = or_(
                orders.c.source < after.source,
                and_(orders.c.source == after.source, orders.c.order_id <= after.order_id),
            )
            # Not written as an OR at the top, so that the walk begins at the cursor and not at the newest.
            statement = statement.where(
                orders.c.first_receipt <= after.first_receipt,
                not_(and_(orders.c.first_receipt == after.first_receipt, beside)),
            )
        filters = [*_filters(wanted), *([_containing(wanted.q)] if way == "substring" and wanted.q else [])]
        return await scan(connection, statement, keys=_KEYS, filters=filters, limit=limit, window=self._window)

    async def _walk_ids(
        self, connection: AsyncConnection, wanted: OrderFilter, after: _Cursor | None, limit: int
    ) -> Scan:
        rows: list[RowMapping] = []
        for source, prefix in _ranges(await self._sources(connection, wanted), wanted.q or ""):
            statement = _beginning_with(source, prefix)
            if after:
                if source < after.source:
                    continue
                if source == after.source:
                    statement = statement.where(orders.c.order_id > after.order_id)
            found = await scan(
                connection,
                statement,
                keys=_KEYS,
                filters=_filters(wanted),
                limit=limit - len(rows),
                window=self._window,
            )
            rows += found.rows
            if found.more_after:
                return Scan(rows, found.more_after)
            if len(rows) == limit:
                # There may be more in the next range; if not, the next page is empty.
                return Scan(rows, rows[-1])
        return Scan(rows, None)

    async def _sources(self, connection: AsyncConnection, wanted: OrderFilter) -> list[str]:
        if wanted.source is not None:
            return [wanted.source]
        found = await connection.scalars(select(order_counts.c.source).distinct())
        return sorted(found, key=str.encode)


def _columns() -> Select[*tuple[Any, ...]]:
    c = orders.c
    return select(
        c.source,
        c.order_id,
        c.first_receipt,
        c.status,
        c.open,
        c.status_since,
        c.store_id,
        c.region,
        c.placed_at,
        c.flags,
        c.view,
    )


def _beginning_with(source: str, prefix: str) -> Select[*tuple[Any, ...]]:
    return (
        _columns()
        .where(orders.c.source == source, orders.c.order_id >= prefix, orders.c.order_id < prefix + _LAST_CHARACTER)
        .order_by(orders.c.source, orders.c.order_id)
    )


def _ranges(sources: Sequence[str], q: str) -> Iterator[tuple[str, str]]:
    """Return where ids that begin with `q` lie, in the order of the index."""
    spellings = {q, q.upper(), q.lower()}
    # One that begins with another lies within its range.
    apart = [s for s in spellings if not any(s != other and s.startswith(other) for other in spellings)]
    for source in sources:
        for prefix in sorted(apart, key=str.encode):
            yield source, prefix


def _containing(q: str) -> Condition:
    low = q.lower()
    return lambda c: or_(
        func.lower(c.order_id).contains(low, autoescape=True),
        func.lower(c.store_id).contains(low, autoescape=True),
        func.lower(c.region).contains(low, autoescape=True),
    )


def _filters(wanted: OrderFilter) -> list[Condition]:
    """Return the filters that are set."""
    since, until, flag = wanted.since, wanted.until, f" {wanted.flag} "
    statuses = [status.value for status in wanted.statuses]
    table: list[tuple[object, Condition]] = [
        (statuses, lambda c: c.status.in_(statuses)),
        (wanted.open is not None, lambda c: c.open == wanted.open),
        (wanted.source is not None, lambda c: c.source == wanted.source),
        (wanted.store is not None, lambda c: c.store_id == wanted.store),
        (wanted.flag is not None, lambda c: c.flags.contains(flag, autoescape=True)),
        (since, lambda c: func.coalesce(c.placed_at, c.status_since) >= to_micros(since) if since else true()),
        (until, lambda c: func.coalesce(c.placed_at, c.status_since) < to_micros(until) if until else true()),
    ]
    return [condition for is_set, condition in table if is_set]
