"""Handler runs that have given up."""

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncEngine

from orderwatch.domain.errors import NotFound
from orderwatch.domain.handlers import DeadRun
from orderwatch.domain.pages import Page
from orderwatch.kit.clock import from_micros
from orderwatch.storage.connecting import reading
from orderwatch.storage.reading.numbered import read_page
from orderwatch.storage.reading.scanning import Condition
from orderwatch.storage.tables.state import handler_runs

DEAD = "dead"


class DeadRunReader:
    """Reads dead runs from the state."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take the state's engine."""
        self._engine = engine

    async def page(self, *, handler: str | None, cursor: str | None, limit: int) -> Page[DeadRun]:
        """Return dead runs, newest first.

        Raises:
            BadInput: the cursor is none of this list's.
        """
        filters: list[Condition] = [lambda c: c.handler == handler] if handler is not None else []
        return await read_page(
            self._engine,
            select(handler_runs).where(handler_runs.c.status == DEAD),
            number="id",
            filters=filters,
            cursor=cursor,
            limit=limit,
            show=_dead_run,
        )

    async def get(self, number: int) -> DeadRun:
        """Return one dead run.

        Raises:
            NotFound: there is none.
        """
        statement = select(handler_runs).where(handler_runs.c.id == number, handler_runs.c.status == DEAD)
        async with reading(self._engine) as connection:
            row = (await connection.execute(statement)).mappings().first()
        if row is None:
            raise NotFound(f"There is no dead run {number}.")
        return _dead_run(row)


def _dead_run(row: RowMapping) -> DeadRun:
    return DeadRun(
        id=row["id"],
        handler=row["handler"],
        receipt=row["receipt"],
        index=row["index"],
        source=row["source"],
        order_id=row["order_id"],
        type=row["type"],
        tries=row["tries"],
        created_at=from_micros(row["created_at"]),
        last_error=row["last_error"],
    )
