"""What each source has sent."""

from sqlalchemy import func, select

from orderwatch.domain.stats import Activity
from orderwatch.kit.clock import Clock, from_micros, to_micros
from orderwatch.storage.connecting import reading
from orderwatch.storage.engines import Engines
from orderwatch.storage.reading.minutes import MINUTE_MICROS
from orderwatch.storage.tables.journal import quarantine
from orderwatch.storage.tables.state import source_activity, tallies

_RATE_MINUTES = 5


class ActivityReader:
    """Reads from journal and state."""

    def __init__(self, engines: Engines, *, clock: Clock) -> None:
        """Take the engines."""
        self._engines = engines
        self._clock = clock

    async def read(self) -> dict[str, Activity]:
        """Return the activity of each source that has any."""
        rejected, rates = await self._rejected(), await self._rates()
        async with reading(self._engines.state) as connection:
            rows = {row.source: row for row in await connection.execute(select(source_activity))}
        return {
            source: Activity(
                last_received_at=from_micros(row.last_received_at) if row else None,
                events=row.events if row else 0,
                duplicates=row.duplicates if row else 0,
                conflicts=row.conflicts if row else 0,
                unreadable=row.unreadable if row else 0,
                rejected=rejected.get(source, 0),
                per_minute=rates.get(source, 0.0),
            )
            for source in rows.keys() | rejected.keys()
            for row in [rows.get(source)]
        }

    async def _rejected(self) -> dict[str, int]:
        statement = (
            select(quarantine.c.source, func.count())
            .where(quarantine.c.resubmitted_at.is_(None))
            .group_by(quarantine.c.source)
        )
        async with reading(self._engines.journal) as connection:
            return {source: count for source, count in await connection.execute(statement)}  # noqa: C416

    async def _rates(self) -> dict[str, float]:
        present = to_micros(self._clock.now()) // MINUTE_MICROS * MINUTE_MICROS
        statement = (
            select(tallies.c.source, func.sum(tallies.c.n))
            .where(tallies.c.minute >= present - _RATE_MINUTES * MINUTE_MICROS, tallies.c.minute < present)
            .group_by(tallies.c.source)
        )
        async with reading(self._engines.state) as connection:
            return {source: int(n) / _RATE_MINUTES for source, n in await connection.execute(statement)}
