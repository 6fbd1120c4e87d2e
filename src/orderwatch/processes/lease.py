"""Who may do what only one may do: the server of a data folder, the worker of a store."""

import fcntl
import os
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from orderwatch.storage.private import make_file, make_folder


class Lease(Protocol):
    """A right that one process holds at a time. It falls back by itself when the process dies."""

    async def take(self) -> bool:
        """Try to get it, without waiting."""
        ...

    async def holds(self) -> bool:
        """Say whether it is still ours."""
        ...

    async def release(self) -> None:
        """Give it back."""
        ...


class FileLease:
    """A lock on a file; the system drops it with the process, however that ends."""

    def __init__(self, path: Path) -> None:
        """Take the file, which is made when missing."""
        self._path = path
        self._file: IO[str] | None = None

    async def take(self) -> bool:
        """Try to get it, without waiting."""
        make_folder(self._path.parent)
        make_file(self._path)
        file = self._path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file
        return True

    async def holds(self) -> bool:
        """Say whether it is still ours."""
        return self._file is not None

    async def release(self) -> None:
        """Give it back."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def holder(self) -> str:
        """Return the process id of whoever holds it, for people."""
        return self._path.read_text().strip() if self._path.exists() else ""


class PostgresLease:
    """An advisory lock of a connection kept open; the server drops it with the connection."""

    def __init__(self, engine: AsyncEngine, key: int) -> None:
        """Take the database and the lock's number."""
        self._engine = engine
        self._key = key
        self._connection: AsyncConnection | None = None

    async def take(self) -> bool:
        """Try to get it, without waiting."""
        await self.release()
        connection = await self._engine.connect()
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        got = await connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": self._key})
        if got:
            self._connection = connection
            return True
        await connection.close()
        return False

    async def holds(self) -> bool:
        """Say whether it is still ours."""
        if self._connection is None:
            return False
        try:
            await self._connection.execute(text("select 1"))
        except SQLAlchemyError:
            return False
        return True

    async def release(self) -> None:
        """Give it back."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.invalidate()
            await connection.close()
