"""Who decided or looked at what, and when."""

from sqlalchemy import RowMapping, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from orderwatch.domain.pages import Page
from orderwatch.domain.people import AuditEntry
from orderwatch.kit.clock import Clock, from_micros, to_micros
from orderwatch.storage.connecting import deciding
from orderwatch.storage.reading.numbered import read_page
from orderwatch.storage.tables.registry import audit


class Audit:
    """Appends to the audit and reads it."""

    def __init__(self, engine: AsyncEngine, *, clock: Clock) -> None:
        """Take the registry's engine."""
        self._engine = engine
        self._clock = clock

    async def add(self, *, by: str, action: str, subject: str) -> None:
        """Write that `by` did `action` to `subject`."""
        async with deciding(self._engine) as connection:
            await record(connection, self._clock, by=by, action=action, subject=subject)

    async def page(self, *, cursor: str | None, limit: int) -> Page[AuditEntry]:
        """Return the entries, newest first.

        Raises:
            BadInput: the cursor is none of this list's.
        """
        statement = select(audit.c.id, audit.c.at, audit.c.by, audit.c.action, audit.c.subject)
        return await read_page(
            self._engine, statement, number="id", filters=(), cursor=cursor, limit=limit, show=_entry
        )


def _entry(row: RowMapping) -> AuditEntry:
    return AuditEntry(
        id=row["id"], at=from_micros(row["at"]), by=row["by"], action=row["action"], subject=row["subject"]
    )


async def record(
    connection: AsyncConnection, clock: Clock, *, by: str, action: str, subject: str, detail: bytes | None = None
) -> None:
    """Write an entry in the transaction of what it tells of."""
    row = {"at": to_micros(clock.now()), "by": by, "action": action, "subject": subject, "detail": detail}
    await connection.execute(insert(audit).values(**row))
