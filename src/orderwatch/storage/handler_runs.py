"""Runs of the user's handlers: made with their cause, claimed, forgotten when they went well."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, and_, bindparam, delete, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from orderwatch.domain.errors import NotFound
from orderwatch.domain.orders import Order
from orderwatch.handlers.ports import Done, Failed, Run
from orderwatch.kit.claims import Want
from orderwatch.kit.clock import to_micros
from orderwatch.pipeline import HandlerCall
from orderwatch.storage.outbox import OutboxStore
from orderwatch.storage.state.rows import read_event
from orderwatch.storage.state_writer import StateWriter, Transaction, insert_for
from orderwatch.storage.tables.state import events, handler_runs, orders
from orderwatch.storage.waiting import due_ids, earliest_due, is_waiting, other_keys

_order = msgspec.json.Decoder(Order).decode
_IS_DEAD = handler_runs.c.status == literal_column("'dead'")


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

    async def next_due(self, handlers: Sequence[str]) -> Mapping[str, datetime]:
        """Return when the next run of each handler is due; see `RunStore`."""
        async with self._engine.connect() as connection:
            return await earliest_due(connection, handler_runs, handler_runs.c.handler, handlers)

    async def turn(self, results: Sequence[Done | Failed], *, wants: Sequence[Want], now: datetime) -> list[Run]:
        """Write down how runs went and claim what is wanted and due; see `RunStore`."""
        async with self._writer.transaction() as transaction:
            await self._record(transaction, results, now=now)
            return [run for want in wants for run in await _claim(transaction.connection, want, now=now)]

    async def strangers(self, known: Sequence[str]) -> list[str]:
        """Return the handlers not in `known` for which runs wait; see `RunStore`."""
        async with self._engine.connect() as connection:
            return await other_keys(connection, handler_runs, handler_runs.c.handler, known)

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

    async def _record(self, transaction: Transaction, results: Sequence[Done | Failed], *, now: datetime) -> None:
        done = [result for result in results if isinstance(result, Done)]
        if done:
            # Only what waits: a late report must not take away what was laid aside meanwhile.
            over = delete(handler_runs).where(is_waiting(handler_runs), handler_runs.c.id == bindparam("number"))
            await transaction.connection.execute(over, [{"number": result.id} for result in done])
        drafts = [draft for result in done for draft in result.drafts]
        if drafts:
            await self._outbox.insert(transaction, drafts, now=now)
        failed = [_failed_row(result, transaction.changed) for result in results if isinstance(result, Failed)]
        if failed:
            await transaction.connection.execute(_FAIL, failed)


async def _claim(connection: AsyncConnection, want: Want, *, now: datetime) -> list[Run]:
    ids = list(await connection.scalars(due_ids(handler_runs, handler_runs.c.handler, want, now=now)))
    if not ids:
        return []
    mine = update(handler_runs).where(handler_runs.c.id.in_(ids)).values(due_at=to_micros(want.until))
    await connection.execute(mine)
    runs = await _runs(connection, ids)
    # An event that was understood anew may be another one now, or gone: then there is nothing to run for.
    gone = set(ids) - {run.id for run in runs}
    if gone:
        await connection.execute(delete(handler_runs).where(handler_runs.c.id.in_(gone)))
    return runs


async def _runs(connection: AsyncConnection, ids: Sequence[int]) -> list[Run]:
    runs = handler_runs.c
    same_event = and_(events.c.receipt == runs.receipt, events.c.index == runs.index, events.c.type == runs.type)
    same_order = and_(orders.c.source == runs.source, orders.c.order_id == runs.order_id)
    statement = (
        select(runs.id, runs.handler, runs.tries, runs.last_error, events.c.event, orders.c.view)
        .join(events, same_event)
        .outerjoin(orders, same_order)
        .where(runs.id.in_(ids))
        .order_by(runs.id)
    )
    return [
        Run(
            id=number,
            handler=name,
            tries=tries,
            last_error=error,
            event=read_event(event),
            order=_order(view) if view else None,
        )
        for number, name, tries, error, event, view in await connection.execute(statement)
    ]


_FAIL = (
    update(handler_runs)
    .where(is_waiting(handler_runs), handler_runs.c.id == bindparam("number"))
    .values({name: bindparam(f"new_{name}") for name in ("status", "tries", "due_at", "last_error", "changed")})
)


def _failed_row(result: Failed, changed: int) -> dict[str, Any]:
    return {
        "number": result.id,
        "new_status": "dead" if result.due is None else "pending",
        "new_tries": result.tries,
        "new_due_at": 0 if result.due is None else to_micros(result.due),
        "new_last_error": result.error,
        "new_changed": changed,
    }


def _dead(number: int | None, handler: str | None) -> ColumnElement[bool]:
    condition = _IS_DEAD
    if number is not None:
        condition = and_(condition, handler_runs.c.id == number)
    if handler is not None:
        condition = and_(condition, handler_runs.c.handler == handler)
    return condition


def _found(count: int, number: int | None) -> int:
    if count == 0 and number is not None:
        raise NotFound(f"There is no dead run {number}.")
    return count
