"""Tries whether the journal can commit, by writing a row that means nothing."""

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncEngine

from orderwatch.domain.errors import Unavailable
from orderwatch.journal.turn import Turn
from orderwatch.kit.clock import Clock
from orderwatch.storage.connecting import deciding
from orderwatch.storage.state_writer import insert_for
from orderwatch.storage.tables.journal import quarantine_dropped

PROBE = ""
"""The code under which it is written; no refusal has it."""
_FRESH_SECONDS = 5.0


class JournalProbe:
    """Remembers what it found for a few seconds, so that asking often costs nothing."""

    def __init__(self, engine: AsyncEngine, *, clock: Clock, turn: Turn) -> None:
        """Take the journal's engine; `turn` is held while writing, for the journal writes the same file."""
        self._engine = engine
        self._clock = clock
        self._turn = turn
        self._tried_at: float | None = None
        self._failure: Unavailable | None = None

    async def check(self) -> None:
        """Return when the journal can commit.

        Raises:
            Unavailable: it cannot; the message says why.
        """
        now = self._clock.monotonic()
        if self._tried_at is None or now - self._tried_at >= _FRESH_SECONDS:
            self._tried_at, self._failure = now, await _failure_of(self._try)
        if self._failure is not None:
            raise self._failure

    async def _try(self) -> None:
        # Whole commits of a changed page, not an empty one, or a full disk would not show.
        async with self._turn, deciding(self._engine) as connection:
            statement = insert_for(connection)(quarantine_dropped).values(code=PROBE, dropped=0)
            changed = (quarantine_dropped.c.dropped + 1) % 2
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["code"], set_={"dropped": changed})
            )


async def _failure_of(attempt: Callable[[], Awaitable[None]]) -> Unavailable | None:
    try:
        await attempt()
    except Unavailable as error:
        return error
    return None
