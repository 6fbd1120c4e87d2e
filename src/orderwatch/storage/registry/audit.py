"""Who decided or looked at what, and when."""

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from orderwatch.domain.pages import Page
from orderwatch.domain.people import AuditEntry
from orderwatch.kit.clock import Clock, from_micros, to_micros
from orderwatch.storage.engines import writing
from orderwatch.storage.tables.registry import audit


class Audit:
    """Appends to the audit and reads it."""

    def __init__(self, engine: AsyncEngine, *, clock: Clock) -> None:
        """Take the registry's engine."""
        self._engine = engine
        self._clock = clock

    async def add(self, *, by: str, action: str, subject: str) -> None:
        """Write that `by` did `action` to `subject`."""
        async with writing(self._engine) as connection:
            await record(connection, self._clock, by=by, action=action, subject=subject)

    async def page(self, *, before: int | None, limit: int) -> Page[AuditEntry]:
        """Return the entries with ids below `before` (None: from the end), newest first."""
        statement = select(audit.c.id, audit.c.at, audit.c.by, audit.c.action, audit.c.subject)
        if before is not None:
            statement = statement.where(audit.c.id < before)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement.order_by(audit.c.id.desc()).limit(limit + 1))).all()
        items = [AuditEntry(id=r.id, at=from_micros(r.at), by=r.by, action=r.action, subject=r.subject) for r in rows]
        return Page(items=items[:limit], next=str(items[limit - 1].id) if len(items) > limit else None)


async def record(
    connection: AsyncConnection, clock: Clock, *, by: str, action: str, subject: str, detail: bytes | None = None
) -> None:
    """Write an entry in the transaction of what it tells of."""
    row = {"at": to_micros(clock.now()), "by": by, "action": action, "subject": subject, "detail": detail}
    await connection.execute(insert(audit).values(**row))
