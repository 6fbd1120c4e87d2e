"""The one writer of the state: every transaction takes its turn here and gets its number."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from msgspec import Struct
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from orderwatch.storage.engines import writing
from orderwatch.storage.tables.state import marks

CHANGED = "changed"
GONE = "gone"
"""Mark: what was removed up to this transaction is known no more, so whoever has no later one must begin anew."""


class Transaction(Struct, frozen=True):
    """An open transaction of the state."""

    connection: AsyncConnection
    changed: int
    """Its number: goes into `changed` of every row it writes that the live stream follows."""


class StateWriter:
    """Serialises the worker's transactions, so that its parts never wait on SQLite's lock or skip a number."""

    def __init__(self, engine: AsyncEngine, *, committed: Callable[[], None] = lambda: None) -> None:
        """Take the state's engine; `committed` is called after each commit (the live stream's doorbell)."""
        self._engine = engine
        self._turn = asyncio.Lock()
        self._committed = committed

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction]:
        """Open the next transaction; committed at the end, rolled back on any error."""
        async with self._turn:
            async with writing(self._engine) as connection:
                # The row lock also orders this against another node's worker on PostgreSQL.
                row = await connection.execute(
                    update(marks)
                    .where(marks.c.name == CHANGED)
                    .values(value=marks.c.value + 1)
                    .returning(marks.c.value)
                )
                yield Transaction(connection, row.scalar_one())
            self._committed()


async def read_mark(connection: AsyncConnection, name: str) -> int:
    """Return the mark called `name`, 0 when it was never set."""
    return (await connection.execute(select(marks.c.value).where(marks.c.name == name))).scalar() or 0


async def set_mark(connection: AsyncConnection, name: str, value: int) -> None:
    """Set the mark called `name`."""
    statement = insert_for(connection)(marks).values(name=name, value=value)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_={"value": statement.excluded.value})
    )


def insert_for(connection: AsyncConnection):  # noqa: ANN201  (two unrelated classes with the same methods)
    """Return the dialect's own ``insert``, which knows ON CONFLICT."""
    return sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
