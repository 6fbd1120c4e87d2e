"""The parts of an order that have parts themselves: items, courier, customer."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import cast

from orderwatch.domain.events import Courier, Customer, Item
from orderwatch.normalise.bodies import Json
from orderwatch.normalise.notes import Notes
from orderwatch.normalise.values import read_decimal, read_id, read_place, read_text

MAX_ITEMS = 10_000
"""Of one order. What lies beyond is left out and noted."""

Texts = Mapping[str, Callable[[object], str | None]]

_COURIER: Texts = {"id": read_id, "name": read_text, "phone": read_text}
_CUSTOMER: Texts = {"name": read_text, "phone": read_text, "address": read_text}


def read_courier(raw: Json, notes: Notes) -> Courier | None:
    """Return what `raw` says of the courier, None when that is nothing."""
    found = _read_person("courier", raw, _COURIER, notes)
    return Courier(**found) if found else None


def read_customer(raw: Json, notes: Notes) -> Customer | None:
    """Return what `raw` says of the customer, None when that is nothing."""
    found = _read_person("customer", raw, _CUSTOMER, notes)
    return Customer(**found) if found else None


def read_items(raw: Json, notes: Notes) -> tuple[Item, ...] | None:
    """Return the items that `raw` lists; those that are none are left out and noted."""
    if not isinstance(raw, list):
        notes.refuse("items", raw)
        return None
    entries = cast("list[Json]", raw)
    if len(entries) > MAX_ITEMS:
        notes.fault("items")
    items = (_read_item(entry, notes) for entry in entries[:MAX_ITEMS])
    return tuple(item for item in items if item is not None)


def _read_person(role: str, raw: Json, texts: Texts, notes: Notes) -> dict[str, Json]:
    """Return the known keys of `raw` that say something; what is unknown or unfit is kept under `role`."""
    if not isinstance(raw, dict):
        notes.refuse(role, raw)
        return {}
    said = {key: value for key, value in cast("dict[str, Json]", raw).items() if value is not None}
    found: dict[str, Json] = {}
    for key, read in texts.items():
        if (text := notes.attempt(role, read, said.get(key))) is not None:
            found[key] = text
    if "lat" in said or "lon" in said:
        place = notes.attempt(role, lambda at: read_place(at.get("lat"), at.get("lon")), said)
        if place is not None:
            found["lat"], found["lon"] = place
    if len(found) < len(said) and (odd := {key: said[key] for key in said if key not in found and said[key] != ""}):
        notes.keep(role, odd)
    return found


def _read_item(raw: Json, notes: Notes) -> Item | None:
    line: dict[str, Json] = {"name": raw} if isinstance(raw, str) else raw
    if not isinstance(line, dict):  # pyright: ignore[reportUnnecessaryIsInstance]  (it is any JSON)
        return notes.fault("items")
    said = line.get
    identity = None if (of := said("id")) is None else notes.attempt("items", read_id, of)
    name = notes.attempt("items", read_text, said("name")) or identity
    if name is None:
        return notes.fault("items")
    price = None if (of := said("price")) is None else notes.attempt("items", read_decimal, of)
    quantity = None if (of := said("quantity")) is None else notes.attempt("items", _read_quantity, of)
    if quantity is None or quantity == 1:
        return Item(name=name, price=price, id=identity)
    if quantity.is_signed():
        notes.fault("items")
    return Item(name=name, quantity=quantity, price=price, id=identity)


def _read_quantity(value: object) -> Decimal:
    """Return a number without the zeros of 2.000, which senders put there without meaning anything by it."""
    quantity = read_decimal(value)
    if type(value) is int:
        return quantity
    whole = quantity.to_integral_value()
    return Decimal(int(whole)) if quantity == whole else quantity
