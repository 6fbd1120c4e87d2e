"""Several statements that see the store at one moment."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine


@asynccontextmanager
async def snapshot(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """Open a connection whose statements all see what the first one saw."""
    async with engine.connect() as connection:
        if connection.dialect.name != "sqlite":  # There, every transaction is such a snapshot (WAL).
            await connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection
