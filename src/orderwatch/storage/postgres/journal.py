"""The journal in PostgreSQL: many receivers may write it, and positions still rise in the order of commits.

A lock that lasts to the end of the transaction lets one group in at a time, so whoever reads up to a position has
everything below it. Groups make up for that: each holds all that arrived while the one before was written.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from orderwatch.domain.errors import Unavailable
from orderwatch.domain.receipts import Ack, Receipt, ReceiptKind, Submission
from orderwatch.journal.dedupe import Entry, conflicts_to_look_up, decide, keys_to_look_up
from orderwatch.journal.ports import MOST_READ_BYTES, Take
from orderwatch.kit.clock import from_micros, to_micros
from orderwatch.storage.tables.journal import receipts
from orderwatch.storage.texts import storable

CHANNEL = "orderwatch_receipts"
"""Notified after each commit, for the workers of other machines."""
_LOCK = 0x6F77_6A6F
_FIRST = 1


class PostgresJournal:
    """`Journal` over a PostgreSQL database."""

    def __init__(self, engine: AsyncEngine, *, append_seconds: float = 10.0, read_bytes: int = MOST_READ_BYTES) -> None:
        """Take the engine, whose tables exist; `append_seconds`: how long a group may take until it has failed."""
        self._engine = engine
        self._append_seconds = append_seconds
        self._read_bytes = read_bytes

    async def append(self, take: Take) -> list[Ack]:
        """Write what `take` gives in one transaction; see `Journal`."""
        try:
            # A server that hangs answers nothing, not even that it failed; the webhooks must not hang with it.
            async with asyncio.timeout(self._append_seconds), self._engine.begin() as connection:
                await connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
                submissions = take()
                if not submissions:
                    return []
                entries = await _decided(connection, submissions)
                await connection.execute(insert(receipts), [_row(entry) for entry in entries])
                await connection.execute(text(f"NOTIFY {CHANNEL}"))
        except (SQLAlchemyError, OSError) as error:
            raise Unavailable(f"The journal's database cannot be used now: {_reason(error)}.") from error
        return [entry.ack for entry in entries]

    async def read(self, *, after: int, limit: int) -> list[Receipt]:
        """Return the receipts after a position; see `Journal`."""
        last = _last_within(after, limit=limit, size=self._read_bytes).scalar_subquery()
        statement = (
            select(receipts)
            .where(receipts.c.position > after, receipts.c.position <= last)
            .order_by(receipts.c.position)
        )
        try:
            async with self._engine.connect() as connection:
                return [_receipt(row) for row in await connection.execute(statement)]
        except (SQLAlchemyError, OSError) as error:
            raise Unavailable(f"The journal's database cannot be read now: {_reason(error)}.") from error

    async def last_position(self) -> int:
        """Return the highest position; see `Journal`."""
        try:
            async with self._engine.connect() as connection:
                return await _last_position(connection)
        except (SQLAlchemyError, OSError) as error:
            raise Unavailable(f"The journal's database cannot be read now: {_reason(error)}.") from error

    async def close(self) -> None:
        """Do nothing: the engine is closed by whoever opened it."""


async def _decided(connection: AsyncConnection, submissions: Sequence[Submission]) -> list[Entry]:
    known = await _look_up(connection, keys_to_look_up(submissions))
    known |= await _look_up(connection, conflicts_to_look_up(submissions, known))
    return decide(submissions, known, first_position=await _last_position(connection) + _FIRST)


async def _look_up(connection: AsyncConnection, keys: Sequence[bytes]) -> dict[bytes, tuple[int, bytes]]:
    if not keys:
        return {}
    statement = select(receipts.c.key, receipts.c.position, receipts.c.digest).where(receipts.c.key.in_(keys))
    return {key: (position, digest) for key, position, digest in await connection.execute(statement)}


def _last_within(after: int, *, limit: int, size: int) -> Select[int]:
    """Return the statement for the last of up to `limit` receipts before which there are fewer than `size` bytes."""
    # The length of a value is found without reading it.
    length = func.octet_length(receipts.c.body) + func.octet_length(receipts.c.headers)
    sized = (
        select(receipts.c.position, length.label("length"))
        .where(receipts.c.position > after)
        .order_by(receipts.c.position)
        .limit(limit)
        .subquery()
    )
    before = (func.sum(sized.c.length).over(order_by=sized.c.position) - sized.c.length).label("before")
    summed = select(sized.c.position, before).subquery()
    return select(func.max(summed.c.position)).where(summed.c.before < size)


async def _last_position(connection: AsyncConnection) -> int:
    return (await connection.execute(select(func.coalesce(func.max(receipts.c.position), 0)))).scalar_one()


def _row(entry: Entry) -> dict[str, object]:
    submission = entry.submission
    return {
        "position": entry.ack.position,
        "kind": entry.ack.kind.value,
        "of": entry.ack.of,
        "source": submission.source,
        "key": entry.key,
        "event_id": None if submission.event_id is None else storable(submission.event_id),
        "digest": submission.digest,
        "body": submission.body if entry.keeps_body else b"",
        "headers": submission.headers,
        "method": submission.method,
        "path": storable(submission.path),
        "content_type": storable(submission.content_type),
        "received_at": to_micros(submission.received_at),
    }


def _receipt(row: Row[Any]) -> Receipt:
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  (documented)
    values["kind"] = ReceiptKind(values["kind"])
    values["received_at"] = from_micros(values["received_at"])
    return Receipt(**values)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it does not answer in time"
    return (str(getattr(error, "orig", None) or error).splitlines() or [type(error).__name__])[0]
