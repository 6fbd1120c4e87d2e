"""The minute roll-ups of the last hour, remembered: a minute that is over hardly changes."""

from collections import Counter

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from orderwatch.storage.tables.state import tallies

MINUTE_MICROS = 60_000_000
MINUTES = 60
_STILL_MOVING = 3
"""How many of the latest minutes are read every time."""


class Minute(Struct, frozen=True):
    """Distinct events received in one minute."""

    by_source: Counter[str]
    by_type: Counter[str]

    @property
    def events(self) -> int:
        """Return how many events there were."""
        return self.by_type.total()


_NOTHING = Minute(Counter(), Counter())


class Minutes:
    """The last hour. A busy store has thousands of rows for each minute, so only the latest are read again."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._known: dict[int, Minute] = {}
        self._whole_until = 0

    async def read(self, connection: AsyncConnection, *, now: int) -> tuple[Minute, ...]:
        """Return the last 60 complete minutes, oldest first, and the present one at the end; `now` in microseconds."""
        present = now // MINUTE_MICROS * MINUTE_MICROS
        oldest = present - MINUTES * MINUTE_MICROS
        if present >= self._whole_until:  # A worker that is behind adds to earlier minutes: look at all once a minute.
            start, self._whole_until = oldest, present + MINUTE_MICROS
        else:
            start = present - (_STILL_MOVING - 1) * MINUTE_MICROS
        fresh = await _load(connection, start)
        kept = {minute: value for minute, value in self._known.items() if oldest <= minute < start}
        self._known = kept | fresh
        return tuple(self._known.get(oldest + step * MINUTE_MICROS, _NOTHING) for step in range(MINUTES + 1))


async def _load(connection: AsyncConnection, start: int) -> dict[int, Minute]:
    statement = (
        select(tallies.c.minute, tallies.c.source, tallies.c.type, func.sum(tallies.c.n))
        .where(tallies.c.minute >= start)
        .group_by(tallies.c.minute, tallies.c.source, tallies.c.type)
    )
    found: dict[int, Minute] = {}
    for minute, source, kind, n in await connection.execute(statement):
        entry = found.setdefault(minute, Minute(Counter(), Counter()))
        entry.by_source[source] += int(n)
        entry.by_type[kind] += int(n)
    return found
