"""The quarantine's writing side: what was refused is kept within bounds, and what there was no room for is counted."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import TypeAlias

import structlog
from msgspec import Struct
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from orderwatch.domain.receipts import Rejection
from orderwatch.journal.turn import Turn
from orderwatch.kit.clock import Clock, to_micros
from orderwatch.storage.engines import writing
from orderwatch.storage.state_writer import insert_for
from orderwatch.storage.tables.journal import quarantine, quarantine_dropped
from orderwatch.storage.texts import storable, storable_reason
from orderwatch.storage.vault import Vault

_LARGEST_GROUP = 100
_LARGEST_GROUP_BYTES = 4 * 1024 * 1024
"""Of bodies in one group; webhooks wait while it is written."""
_PRUNE_EVERY = 50
"""Groups between two looks at the bounds; they may be passed by that much."""

_Waiting: TypeAlias = tuple[Rejection, asyncio.Future[None]]
"""A refusal, and who waits until it is kept."""


class Bounds(Struct, frozen=True, kw_only=True):
    """How much the quarantine may hold."""

    rows: int
    bytes: int
    age: timedelta
    waiting: int = 1000
    """Refusals that may wait for the disk; more are dropped and counted."""
    waiting_bytes: int = 32 * 1024 * 1024
    """And their bodies together."""


class QuarantineStore:
    """Keeps refused requests in groups. `add` waits for the disk, so that whoever was refused can be shown at once."""

    def __init__(self, engine: AsyncEngine, *, vault: Vault, bounds: Bounds, clock: Clock, turn: Turn) -> None:
        """Take the journal's engine, and what encrypts proofs.

        `turn` is held while writing, for the journal writes the same file.
        """
        self._engine = engine
        self._vault = vault
        self._bounds = bounds
        self._clock = clock
        self._turn = turn
        self._waiting: list[_Waiting] = []
        self._waiting_bytes = 0
        self._task: asyncio.Task[None] | None = None
        self._dropped: Counter[str] = Counter()
        self._groups = 0
        self._log = structlog.get_logger("quarantine")

    async def add(self, rejection: Rejection) -> None:
        """Keep `rejection`, or count it as dropped when there is no room; never raises."""
        size = self._waiting_bytes + _size(rejection)
        if len(self._waiting) >= self._bounds.waiting or (self._waiting and size > self._bounds.waiting_bytes):
            self._dropped[rejection.code] += 1
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((rejection, future))
        self._waiting_bytes = size
        if self._task is None:
            self._task = asyncio.create_task(self._write_all())
        await future

    async def mark_resubmitted(self, number: int, *, receipt: int | None) -> None:
        """Note that a row was submitted again, and the receipt that it became."""
        now = to_micros(self._clock.now())
        values = {"resubmitted_at": now, "resubmitted_as": receipt, "proof": None}
        async with self._turn, writing(self._engine) as connection:
            await connection.execute(update(quarantine).where(quarantine.c.id == number).values(values))

    async def proof(self, number: int) -> bytes:
        """Return what was masked of the request with this number; empty where nothing was kept.

        Raises:
            BadSettings: it was encrypted with another key.
        """
        columns = (quarantine.c.proof, quarantine.c.source, quarantine.c.received_at)
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(*columns).where(quarantine.c.id == number))).first()
        if row is None or row.proof is None:
            return b""
        return self._vault.open(row.proof.decode(), place=_place(row.source, row.received_at)).encode()

    async def prune(self) -> None:
        """Drop what is too old or too much, the oldest first, and count it."""
        async with self._turn, writing(self._engine) as connection:
            await self._prune(connection, self._clock.now())

    async def close(self) -> None:
        """Return when all that waits is written."""
        while self._task is not None:
            await asyncio.wait((self._task,))

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                group = self._next_group()
                await self._write([rejection for rejection, _ in group])
                for _, future in group:
                    if not future.done():
                        future.set_result(None)
        finally:
            self._task = None

    def _next_group(self) -> list[_Waiting]:
        sizes = accumulate(_size(rejection) for rejection, _ in self._waiting[:_LARGEST_GROUP])
        # The first goes in any case, however long it is.
        count = max(1, sum(size <= _LARGEST_GROUP_BYTES for size in sizes))
        group, self._waiting = self._waiting[:count], self._waiting[count:]
        self._waiting_bytes -= sum(_size(rejection) for rejection, _ in group)
        return group

    async def _write(self, group: Sequence[Rejection]) -> None:
        dropped, self._dropped = self._dropped, Counter()
        try:
            # In a thread: the first one imports what encrypts.
            rows = await asyncio.to_thread(self._rows, group)
            async with self._turn, writing(self._engine) as connection:
                await connection.execute(insert(quarantine), rows)
                await _count(connection, dropped)
                self._groups += 1
                if self._groups % _PRUNE_EVERY == 1:
                    await self._prune(connection, self._clock.now())
        except Exception as error:  # noqa: BLE001  (whatever it is, each waiting request must be answered)
            self._log.error("refused requests could not be kept", count=len(group), error=str(error))
            self._dropped += dropped + Counter(rejection.code for rejection in group)

    async def _prune(self, connection: AsyncConnection, now: datetime) -> None:
        last = (await connection.execute(select(func.coalesce(func.max(quarantine.c.id), 0)))).scalar_one()
        oldest = to_micros(now - self._bounds.age)
        doomed = (quarantine.c.received_at < oldest) | (quarantine.c.id <= last - self._bounds.rows)
        await _drop(connection, doomed)
        # From the newest on, the sizes add up; where they pass the bound, the rest goes.
        proof = func.coalesce(func.length(quarantine.c.proof), 0)
        size = func.sum(func.length(quarantine.c.body) + func.length(quarantine.c.headers) + proof)
        summed = select(quarantine.c.id, size.over(order_by=quarantine.c.id.desc()).label("size")).subquery()
        beyond = select(func.max(summed.c.id)).where(summed.c.size > self._bounds.bytes)
        cut = (await connection.execute(beyond)).scalar()
        if cut is not None:
            await _drop(connection, quarantine.c.id <= cut)

    def _rows(self, group: Sequence[Rejection]) -> list[dict[str, object]]:
        return [_row(rejection) | {"proof": self._sealed(rejection)} for rejection in group]

    def _sealed(self, rejection: Rejection) -> bytes | None:
        if not rejection.proof:
            return None
        place = _place(rejection.source, to_micros(rejection.received_at))
        return self._vault.seal(rejection.proof.decode(), place=place).encode()


async def _drop(connection: AsyncConnection, doomed: object) -> None:
    gone = await connection.execute(
        delete(quarantine)
        .where(doomed)  # pyright: ignore[reportArgumentType]
        .returning(quarantine.c.code, quarantine.c.resubmitted_at)
    )
    await _count(connection, Counter(code for code, resubmitted_at in gone if resubmitted_at is None))


async def _count(connection: AsyncConnection, dropped: Counter[str]) -> None:
    if not dropped:
        return
    statement = insert_for(connection)(quarantine_dropped)
    added = quarantine_dropped.c.dropped + statement.excluded.dropped
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["code"], set_={"dropped": added}),
        [{"code": code, "dropped": count} for code, count in dropped.items()],
    )


def _size(rejection: Rejection) -> int:
    return len(rejection.body) + len(rejection.proof)


def _place(source: str, received_at: int) -> str:
    return f"quarantine/{source}/{received_at}"


def _row(rejection: Rejection) -> dict[str, object]:
    return {
        "received_at": to_micros(rejection.received_at),
        "source": rejection.source,
        "code": rejection.code,
        "reason": storable_reason(rejection.reason),
        "status": rejection.status,
        "body": rejection.body,
        "truncated": rejection.truncated,
        "headers": rejection.headers,
        "method": rejection.method,
        "path": storable(rejection.path),
        "content_type": storable(rejection.content_type),
    }
