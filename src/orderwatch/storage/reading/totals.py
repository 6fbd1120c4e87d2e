"""What the metrics tell of the store."""

from sqlalchemy import Column, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from orderwatch.domain.stats import Totals
from orderwatch.kit.clock import Clock
from orderwatch.storage.connecting import reading
from orderwatch.storage.engines import Engines
from orderwatch.storage.reading.progress import ProgressReader
from orderwatch.storage.reading.quarantine import QuarantineReader
from orderwatch.storage.tables.state import (
    handler_runs,
    notification_outcomes,
    notifications,
    order_counts,
    source_activity,
)


class TotalsReader:
    """Reads from journal and state; each count is a roll-up or walks an index."""

    def __init__(self, engines: Engines, *, clock: Clock) -> None:
        """Take the engines."""
        self._engines = engines
        self._progress = ProgressReader(engines, clock=clock)
        self._quarantine = QuarantineReader(engines)

    async def read(self) -> Totals:
        """Return the totals now."""
        progress = await self._progress.read()
        waiting, dropped = await self._quarantine.counts(), await self._quarantine.dropped()
        async with reading(self._engines.state) as connection:
            by_status = select(order_counts.c.status, func.sum(order_counts.c.n)).group_by(order_counts.c.status)
            orders = {status: int(n) for status, n in await connection.execute(by_status)}
            tries = select(notification_outcomes)
            unreadable = await connection.execute(select(func.coalesce(func.sum(source_activity.c.unreadable), 0)))
            return Totals(
                progress=progress,
                orders=orders,
                notifications=await _by_status(connection, notifications.c.status),
                tries={(row.channel, row.outcome): row.n for row in await connection.execute(tries)},
                handler_runs=await _by_status(connection, handler_runs.c.status),
                quarantine=waiting,
                dropped=dropped,
                unreadable=int(unreadable.scalar_one()),
            )


async def _by_status(connection: AsyncConnection, status: Column[str]) -> dict[str, int]:
    rows = await connection.execute(select(status, func.count()).group_by(status))
    return {str(value): count for value, count in rows}
