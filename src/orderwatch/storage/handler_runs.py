"""Runs of the user's handlers: made with their cause, claimed, forgotten when they went well."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from orderwatch.domain.errors import NotFound
from orderwatch.domain.notifications import Draft
from orderwatch.domain.orders import Order
from orderwatch.handlers.ports import Run
from orderwatch.kit.clock import from_micros, to_micros
from orderwatch.pipeline import HandlerCall
from orderwatch.storage.outbox import OutboxStore
from orderwatch.storage.state.rows import read_event
from orderwatch.storage.state_writer import StateWriter, Transaction, insert_for
from orderwatch.storage.tables.state import events, handler_runs, orders

_order = msgspec.json.Decoder(Order).decode


class HandlerRunStore:
    """`RunStore` over the state, and what the pipeline and people's commands do with it."""

    def __init__(self, engine: AsyncEngine, writer: StateWriter, *, outbox: OutboxStore) -> None:
        """Take the state's engine for reading, its one writer, and the outbox that shares its transactions."""
        self._engine = engine
        self._writer = writer
        self._outbox = outbox

    async def insert(self, transaction: Transaction, calls: Sequence[HandlerCall], *, now: datetime) -> None:
        """Write `calls` within the caller's transaction; those that exist are left out."""
        statement = insert_for(transaction.connection)(handler_runs).on_conflict_do_nothing()
        moment = to_micros(now)
        rows = [
            {
                "handler": call.handler,
                "receipt": call.event.receipt,
                "index": call.event.index,
                "source": call.event.source,
                "order_id": call.event.order_id,
                "type": call.event.type.value,
                "status": "pending",
                "tries": 0,
                "created_at": moment,
                "due_at": moment,
                "changed": transaction.changed,
            }
            for call in calls
        ]
        await transaction.connection.execute(statement, rows)

    async def claim(self, *, now: datetime, until: datetime, limit: int) -> list[Run]:
        """Return due runs that nobody else gets before `until`; see `RunStore`."""
        due = and_(handler_runs.c.status == "pending", handler_runs.c.due_at <= to_micros(now))
        ids = select(handler_runs.c.id).where(due).order_by(handler_runs.c.due_at).limit(limit)
        async with self._engine.connect() as connection:
            if (await connection.execute(ids.limit(1))).first() is None:
                return []
        async with self._writer.transaction() as transaction:
            connection = transaction.connection
            found = list((await connection.execute(ids)).scalars())
            mine = update(handler_runs).where(handler_runs.c.id.in_(found)).values(due_at=to_micros(until))
            await connection.execute(mine)
            runs = await _runs(connection, found)
            # An event that was understood anew may be another one now, or gone: then there is nothing to run for.
            gone = set(found) - {run.id for run in runs}
            if gone:
                await connection.execute(delete(handler_runs).where(handler_runs.c.id.in_(gone)))
            return runs

    async def succeed(self, run: Run, drafts: Sequence[Draft], *, now: datetime) -> None:
        """Forget a run that went well, and tell what it wants told; see `RunStore`."""
        async with self._writer.transaction() as transaction:
            await transaction.connection.execute(delete(handler_runs).where(handler_runs.c.id == run.id))
            if drafts:
                await self._outbox.insert(transaction, drafts, now=now)

    async def fail(self, run: Run, error: str, *, due: datetime | None) -> None:
        """Note a failed try; see `RunStore`."""
        values: dict[str, Any] = {"tries": run.tries + 1, "last_error": error}
        values |= {"status": "dead"} if due is None else {"due_at": to_micros(due)}
        async with self._writer.transaction() as transaction:
            values["changed"] = transaction.changed
            await transaction.connection.execute(update(handler_runs).where(handler_runs.c.id == run.id).values(values))

    async def next_due(self) -> datetime | None:
        """Return when the next run is due; see `RunStore`."""
        statement = select(func.min(handler_runs.c.due_at)).where(handler_runs.c.status == "pending")
        async with self._engine.connect() as connection:
            due = (await connection.execute(statement)).scalar()
        return None if due is None else from_micros(due)

    async def retry(self, *, number: int | None, handler: str | None, now: datetime) -> int:
        """Run dead runs again: one, those of one handler, or all; return how many.

        Raises:
            NotFound: there is no dead run of that number.
        """
        values = {"status": "pending", "tries": 0, "due_at": to_micros(now)}
        async with self._writer.transaction() as transaction:
            again = update(handler_runs).where(_dead(number, handler))
            done = await transaction.connection.execute(again.values(values | {"changed": transaction.changed}))
        return _found(done.rowcount, number)

    async def dismiss(self, number: int) -> None:
        """Forget a dead run.

        Raises:
            NotFound: there is none of that number.
        """
        async with self._writer.transaction() as transaction:
            done = await transaction.connection.execute(delete(handler_runs).where(_dead(number, None)))
        _found(done.rowcount, number)


def _dead(number: int | None, handler: str | None) -> Any:  # noqa: ANN401  (a condition)
    condition = handler_runs.c.status == "dead"
    if number is not None:
        condition = and_(condition, handler_runs.c.id == number)
    if handler is not None:
        condition = and_(condition, handler_runs.c.handler == handler)
    return condition


def _found(count: int, number: int | None) -> int:
    if count == 0 and number is not None:
        raise NotFound(f"There is no dead run {number}.")
    return count


async def _runs(connection: AsyncConnection, ids: Sequence[int]) -> list[Run]:
    same_event = and_(events.c.receipt == handler_runs.c.receipt, events.c.index == handler_runs.c.index)
    same_order = and_(orders.c.source == handler_runs.c.source, orders.c.order_id == handler_runs.c.order_id)
    statement = (
        select(handler_runs.c.id, handler_runs.c.handler, handler_runs.c.tries, events.c.event, orders.c.view)
        .join(events, same_event)
        .outerjoin(orders, same_order)
        .where(handler_runs.c.id.in_(ids))
        .order_by(handler_runs.c.id)
    )
    return [
        Run(id=number, handler=name, tries=tries, event=read_event(event), order=_order(view) if view else None)
        for number, name, tries, event, view in await connection.execute(statement)
    ]
