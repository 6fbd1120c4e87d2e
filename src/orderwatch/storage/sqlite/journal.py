"""The journal in a SQLite file: one thread writes, each group in one transaction with one fsync.

It talks to `sqlite3` itself. One INSERT of many rows takes the interpreter's lock once a group rather than once a row,
which is what leaves the event loop its turns (measured: ADR 2).
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TypeVar

from orderwatch.domain.errors import Unavailable
from orderwatch.domain.receipts import Ack, Receipt, ReceiptKind, Submission
from orderwatch.journal.dedupe import Entry, conflicts_to_look_up, decide, keys_to_look_up
from orderwatch.journal.ports import MOST_READ_BYTES, Take
from orderwatch.kit.clock import from_micros, to_micros

_COLUMNS = (
    "position",
    "kind",
    '"of"',
    "source",
    "key",
    "event_id",
    "digest",
    "body",
    "headers",
    "method",
    "path",
    "content_type",
    "received_at",
)
_ROWS_A_STATEMENT = 500
_CAREFUL_GROUPS = 20
"""Groups after one with a duplicate in which more of them are expected."""
_CACHE_KIB = 2 * 1024
_READ = f"SELECT {', '.join(_COLUMNS)} FROM receipts WHERE position > ? ORDER BY position LIMIT ?"  # noqa: S608
T = TypeVar("T")
_Row = tuple[int, str, int | None, str, bytes | None, str | None, bytes, bytes, bytes, str, str, str, int]


class SqliteJournal:
    """`Journal` over one file. One writer: this object, in one process."""

    def __init__(
        self,
        path: Path,
        *,
        busy_seconds: float = 5.0,
        page_limit: int | None = None,
        read_bytes: int = MOST_READ_BYTES,
    ) -> None:
        """Take the file, whose tables exist; it is opened at the first use.

        `busy_seconds`: how long to wait for another writer. `page_limit`: the file's largest size in pages of 4 KiB.
        """
        self._path = path
        self._busy_seconds = busy_seconds
        self._page_limit = page_limit
        self._read_bytes = read_bytes
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="journal-write")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="journal-read")
        self._write: sqlite3.Connection | None = None
        self._read: sqlite3.Connection | None = None
        self._last = 0
        """The highest position, as long as the connection that writes is open: nobody else writes."""
        self._careful = 0
        """How many groups are still to be looked up before they are written."""

    async def append(self, take: Take) -> list[Ack]:
        """Write what `take` gives in one transaction; see `Journal`."""
        return await self._in(self._writer, lambda: self._append(take))

    async def read(self, *, after: int, limit: int) -> list[Receipt]:
        """Return the receipts after a position; see `Journal`."""
        return await self._in(self._reader, lambda: self._select(after, limit))

    async def last_position(self) -> int:
        """Return the highest position; see `Journal`."""
        return await self._in(self._reader, lambda: _last_position(self._reading()))

    async def close(self) -> None:
        """Finish what is under way and close the file."""
        await asyncio.get_running_loop().run_in_executor(None, self._close)

    async def _in(self, thread: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(thread, work)
        except (sqlite3.Error, OSError) as error:
            raise Unavailable(f"The journal cannot be used now: {error}.") from error

    def _append(self, take: Take) -> list[Ack]:
        submissions = take()
        if not submissions:
            return []
        connection = self._writing()
        try:
            entries = self._as_new(connection, submissions) or self._looked_up(connection, submissions)
        except BaseException:
            self._abandon(connection)
            raise
        self._last += len(entries)
        return [entry.ack for entry in entries]

    def _as_new(self, connection: sqlite3.Connection, submissions: Sequence[Submission]) -> list[Entry] | None:
        """Write them as if none were known, which is nearly always so; return None if one is, and nothing was written.

        One statement is its own transaction, so that the interpreter's lock is waited for once and not five times.
        """
        if self._careful or len(submissions) > _ROWS_A_STATEMENT:
            return None
        entries = decide(submissions, {}, first_position=self._last + 1)
        try:
            _write(connection, entries)
        except sqlite3.IntegrityError:
            self._careful = _CAREFUL_GROUPS
            return None
        return entries

    def _looked_up(self, connection: sqlite3.Connection, submissions: Sequence[Submission]) -> list[Entry]:
        connection.execute("BEGIN IMMEDIATE")
        known = _look_up(connection, keys_to_look_up(submissions))
        self._careful = _CAREFUL_GROUPS if known else max(self._careful - 1, 0)
        known |= _look_up(connection, conflicts_to_look_up(submissions, known))
        entries = decide(submissions, known, first_position=self._last + 1)
        for start in range(0, len(entries), _ROWS_A_STATEMENT):
            _write(connection, entries[start : start + _ROWS_A_STATEMENT])
        connection.execute("COMMIT")
        return entries

    def _abandon(self, connection: sqlite3.Connection) -> None:
        # After a full disk or an I/O error the connection may be in any state: the next group opens a new one.
        self._write = None
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            pass
        finally:
            connection.close()

    def _select(self, after: int, limit: int) -> list[Receipt]:
        found: list[Receipt] = []
        room = self._read_bytes
        with closing(self._reading().execute(_READ, (after, limit))) as rows:
            for row in rows:
                receipt = _receipt(row)
                found.append(receipt)
                room -= len(receipt.body) + len(receipt.headers)
                if room <= 0:
                    break
        return found

    def _writing(self) -> sqlite3.Connection:
        if self._write is None:
            self._write = self._open()
            self._last = _last_position(self._write)
        return self._write

    def _reading(self) -> sqlite3.Connection:
        if self._read is None:
            self._read = self._open()
        return self._read

    def _open(self) -> sqlite3.Connection:
        if not self._path.exists():
            raise Unavailable(f"The journal {self._path} is missing.")
        connection = sqlite3.connect(
            self._path, isolation_level=None, timeout=self._busy_seconds, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        if self._page_limit is not None:
            connection.execute(f"PRAGMA max_page_count={self._page_limit}")
        return connection

    def _close(self) -> None:
        self._writer.shutdown(wait=True)
        self._reader.shutdown(wait=True)
        for connection in (self._write, self._read):
            if connection is not None:
                connection.close()
        self._write = self._read = None


def _write(connection: sqlite3.Connection, entries: Sequence[Entry]) -> None:
    connection.execute(_insert(len(entries)), [value for entry in entries for value in _row(entry)])


def _look_up(connection: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, tuple[int, bytes]]:
    found: dict[bytes, tuple[int, bytes]] = {}
    for start in range(0, len(keys), _ROWS_A_STATEMENT):
        some = keys[start : start + _ROWS_A_STATEMENT]
        for key, position, digest in connection.execute(_known(len(some)), some):
            found[key] = (position, digest)
    return found


def _last_position(connection: sqlite3.Connection) -> int:
    return connection.execute("SELECT coalesce(max(position), 0) FROM receipts").fetchone()[0]


@cache
def _insert(rows: int) -> str:
    one = f"({', '.join('?' * len(_COLUMNS))})"
    return f"INSERT INTO receipts ({', '.join(_COLUMNS)}) VALUES {', '.join([one] * rows)}"  # noqa: S608


@cache
def _known(keys: int) -> str:
    return f"SELECT key, position, digest FROM receipts WHERE key IN ({', '.join('?' * keys)})"  # noqa: S608


def _row(entry: Entry) -> tuple[object, ...]:
    submission = entry.submission
    return (
        entry.ack.position,
        entry.ack.kind.value,
        entry.ack.of,
        submission.source,
        entry.key,
        submission.event_id,
        submission.digest,
        submission.body if entry.keeps_body else b"",
        submission.headers,
        submission.method,
        submission.path,
        submission.content_type,
        to_micros(submission.received_at),
    )


def _receipt(row: _Row) -> Receipt:
    position, kind, of, source, key, event_id, digest, body, headers, method, path, content_type, received_at = row
    return Receipt(
        position=position,
        kind=ReceiptKind(kind),
        of=of,
        source=source,
        key=key,
        event_id=event_id,
        digest=digest,
        body=body,
        headers=headers,
        method=method,
        path=path,
        content_type=content_type,
        received_at=from_micros(received_at),
    )
