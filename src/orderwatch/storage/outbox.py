"""The outbox: notifications written with their cause, claimed, tried and kept to be looked at."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, and_, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from orderwatch.domain.errors import NotFound
from orderwatch.domain.notifications import Attempt, Draft, Message, NotificationStatus
from orderwatch.kit.clock import from_micros, to_micros
from orderwatch.notify.ports import Due, Result
from orderwatch.storage.state_writer import StateWriter, Transaction, insert_for
from orderwatch.storage.tables.state import notifications

_encode = msgspec.json.Encoder(decimal_format="string").encode
_message = msgspec.json.Decoder(Message).decode
_attempts = msgspec.json.Decoder(tuple[Attempt, ...]).decode
_NO_ATTEMPTS = b"[]"
_CHUNK = 500


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

    async def claim(self, *, now: datetime, until: datetime, limit: int, without: Sequence[str]) -> list[Due]:
        """Return due notifications that nobody else gets before `until`; see `Outbox`."""
        async with self._engine.connect() as connection:
            # A look without the writer's turn: most of the time there is nothing.
            if (await connection.execute(_due_ids(now, 1, without))).first() is None:
                return []
        async with self._writer.transaction() as transaction:
            connection = transaction.connection
            ids = list((await connection.execute(_due_ids(now, limit, without))).scalars())
            if not ids:
                return []
            claimed = update(notifications).where(notifications.c.id.in_(ids)).values(due_at=to_micros(until))
            rows = await connection.execute(claimed.returning(notifications))
            return sorted((_due(row) for row in rows), key=lambda due: due.id)

    async def record(self, results: Sequence[Result], *, now: datetime) -> None:
        """Write down what came of tries; see `Outbox`."""
        statement = (
            update(notifications)
            .where(and_(notifications.c.id == bindparam("number"), notifications.c.status == "pending"))
            .values({name: bindparam(f"new_{name}") for name in _RECORDED})
        )
        async with self._writer.transaction() as transaction:
            rows = [_recorded(result, transaction.changed) for result in results]
            await transaction.connection.execute(statement, rows)
            drafts = [result.fallback for result in results if result.fallback is not None]
            if drafts:
                await self.insert(transaction, drafts, now=now)

    async def next_due(self) -> datetime | None:
        """Return when the next one is due; see `Outbox`."""
        statement = select(func.min(notifications.c.due_at)).where(notifications.c.status == "pending")
        async with self._engine.connect() as connection:
            due = (await connection.execute(statement)).scalar()
        return None if due is None else from_micros(due)

    async def resend(self, number: int, *, now: datetime) -> None:
        """Send a notification once more, as somebody asked; its earlier tries stay to be seen.

        Raises:
            NotFound: there is no such notification.
        """
        values: dict[str, Any] = {"status": "pending", "tries": 0, "due_at": to_micros(now), "finished_at": None}
        values["created_at"] = to_micros(now)
        async with self._writer.transaction() as transaction:
            again = update(notifications).where(notifications.c.id == number)
            done = await transaction.connection.execute(again.values(values | {"changed": transaction.changed}))
            if done.rowcount == 0:
                raise NotFound(f"There is no notification {number}.")

    async def prune(self, *, before: datetime) -> int:
        """Drop finished notifications that were made before a time, and return how many."""
        old = and_(notifications.c.status != "pending", notifications.c.created_at < to_micros(before))
        async with self._writer.transaction() as transaction:
            return (await transaction.connection.execute(delete(notifications).where(old))).rowcount


def _due_ids(now: datetime, limit: int, without: Sequence[str]) -> Any:  # noqa: ANN401  (a statement)
    due = and_(notifications.c.status == "pending", notifications.c.due_at <= to_micros(now))
    statement = select(notifications.c.id).where(due).order_by(notifications.c.due_at).limit(limit)
    return statement.where(notifications.c.channel.not_in(without)) if without else statement


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
    )


_RECORDED = ("status", "attempts", "tries", "due_at", "finished_at", "changed")


def _recorded(result: Result, changed: int) -> dict[str, object]:
    return {
        "number": result.id,
        "new_status": result.status.value,
        "new_attempts": _encode(result.attempts),
        "new_tries": result.tries,
        "new_due_at": to_micros(result.due_at),
        "new_finished_at": None if result.finished_at is None else to_micros(result.finished_at),
        "new_changed": changed,
    }
