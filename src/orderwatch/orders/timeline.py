"""An order's events in the order they happened, each with what it changed. Only for reading; nothing is kept of it."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec

from orderwatch.domain.events import Event, Item
from orderwatch.domain.orders import Order, TimelineEntry
from orderwatch.orders.fold import State, fold, view
from orderwatch.orders.stamps import stamp_of

_FIELDS = (
    "status",
    "store_id",
    "region",
    "promised_at",
    "eta",
    "courier",
    "customer",
    "total",
    "currency",
    "reason",
)


def timeline(events: Sequence[Event]) -> list[TimelineEntry]:
    """Return one entry for each of `events` (distinct ones of one order), sorted by when they happened.

    `changes` compares the order after the event with the order of all those before it in this list.
    """
    state: State | None = None
    before: Order | None = None
    entries: list[TimelineEntry] = []
    for event in sorted(events, key=stamp_of):
        changes: dict[str, Any] = {}
        if not event.conflict:
            state = fold(state, event)
            after = view(state, source=event.source, order_id=event.order_id or "")
            changes = _changes(before, after)
            before = after
        entries.append(_entry(event, changes))
    return entries


def _entry(event: Event, changes: dict[str, Any]) -> TimelineEntry:
    return TimelineEntry(
        type=event.type,
        raw_type=event.raw_type,
        occurred_at=event.occurred_at,
        received_at=event.received_at,
        receipt=event.receipt,
        changes=changes,
        conflict=event.conflict,
        faults=event.faults,
        data=event.data,
    )


def _changes(before: Order | None, after: Order) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name in _FIELDS:
        old, new = getattr(before, name, None), getattr(after, name)
        if old != new:
            changes[name] = [msgspec.to_builtins(old), msgspec.to_builtins(new)]
    old_items = before.items if before else ()
    if old_items is not after.items and old_items != after.items:
        changes["items"] = _item_changes(old_items, after.items)
    return changes


def _item_changes(before: Sequence[Item], after: Sequence[Item]) -> dict[str, Any]:
    """Return what was ``added``, ``removed`` and ``changed``; lines are paired by id, else name, in their order."""
    old, new = _numbered(before), _numbered(after)
    return {
        "added": [msgspec.to_builtins(item) for line, item in new.items() if line not in old],
        "removed": [msgspec.to_builtins(item) for line, item in old.items() if line not in new],
        "changed": [_line_change(old[line], item) for line, item in new.items() if line in old and old[line] != item],
    }


def _numbered(items: Sequence[Item]) -> dict[tuple[str, int], Item]:
    seen: Counter[str] = Counter()
    lines: dict[tuple[str, int], Item] = {}
    for item in items:
        name = item.id or item.name
        lines[name, seen[name]] = item
        seen[name] += 1
    return lines


def _line_change(old: Item, new: Item) -> dict[str, Any]:
    change: dict[str, Any] = {"name": new.name}
    for field in ("quantity", "price"):
        values: list[Decimal | None] = [getattr(old, field), getattr(new, field)]
        if values[0] != values[1]:
            change[field] = msgspec.to_builtins(values)
    if old.name != new.name:
        change["renamed"] = [old.name, new.name]
    return change
