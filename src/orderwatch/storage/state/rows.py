"""Rows of the state, made from what the pipeline says."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from orderwatch.domain.events import Event, EventType
from orderwatch.domain.receipts import ReceiptKind
from orderwatch.kit.clock import to_micros
from orderwatch.pipeline import OrderChange, Understood, Unread
from orderwatch.storage.texts import storable_reason

_MINUTE_MICROS = 60_000_000
_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(Event).decode

_COUNTS = ("last_received_at", "events", "duplicates", "conflicts", "unreadable", "unknown")

Row = dict[str, Any]


def event_rows(events: Iterable[Event]) -> list[Row]:
    """Return the rows of `events`."""
    return [
        {
            "receipt": event.receipt,
            "index": event.index,
            "source": event.source,
            "order_id": event.order_id,
            "type": event.type.value,
            "occurred_at": to_micros(event.occurred_at),
            "event": _encode(event),
        }
        for event in events
    ]


def read_event(blob: bytes) -> Event:
    """Return the event that `event_rows` wrote."""
    return _decode(blob)


def order_row(change: OrderChange, changed: int) -> Row:
    """Return the row of one order."""
    order = change.order
    return {
        "source": order.source,
        "order_id": order.order_id,
        "status": order.status.value,
        "open": change.is_open,
        "status_since": to_micros(order.status_since),
        "store_id": order.store_id,
        "region": order.region,
        "placed_at": to_micros(order.placed_at) if order.placed_at else None,
        "promised_at": to_micros(order.promised_at) if order.promised_at else None,
        "flags": f" {' '.join(order.flags)} " if order.flags else "",
        "first_receipt": change.first_receipt,
        "last_receipt": change.last_receipt,
        "changed": changed,
        "state": change.state,
        "view": change.view,
    }


def tally_rows(events: Iterable[Event], *, without: Iterable[Event] = ()) -> list[Row]:
    """Return how many distinct events each minute, source, store and type got; `without` are those that it lost."""
    tallies = Counter(_tally(event) for event in events if not event.conflict)
    tallies.subtract(_tally(event) for event in without if not event.conflict)
    return [
        {"minute": minute, "source": source, "store_id": store, "type": kind, "n": n}
        for (minute, source, store, kind), n in tallies.items()
        if n
    ]


def _tally(event: Event) -> tuple[int, str, str, str]:
    minute = to_micros(event.received_at) // _MINUTE_MICROS * _MINUTE_MICROS
    return minute, event.source, event.store_id or "", event.type.value


def activity_rows(understood: Understood, changed: int) -> list[Row]:
    """Return what each source did in the run."""
    rows: dict[str, Row] = {}
    for receipt in understood.receipts:
        row = rows.setdefault(
            receipt.source,
            _activity_row(receipt.source, changed),
        )
        row["last_received_at"] = max(row["last_received_at"], to_micros(receipt.received_at))
        row["duplicates"] += receipt.kind is ReceiptKind.DUPLICATE
        row["conflicts"] += receipt.kind is ReceiptKind.CONFLICT
    for unread in understood.unread:
        rows[unread.receipt.source]["unreadable"] += 1
    for event in understood.events:
        rows[event.source]["events"] += not event.conflict
        rows[event.source]["unknown"] += event.type is EventType.UNKNOWN and not event.conflict
    return list(rows.values())


def activity_change(source: str, counts: Mapping[str, int], *, changed: int) -> list[Row]:
    """Return by how much a source's counts change when one of its receipts was understood anew."""
    return [{**_activity_row(source, changed), **counts}] if any(counts.values()) else []


def _activity_row(source: str, changed: int) -> Row:
    counts = dict.fromkeys(_COUNTS, 0)
    return {"source": source, "changed": changed, **counts}


def unreadable_rows(unread: Sequence[Unread]) -> list[Row]:
    """Return the rows of receipts that could not be understood."""
    return [
        {
            "receipt": entry.receipt.position,
            "source": entry.receipt.source,
            "received_at": to_micros(entry.receipt.received_at),
            "code": entry.code,
            "reason": storable_reason(entry.reason),
        }
        for entry in unread
    ]
