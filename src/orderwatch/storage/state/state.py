"""The worker's transactions: a run of receipts, a receipt understood anew, a rebuild."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from orderwatch.domain.errors import Conflict
from orderwatch.domain.events import Event, EventType
from orderwatch.domain.notifications import Draft
from orderwatch.domain.receipts import Receipt
from orderwatch.kit.clock import to_micros
from orderwatch.pipeline import HandlerCall, OrderChange, OrderKey, Pipeline, Understood, Unread
from orderwatch.storage.state import rows, statements
from orderwatch.storage.state.words import SeenWords
from orderwatch.storage.state_writer import StateWriter, Transaction, insert_for, read_mark, set_mark
from orderwatch.storage.tables import state as tables

JOURNAL = "journal"
"""Mark: every receipt up to this position has had its effect."""
QUIET = "quiet_until"
"""Mark: nobody is told of receipts up to this position, because a rebuild is reading them again."""
_LOAD_BYTES = 16 * 1024 * 1024
"""Of the orders that a run touches, as they are stored. Decoded they take many times as much memory."""
HEARTBEAT = "heartbeat"
"""Mark: when the worker last said that it lives, in microseconds since 1970."""


class DraftStore(Protocol):
    """Keeps notifications in the pipeline's own transaction."""

    async def insert(self, transaction: Transaction, drafts: Sequence[Draft], *, now: datetime) -> None:
        """Write `drafts`; those whose cause was told before are left out."""
        ...


class CallStore(Protocol):
    """Keeps handler runs in the pipeline's own transaction."""

    async def insert(self, transaction: Transaction, calls: Sequence[HandlerCall], *, now: datetime) -> None:
        """Write `calls`; those that exist are left out."""
        ...


class TooMuch(Exception):
    """The orders that a run touches would take too much memory together; nothing was done. Fewer receipts will do."""


class StateStore:
    """Each method is one transaction; with its mark in it, so each receipt has its effect exactly once."""

    def __init__(
        self,
        engine: AsyncEngine,
        writer: StateWriter,
        *,
        outbox: DraftStore,
        runs: CallStore,
        load_bytes: int = _LOAD_BYTES,
    ) -> None:
        """Take the state's engine and its one writer, and the stores that share its transactions."""
        self._engine = engine
        self._writer = writer
        self._outbox = outbox
        self._runs = runs
        self._load_bytes = load_bytes
        self._words = SeenWords()

    async def mark(self, name: str) -> int:
        """Return a mark, 0 when it was never set."""
        async with self._engine.connect() as connection:
            return await read_mark(connection, name)

    async def set_mark(self, name: str, value: int) -> None:
        """Set a mark in a transaction of its own."""
        async with self._writer.transaction() as transaction:
            await set_mark(transaction.connection, name, value)

    async def advance(self, understood: Understood, pipeline: Pipeline, *, now: datetime) -> None:
        """Give a run of receipts its effect, and move the journal's mark past it.

        Raises:
            Conflict: another worker has moved the mark meanwhile; nothing was done.
            TooMuch: the run must be shorter. Never for a single receipt.
        """
        async with self._writer.transaction() as transaction:
            connection = transaction.connection
            await _expect_mark(connection, understood.after)
            if understood.events:
                await connection.execute(insert(tables.events), rows.event_rows(understood.events))
            duplicates = await self._duplicates(connection, understood)
            keys = {(e.source, e.order_id) for e in understood.events if e.order_id is not None} | set(duplicates)
            if len(understood.receipts) > 1 and await statements.size_of_orders(connection, keys) > self._load_bytes:
                raise TooMuch
            known = await statements.load_orders(connection, keys)
            quiet = await read_mark(connection, QUIET)
            changes = pipeline.apply(understood.events, known, duplicates, quiet_until=quiet)
            await self._write_orders(transaction, changes.orders)
            await statements.add_counts(connection, changes.counts)
            await statements.add_tallies(connection, rows.tally_rows(understood.events))
            await statements.add_activity(connection, rows.activity_rows(understood, transaction.changed))
            await self._write_unread(connection, understood.unread)
            await self._tell(transaction, changes.drafts, changes.calls, now=now)
            seen = await self._words.note(connection, understood.events)
            await set_mark(connection, JOURNAL, understood.position)
        self._words.remember(seen)

    async def reread(self, replay: Receipt, understood: Understood, pipeline: Pipeline, *, now: datetime) -> None:
        """Put what the receipt at `replay.of` says now in the place of what it said before.

        Its orders are folded anew, and what was counted of it is put right. Nobody is told again; a receipt that could
        not be read before is news, and is told.

        Raises:
            Conflict: another worker has moved the mark meanwhile; nothing was done.
        """
        async with self._writer.transaction() as transaction:
            connection = transaction.connection
            await _expect_mark(connection, understood.after)
            original = replay.of or 0
            was_unread = await self._forget(connection, original)
            before = await _take_events(connection, original)
            if understood.events:
                await connection.execute(insert(tables.events), rows.event_rows(understood.events))
            touched = {(e.source, e.order_id) for e in (*before, *understood.events) if e.order_id is not None}
            changes = await self._refold(transaction, touched, pipeline)
            await self._write_unread(connection, understood.unread)
            await statements.add_tallies(connection, rows.tally_rows(understood.events, without=before))
            change = rows.activity_change(
                replay.source,
                {
                    "events": _distinct(understood.events) - _distinct(before),
                    "unknown": _unknown(understood.events) - _unknown(before),
                    "unreadable": len(understood.unread) - was_unread,
                },
                changed=transaction.changed,
            )
            await statements.add_activity(connection, change)
            if was_unread and replay.position > await read_mark(connection, QUIET):
                drafts, calls = pipeline.react(understood.events, changes)
                await self._tell(transaction, drafts, calls, now=now)
            seen = await self._words.note(connection, understood.events)
            await set_mark(connection, JOURNAL, replay.position)
        self._words.remember(seen)

    async def reset(self, *, quiet_until: int) -> None:
        """Forget all that follows from the journal, to be read again: in silence up to `quiet_until`, its end now.

        What was sent stays known.
        """
        async with self._writer.transaction() as transaction:
            connection = transaction.connection
            for table in (
                tables.orders,
                tables.events,
                tables.order_counts,
                tables.tallies,
                tables.source_activity,
                tables.unreadable,
            ):
                await connection.execute(delete(table))
            await statements.forget_gone(connection, upto=transaction.changed)
            await set_mark(connection, QUIET, quiet_until)
            await set_mark(connection, JOURNAL, 0)

    async def _duplicates(self, connection: AsyncConnection, understood: Understood) -> dict[OrderKey, int]:
        if not understood.repeats:
            return {}
        owners = await statements.orders_of_receipts(connection, sorted(understood.repeats))
        counts: Counter[OrderKey] = Counter()
        for receipt, keys in owners.items():
            counts.update(dict.fromkeys(keys, understood.repeats[receipt]))
        return counts

    async def _write_orders(self, transaction: Transaction, changes: Sequence[OrderChange]) -> None:
        written = [rows.order_row(change, transaction.changed) for change in changes]
        await statements.upsert_orders(transaction.connection, written)

    async def _write_unread(self, connection: AsyncConnection, unread: Sequence[Unread]) -> None:
        if unread:
            statement = insert_for(connection)(tables.unreadable).on_conflict_do_nothing()
            await connection.execute(statement, rows.unreadable_rows(unread))

    async def _tell(
        self, transaction: Transaction, drafts: Sequence[Draft], calls: Sequence[HandlerCall], *, now: datetime
    ) -> None:
        if drafts:
            await self._outbox.insert(transaction, drafts, now=now)
        if calls:
            await self._runs.insert(transaction, calls, now=now)

    async def _forget(self, connection: AsyncConnection, receipt: int) -> bool:
        forgotten = await connection.execute(
            delete(tables.unreadable)
            .where(tables.unreadable.c.receipt == receipt)
            .returning(tables.unreadable.c.receipt)
        )
        return forgotten.first() is not None

    async def _refold(
        self, transaction: Transaction, keys: set[OrderKey], pipeline: Pipeline
    ) -> dict[OrderKey, OrderChange]:
        connection = transaction.connection
        known = await statements.load_orders(connection, keys)
        changes: dict[OrderKey, OrderChange] = {}
        counts: Counter[tuple[str, str]] = Counter()
        for key in sorted(keys):
            before = known.get(key)
            after = pipeline.refold(key, await _events_of(connection, key), before)
            if before is not None:
                counts[key[0], before.status] -= 1
            if after is not None:
                counts[key[0], after.order.status.value] += 1
                changes[key] = after
        gone = sorted(known.keys() - changes.keys())
        await statements.drop_orders(connection, gone, changed=transaction.changed)
        await self._write_orders(transaction, list(changes.values()))
        await statements.add_counts(connection, counts)
        return changes


async def _expect_mark(connection: AsyncConnection, position: int) -> None:
    # The transaction's number is a locked row, so nobody moves the mark between this look and the commit.
    found = await read_mark(connection, JOURNAL)
    if found != position:
        raise Conflict(f"Another worker has read on from {position} to {found}.")


async def _events_of(connection: AsyncConnection, key: OrderKey) -> list[Event]:
    found = await connection.scalars(
        select(tables.events.c.event)
        .where(tables.events.c.source == key[0], tables.events.c.order_id == key[1])
        .order_by(tables.events.c.receipt, tables.events.c.index)
    )
    return [rows.read_event(blob) for blob in found]


async def _take_events(connection: AsyncConnection, receipt: int) -> list[Event]:
    """Delete the events of a receipt and return them."""
    gone = delete(tables.events).where(tables.events.c.receipt == receipt).returning(tables.events.c.event)
    return [rows.read_event(blob) for blob in await connection.scalars(gone)]


def _distinct(events: Sequence[Event]) -> int:
    return sum(not event.conflict for event in events)


def _unknown(events: Sequence[Event]) -> int:
    return sum(event.type is EventType.UNKNOWN and not event.conflict for event in events)


async def heartbeat(store: StateStore, now: datetime) -> None:
    """Say that the worker lives."""
    await store.set_mark(HEARTBEAT, to_micros(now))
