"""How far the worker is behind the journal."""

from sqlalchemy import func, select

from orderwatch.domain.stats import Progress
from orderwatch.kit.clock import Clock, from_micros
from orderwatch.storage.connecting import reading
from orderwatch.storage.engines import Engines
from orderwatch.storage.state_writer import read_mark
from orderwatch.storage.tables.journal import receipts


class ProgressReader:
    """Compares the worker's mark with the journal."""

    def __init__(self, engines: Engines, *, clock: Clock) -> None:
        """Take the engines of journal and state."""
        self._engines = engines
        self._clock = clock

    async def last_command(self) -> int:
        """Return the id of the last command that the worker has carried out."""
        async with reading(self._engines.state) as connection:
            return await read_mark(connection, "command")

    async def read(self) -> Progress:
        """Return how far the worker is behind now."""
        async with reading(self._engines.state) as connection:
            mark = await read_mark(connection, "journal")
            heartbeat = await read_mark(connection, "heartbeat")
        waiting = (
            select(receipts.c.received_at).where(receipts.c.position > mark).order_by(receipts.c.position).limit(1)
        )
        async with reading(self._engines.journal) as connection:
            last = (await connection.execute(select(func.max(receipts.c.position)))).scalar() or 0
            oldest = (await connection.execute(waiting)).scalar() if last > mark else None
        lag = 0.0 if oldest is None else (self._clock.now() - from_micros(oldest)).total_seconds()
        return Progress(
            lag_seconds=round(max(lag, 0.0), 3),
            behind=max(last - mark, 0),
            worker_seen_at=from_micros(heartbeat) if heartbeat else None,
        )
