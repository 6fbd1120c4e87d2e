"""The outbox: notifications written with their cause, claimed, tried and kept to be looked at."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from orderwatch.domain.errors import NotFound
from orderwatch.domain.notifications import Attempt, Draft, Message, NotificationStatus
from orderwatch.kit.claims import Want
from orderwatch.kit.clock import from_micros, to_micros
from orderwatch.notify.ports import Due, Result
from orderwatch.storage.state_writer import StateWriter, Transaction, insert_for
from orderwatch.storage.tables.state import notification_outcomes, notifications
from orderwatch.storage.waiting import due_ids, earliest_due, is_waiting, other_keys

_encode = msgspec.json.Encoder(decimal_format="string").encode
_message = msgspec.json.Decoder(Message).decode
_attempts = msgspec.json.Decoder(tuple[Attempt, ...]).decode
_NO_ATTEMPTS = b"[]"
_CHUNK = 500
_PRUNED = 5_000
_WAITS = is_waiting(notifications)
_FINISHED = notifications.c.status.in_((NotificationStatus.SENT.value, NotificationStatus.FAILED.value))


class OutboxStore:
    """`Outbox` over the state, and what the pipeline and people's commands do with it."""

    def __init__(self, engine: AsyncEngine, writer: StateWriter) -> None:
        """Take the state's engine for reading and its one writer."""
        self._engine = engine
        self._writer = writer

    async def insert(self, transaction: Transaction, drafts: Sequence[Draft], *, now: datetime) -> None:
        """Write `drafts` within the caller's transaction; those whose cause was told before are left out."""
        statement = insert_for(transaction.connection)(notifications).on_conflict_do_nothing()
        await transaction.connection.execute(statement, _rows(drafts, now=now, changed=transaction.changed))

    async def add(self, drafts: Sequence[Draft], *, now: datetime) -> None:
        """Write `drafts` in a transaction of their own."""
        async with self._writer.transaction() as transaction:
            await self.insert(transaction, drafts, now=now)

    async def next_due(self, channels: Sequence[str]) -> Mapping[str, datetime]:
        """Return when the next one of each channel is due; see `Outbox`."""
        async with self._engine.connect() as connection:
            return await earliest_due(connection, notifications, notifications.c.channel, channels)

    async def turn(self, results: Sequence[Result], *, wants: Sequence[Want], now: datetime) -> list[Due]:
        """Write down what came of tries and claim what is wanted and due; see `Outbox`."""
        async with self._writer.transaction() as transaction:
            if results:
                await self._record(transaction, results, now=now)
            return [due for want in wants for due in await _claim(transaction.connection, want, now=now)]

    async def strangers(self, known: Sequence[str]) -> list[str]:
        """Return the channels not in `known` for which notifications wait; see `Outbox`."""
        async with self._engine.connect() as connection:
            return await other_keys(connection, notifications, notifications.c.channel, known)

    async def outcomes(self) -> dict[tuple[str, str], int]:
        """Return how many tries of each channel ended ``sent``, ``retry`` or ``rejected``: sums that only grow."""
        columns = notification_outcomes.c
        async with self._engine.connect() as connection:
            rows = await connection.execute(select(columns.channel, columns.outcome, columns.n))
            return {(channel, outcome): n for channel, outcome, n in rows}

    async def resend(self, number: int, *, now: datetime) -> None:
        """Send a notification once more, as somebody asked; its earlier tries stay to be seen.

        Raises:
            NotFound: there is no such notification.
        """
        again = update(notifications).where(notifications.c.id == number)
        values = {"status": "pending", "tries": 0, "due_at": to_micros(now), "give_up_at": None, "finished_at": None}
        async with self._writer.transaction() as transaction:
            statement = again.values(**values, changed=transaction.changed)
            if (await transaction.connection.execute(statement)).rowcount == 0:
                raise NotFound(f"There is no notification {number}.")

    async def prune(self, *, before: datetime) -> int:
        """Drop finished notifications that were made before a time, and return how many; others get their turns."""
        dropped = total = await self._prune_some(before)
        while dropped == _PRUNED:
            dropped = await self._prune_some(before)
            total += dropped
        return total

    async def _prune_some(self, before: datetime) -> int:
        old = (
            select(notifications.c.id)
            .where(_FINISHED, notifications.c.created_at < to_micros(before))
            .order_by(notifications.c.id)
            .limit(_PRUNED)
        )
        async with self._writer.transaction() as transaction:
            dropped = delete(notifications).where(notifications.c.id.in_(old))
            return (await transaction.connection.execute(dropped)).rowcount

    async def _record(self, transaction: Transaction, results: Sequence[Result], *, now: datetime) -> None:
        alike: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
        for result in results:
            alike[_values(result)].append(result.id)
        for values, ids in alike.items():
            written = dict(zip(_RECORDED, values, strict=True)) | {"changed": transaction.changed}
            for start in range(0, len(ids), _CHUNK):
                # Only what waits: a late report must not bring back what was marked sent meanwhile.
                mine = update(notifications).where(_WAITS, notifications.c.id.in_(ids[start : start + _CHUNK]))
                await transaction.connection.execute(mine.values(written))
        await _add_outcomes(transaction.connection, results)
        drafts = [result.fallback for result in results if result.fallback is not None]
        if drafts:
            await self.insert(transaction, drafts, now=now)


async def _claim(connection: AsyncConnection, want: Want, *, now: datetime) -> list[Due]:
    ids = due_ids(notifications, notifications.c.channel, want, now=now)
    claimed = update(notifications).where(notifications.c.id.in_(ids)).values(due_at=to_micros(want.until))
    rows = await connection.execute(claimed.returning(notifications))
    return sorted((_due(row) for row in rows), key=lambda due: due.id)


async def _add_outcomes(connection: AsyncConnection, results: Iterable[Result]) -> None:
    counts = Counter((result.channel, result.outcome) for result in results)
    statement = insert_for(connection)(notification_outcomes)
    summed = {"n": notification_outcomes.c.n + statement.excluded.n}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["channel", "outcome"], set_=summed),
        [{"channel": channel, "outcome": outcome, "n": n} for (channel, outcome), n in sorted(counts.items())],
    )


def _rows(drafts: Sequence[Draft], *, now: datetime, changed: int) -> list[dict[str, object]]:
    moment = to_micros(now)
    return [
        {
            "cause": draft.cause,
            "channel": draft.channel,
            "route": draft.route,
            "source": draft.source,
            "order_id": draft.order_id,
            "message": _encode(draft.message),
            "status": NotificationStatus.PENDING.value,
            "attempts": _NO_ATTEMPTS,
            "tries": 0,
            "created_at": moment,
            "due_at": moment,
            "finished_at": None,
            "changed": changed,
        }
        for draft in drafts
    ]


def _due(row: Row[Any]) -> Due:
    return Due(
        id=row.id,
        cause=row.cause,
        channel=row.channel,
        route=row.route,
        source=row.source,
        order_id=row.order_id,
        message=_message(row.message),
        attempts=_attempts(row.attempts),
        tries=row.tries,
        created_at=from_micros(row.created_at),
        give_up_at=None if row.give_up_at is None else from_micros(row.give_up_at),
    )


_RECORDED = ("status", "attempts", "tries", "due_at", "give_up_at", "finished_at")


def _values(result: Result) -> tuple[Any, ...]:
    return (
        result.status.value,
        _encode(result.attempts),
        result.tries,
        to_micros(result.due_at),
        to_micros(result.give_up_at),
        None if result.finished_at is None else to_micros(result.finished_at),
    )
