"""Opens the databases: three SQLite files in a folder, or one PostgreSQL database."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec import Struct
from sqlalchemy import Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from orderwatch.storage.private import make_file, make_folder

PARTS = ("journal", "state", "registry")


class Engines(Struct, frozen=True, kw_only=True):
    """One engine for each part. On PostgreSQL all three are the same one."""

    journal: AsyncEngine
    state: AsyncEngine
    registry: AsyncEngine

    @property
    def is_sqlite(self) -> bool:
        """Say whether the store is SQLite files."""
        return self.journal.dialect.name == "sqlite"

    async def dispose(self) -> None:
        """Close every connection."""
        for engine in {id(e): e for e in (self.journal, self.state, self.registry)}.values():
            await engine.dispose()


def open_engines(data: Path, database: str | None) -> Engines:
    """Open the store: `database` as a ``postgresql://`` address, or else SQLite files in `data`."""
    if database:
        url = make_url(database).set(drivername="postgresql+psycopg")
        # Errors are logged, and the parameters in them would be what people ordered and where they live.
        engine = create_async_engine(url, pool_pre_ping=True, connect_args=POSTGRES_PATIENCE, hide_parameters=True)
        return Engines(journal=engine, state=engine, registry=engine)
    make_folder(data)
    return Engines(
        journal=_open_sqlite(data / "journal.sqlite", synchronous="FULL"),
        state=_open_sqlite(data / "state.sqlite", synchronous="NORMAL"),
        registry=_open_sqlite(data / "registry.sqlite", synchronous="FULL"),
    )


def _open_sqlite(path: Path, *, synchronous: str) -> AsyncEngine:
    """Open one file.

    FULL: a commit is on disk when it returns. NORMAL: it survives the death of the process, and after a loss of power
    the last ones may be missing, never half. The state can afford that: its mark goes back with it, and the journal
    is read again from there. Without it the worker's commits would make the journal's wait for the disk.
    """
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", hide_parameters=True)

    @event.listens_for(engine.sync_engine, "do_connect")
    def _make(*_: object) -> None:
        make_file(path)

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: DBAPIConnection, _record: object) -> None:
        # Python's own implicit BEGIN is switched off: it comes too late (before the first write) and never IMMEDIATE.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (*SQLITE_PRAGMAS, f"PRAGMA synchronous={synchronous}"):
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        # A write transaction takes the lock at once: one that read first could not be upgraded (SQLITE_BUSY).
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """Open a write transaction on `engine`; committed at the end, rolled back on any error."""
    async with engine.connect() as connection:
        await connection.execution_options(writes=True)
        async with connection.begin():
            yield connection


# Readers never block the writer in WAL.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA busy_timeout=10000",
    "PRAGMA foreign_keys=ON",
)

# A server or network that is gone without a word is noticed within seconds, not when TCP gives up (15 min).
POSTGRES_PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
