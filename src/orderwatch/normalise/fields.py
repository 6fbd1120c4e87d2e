"""One canonical event from the fields of a body, whatever platform's they are."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

from orderwatch.domain.errors import Unreadable
from orderwatch.domain.events import Event, EventType
from orderwatch.domain.receipts import Receipt, ReceiptKind
from orderwatch.domain.sources import Source
from orderwatch.normalise.bodies import Json
from orderwatch.normalise.notes import Notes
from orderwatch.normalise.parts import read_courier, read_customer, read_items
from orderwatch.normalise.times import read_time
from orderwatch.normalise.values import read_decimal, read_id, read_text

_CURRENCY = re.compile(r"[A-Za-z]{3}", re.ASCII)
_WITHOUT_ORDER = frozenset(
    {EventType.STORE_OPENED, EventType.STORE_CLOSED, EventType.STORE_OFFLINE, EventType.SOURCE_HEARTBEAT}
)


def _read_currency(value: object) -> str:
    if not isinstance(value, str) or not _CURRENCY.fullmatch(value.strip()):
        raise ValueError("not an ISO 4217 code")
    return value.strip().upper()


_TIMES = ("occurred_at", "promised_at", "eta")
_SINGLE: Mapping[str, Callable[[object], object]] = {
    "store_id": read_id,
    "region": read_text,
    "total": read_decimal,
    "currency": _read_currency,
    "reason": read_text,
}
_PARTED: Mapping[str, Callable[[Any, Notes], object]] = {
    "items": read_items,
    "courier": read_courier,
    "customer": read_customer,
}
FIELDS = (*_TIMES, *_SINGLE, *_PARTED)
"""The canonical fields of an event beside its type, order id and event id."""
PARTS: Mapping[str, frozenset[str]] = {
    "courier": frozenset({"id", "name", "phone", "lat", "lon"}),
    "customer": frozenset({"name", "phone", "address", "lat", "lon"}),
}
"""The fields that have named parts."""


def needs_order(kind: EventType) -> bool:
    """Say whether an event of `kind` is about an order, so that it must have its id."""
    return kind not in _WITHOUT_ORDER


def read_word(value: object) -> str:
    """Return the sender's word for what happened.

    Raises:
        Unreadable: it is not there, or no text or number.
    """
    try:
        word = None if value is None else read_id(value)
    except ValueError as fault:
        raise Unreadable("The event type is neither a text nor a number, or too long.") from fault
    if word is None:
        raise Unreadable("The event has no type.")
    return word.strip()


def read_order_id(value: object, *, kind: EventType) -> str | None:
    """Return the order's id; None for an event of a store or of the source, which has none.

    Raises:
        Unreadable: it is not there though it must be, or no text or number.
    """
    if not needs_order(kind):
        return None
    try:
        order_id = None if value is None else read_id(value)
    except ValueError as fault:
        raise Unreadable("The order id is neither a text nor a number, or too long.") from fault
    if order_id is None:
        raise Unreadable("The event has no order id.")
    return order_id


def make_event(
    fields: Mapping[str, Json],
    *,
    source: Source,
    receipt: Receipt,
    word: str,
    kind: EventType,
    order_id: str | None,
    rest: Mapping[str, Json],
    index: int = 0,
    faults: tuple[str, ...] = (),
) -> Event:
    """Return the event that `fields` (`FIELDS` by name, None or missing where not said) and `rest` tell.

    What cannot be read is left out, named in `faults` and kept in `data` beside `rest`. Nothing in the values can make
    this raise, except nesting beyond all measure (Unreadable).
    """
    notes = Notes()
    for name, value in rest.items():
        notes.keep(name, value)
    values = _read_fields(fields, source, notes)
    if values.get("total") is not None and source.currency is not None:
        values.setdefault("currency", source.currency)
    identity = (receipt.key or receipt.digest).hex()
    return Event(
        source=source.name,
        type=kind,
        raw_type=word,
        order_id=order_id,
        key=f"{identity}.{index}" if index else identity,
        receipt=receipt.position,
        index=index,
        conflict=receipt.kind is ReceiptKind.CONFLICT,
        occurred_at=values.pop("occurred_at", receipt.received_at),
        received_at=receipt.received_at,
        data=notes.kept,
        faults=(*faults, *notes.faults),
        **values,
    )


def unread_event(entry: Json, *, source: Source, receipt: Receipt, index: int) -> Event:
    """Return what stands for one of several entries of a body that cannot be read: kept whole, of no order."""
    return make_event(
        {},
        source=source,
        receipt=receipt,
        word="",
        kind=EventType.UNKNOWN,
        order_id=None,
        rest=cast("dict[str, Json]", entry) if isinstance(entry, dict) else {"value": entry},
        index=index,
        faults=("unreadable",),
    )


def _read_fields(fields: Mapping[str, Json], source: Source, notes: Notes) -> dict[str, Json]:
    read_moment = partial(read_time, zone=source.time_zone)
    values: dict[str, Json] = {}
    for name in FIELDS:
        raw = fields.get(name)
        if raw is None or raw == "":
            continue
        if (read := _PARTED.get(name)) is not None:
            value = read(raw, notes)
        else:
            value = _read_single(name, raw, _SINGLE.get(name, read_moment), notes)
        if value is not None:
            values[name] = value
    return values


def _read_single(name: str, raw: Json, read: Callable[[object], object], notes: Notes) -> object:
    try:
        return read(raw)
    except ValueError:
        notes.refuse(name, raw)
        return None
