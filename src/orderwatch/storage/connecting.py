"""Connections whose failures are told in our own words."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from orderwatch.domain.errors import Conflict, Unavailable
from orderwatch.storage.engines import writing


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """Open a connection to read with.

    Raises:
        Unavailable: the database cannot be reached or read.
    """
    with _told():
        async with engine.connect() as connection:
            yield connection


@asynccontextmanager
async def snapshot(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """Open a connection whose statements all see what the first one saw.

    Raises:
        Unavailable: the database cannot be reached or read.
    """
    async with reading(engine) as connection:
        if connection.dialect.name != "sqlite":  # There, every transaction is such a snapshot (WAL).
            await connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


@asynccontextmanager
async def deciding(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """Open a write transaction; committed at the end, rolled back on any error.

    Raises:
        Unavailable: the database cannot be reached or written.
        Conflict: somebody else wrote the same at the same time.
    """
    with _told():
        async with writing(engine) as connection:
            yield connection


@contextmanager
def _told() -> Generator[None]:
    try:
        yield
    except IntegrityError as error:
        raise Conflict("Somebody else wrote the same just now. Look again.") from error
    except (SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise Unavailable(f"The store cannot be used now: {reason}.") from error
