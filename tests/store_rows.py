"""Rows of the store for tests that need many of them, and empty stores to write them into."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncEngine

from orderwatch.domain.notifications import Attempt, Message
from orderwatch.domain.orders import TERMINAL, OrderStatus
from orderwatch.kit.clock import to_micros
from orderwatch.storage.engines import Engines, open_engines
from orderwatch.storage.tables import journal, registry, state
from tests.set_clock import NOON

Row = dict[str, Any]


async def open_empty(folder: Path, database: str | None = None) -> Engines:
    """Open a store with all tables and no row."""
    engines = open_engines(folder, database)
    for engine, part in ((engines.journal, journal), (engines.state, state), (engines.registry, registry)):
        async with engine.begin() as connection:
            await connection.run_sync(part.metadata.drop_all)
            await connection.run_sync(part.metadata.create_all)
    async with engines.state.begin() as connection:
        await connection.execute(insert(state.marks).values(name="changed", value=0))
    return engines


def order_row(
    number: int,
    *,
    order_id: str | None = None,
    source: str = "default",
    status: OrderStatus = OrderStatus.CREATED,
    **values: Any,
) -> Row:
    """Return an order's row; `number` is its first receipt and its `changed`."""
    ident = f"A-{number}" if order_id is None else order_id
    placed = values.pop("placed_at", NOON)
    since = values.pop("status_since", NOON)
    view = {
        "source": source,
        "order_id": ident,
        "status": status.value,
        "status_since": since,
        "placed_at": placed,
        "milestones": values.pop("milestones", {}),
        "last_event_at": since,
    } | values.pop("view", {})
    row: Row = {
        "source": source,
        "order_id": ident,
        "status": status.value,
        "open": status not in TERMINAL,
        "status_since": to_micros(since),
        "store_id": None,
        "region": None,
        "placed_at": to_micros(placed) if placed else None,
        "promised_at": None,
        "flags": "",
        "first_receipt": number,
        "last_receipt": number,
        "changed": number,
        "state": b"{}",
        "view": msgspec.json.encode(view),
    }
    return row | values


async def write_orders(engine: AsyncEngine, rows: Sequence[Row]) -> None:
    """Make `rows` all the orders there are."""
    async with engine.begin() as connection:
        await connection.execute(delete(state.orders))
        await connection.execute(delete(state.order_counts))
        if rows:
            await connection.execute(insert(state.orders), rows)
            counts = [{"source": source, "status": "created", "n": 1} for source in sorted({r["source"] for r in rows})]
            await connection.execute(insert(state.order_counts), counts)


def notification_row(number: int, **values: Any) -> Row:
    """Return a notification's row; `number` is its id and its `changed`."""
    row: Row = {
        "id": number,
        "cause": f"cause-{number}",
        "channel": "log",
        "route": "new-orders",
        "source": "default",
        "order_id": "A-1",
        "message": msgspec.json.encode(Message(title="New order", text="A-1", link="/orders/default/A-1")),
        "status": "sent",
        "attempts": msgspec.json.encode([Attempt(at=NOON, outcome="sent", took_ms=3)]),
        "tries": 1,
        "created_at": to_micros(NOON),
        "due_at": to_micros(NOON),
        "finished_at": None,
        "changed": number,
    }
    return row | values


def receipt_row(position: int, **values: Any) -> Row:
    """Return a receipt's row, received `position` minutes past noon, with a body of twice `position` bytes."""
    row: Row = {
        "position": position,
        "kind": "event",
        "of": None,
        "source": "default",
        "key": position.to_bytes(16),
        "event_id": None,
        "digest": b"d" * 32,
        "body": b"{}" * position,
        "headers": b"{}",
        "method": "POST",
        "path": "/webhook",
        "content_type": "application/json",
        "received_at": to_micros(NOON + timedelta(minutes=position)),
    }
    return row | values


async def write_receipts(engine: AsyncEngine, rows: Sequence[Row]) -> None:
    """Add receipts to the journal."""
    async with engine.begin() as connection:
        await connection.execute(insert(journal.receipts), rows)


def rejection_row(number: int, *, minute: int, **values: Any) -> Row:
    """Return the row of a request that was refused `minute` minutes past noon."""
    row: Row = {
        "id": number,
        "received_at": to_micros(NOON + timedelta(minutes=minute)),
        "source": "default",
        "code": "unreadable",
        "reason": "The body is not JSON.",
        "status": 400,
        "body": b"{",
        "truncated": False,
        "headers": b"{}",
        "method": "POST",
        "path": "/webhook",
        "content_type": "application/json",
        "resubmitted_at": None,
        "resubmitted_as": None,
    }
    return row | values


def unreadable_row(receipt: int, *, source: str = "default") -> Row:
    """Return the row of a receipt that could not be understood."""
    received_at = to_micros(NOON + timedelta(minutes=receipt))
    return {"receipt": receipt, "source": source, "received_at": received_at, "code": "bad_mapping", "reason": "No id."}
