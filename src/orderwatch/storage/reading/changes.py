"""What the live stream follows: rows of the state by the transaction that last wrote them."""

from typing import Any

from sqlalchemy import Select, exists, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from orderwatch.domain.notifications import Notification
from orderwatch.domain.orders import TERMINAL, OrderStatus
from orderwatch.live.ports import Board, ChangedOrder, Changes
from orderwatch.storage.connecting import snapshot
from orderwatch.storage.engines import Engines
from orderwatch.storage.reading.notifications import channel_kinds, show_notification
from orderwatch.storage.reading.scanning import WINDOW
from orderwatch.storage.state_writer import CHANGED, GONE, read_mark
from orderwatch.storage.tables.state import gone_orders, notifications, orders

_OPEN = tuple(status.value for status in OrderStatus if status not in TERMINAL)


class ChangeReader:
    """Reads changes and boards from the state."""

    def __init__(self, engines: Engines) -> None:
        """Take the engines."""
        self._engines = engines

    async def latest(self) -> int:
        """Return the number of the state's last transaction."""
        async with snapshot(self._engines.state) as connection:
            return await read_mark(connection, CHANGED)

    async def after(self, number: int, *, limit: int) -> Changes | None:
        """Return what changed after `number`, each as it is now; None when unknown or more than `limit` rows.

        Raises:
            Unavailable: the store cannot be read.
        """
        async with snapshot(self._engines.state) as connection:
            now = await read_mark(connection, CHANGED)
            if now == number:
                return Changes(number=now, orders=(), notifications=())
            if number < await read_mark(connection, GONE):
                return None
            statement = _views().where(orders.c.changed > number).order_by(orders.c.changed).limit(limit + 1)
            changed = await _orders(connection, statement)
            if len(changed) > limit:
                return None
            gone = await _gone(connection, number, limit=limit + 1)
            told = select(notifications).where(notifications.c.changed > number)
            entries = await self._notifications(
                connection, told.order_by(notifications.c.changed, notifications.c.id).limit(limit + 1)
            )
        if max(len(entries), len(gone)) > limit:
            return None
        return Changes(number=now, orders=changed, notifications=entries, gone=gone)

    async def board(self, *, most_open: int, latest: int) -> Board:
        """Return up to `most_open` open orders, and the `latest` ended ones and notifications.

        Raises:
            Unavailable: the store cannot be read.
        """
        # Said twice so that the databases see that the index of open orders will do.
        is_open = (orders.c.open == true(), orders.c.status.in_(_OPEN))
        async with snapshot(self._engines.state) as connection:
            newest = _views().where(*is_open).order_by(orders.c.first_receipt.desc()).limit(most_open)
            total = await connection.execute(select(func.count()).select_from(orders).where(*is_open))
            return Board(
                number=await read_mark(connection, CHANGED),
                open=await _orders(connection, newest),
                open_total=total.scalar_one(),
                done=await _orders(connection, _ended(latest)),
                notifications=await self._notifications(
                    connection, select(notifications).order_by(notifications.c.id.desc()).limit(latest)
                ),
            )

    async def _notifications(
        self, connection: AsyncConnection, statement: Select[*tuple[Any, ...]]
    ) -> list[Notification]:
        rows = (await connection.execute(statement)).mappings().all()
        if not rows:
            return []
        kinds = await channel_kinds(self._engines.registry)
        return [show_notification(row, kinds) for row in rows]


async def _orders(connection: AsyncConnection, statement: Select[*tuple[Any, ...]]) -> list[ChangedOrder]:
    rows = await connection.execute(statement)
    return [ChangedOrder(view=row.view, open=row.open, first_receipt=row.first_receipt) for row in rows]


async def _gone(connection: AsyncConnection, number: int, *, limit: int) -> list[tuple[str, str]]:
    there = exists().where(orders.c.source == gone_orders.c.source, orders.c.order_id == gone_orders.c.order_id)
    later = select(gone_orders.c.source, gone_orders.c.order_id).where(gone_orders.c.changed > number, ~there)
    statement = later.order_by(gone_orders.c.changed).limit(limit)
    return [(source, order_id) for source, order_id in await connection.execute(statement)]


def _views() -> Select[*tuple[Any, ...]]:
    return select(orders.c.view, orders.c.open, orders.c.first_receipt)


def _ended(latest: int) -> Select[*tuple[Any, ...]]:
    columns = (orders.c.view, orders.c.open, orders.c.first_receipt)
    newest = select(*columns).order_by(orders.c.changed.desc()).limit(WINDOW).subquery()
    return select(newest).where(newest.c.open != true()).limit(latest)
