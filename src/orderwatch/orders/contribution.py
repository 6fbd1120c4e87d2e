"""What one event says of its order, as a state of its own."""

from datetime import timedelta
from typing import Any, TypeVar

from orderwatch.domain.events import Courier, Customer, Event, EventType
from orderwatch.domain.flags import FLAG_BY_FAULT, Flag
from orderwatch.orders.stamps import RANKS, Register, Stamp, stamp_of
from orderwatch.orders.state import CourierState, CustomerState, Facts, Place, State, Step

LATE_AFTER = timedelta(minutes=5)
IMPORT_AFTER = timedelta(days=7)
"""Older events are taken for an import of history, which is late on purpose."""

MILESTONES = {
    kind: kind.removeprefix("order.")
    for kind in RANKS
    if kind.startswith("order.") and kind is not EventType.ORDER_MODIFIED
} | {
    kind: kind.value for kind in (EventType.COURIER_ASSIGNED, EventType.COURIER_AT_PICKUP, EventType.COURIER_UNASSIGNED)
}
"""The steps that an order keeps the time of. A modification is none: there may be many, and the timeline has them."""

_NOTHING = Facts()
_NOBODY = CustomerState()
_FACTS = Facts.__struct_fields__


def contribution(event: Event) -> State:
    """Return what `event` says. A conflict flags the order and says nothing else."""
    if event.conflict:
        return State(aside_at=event.occurred_at, flags=(Flag.CONFLICT.value,))
    if event.type not in RANKS:
        return State(aside_at=event.occurred_at)
    stamp = stamp_of(event)
    name = MILESTONES.get(event.type)
    return State(
        first_at=event.occurred_at,
        last_at=event.occurred_at,
        flags=_flags(event),
        is_known=event.type is not EventType.UNKNOWN,
        steps={} if name is None else {name: Step(event.occurred_at, stamp)},
        facts=_facts(event, stamp),
        customer=_NOBODY if event.customer is None else _customer(event.customer, stamp),
        **_courier(event, stamp),
    )


def _facts(event: Event, stamp: Stamp) -> Facts:
    said: list[Any] = [getattr(event, name) for name in _FACTS]
    if all(value is None for value in said):
        return _NOTHING
    return Facts(*[None if value is None else Register(stamp, value) for value in said])


def _customer(customer: Customer, stamp: Stamp) -> CustomerState:
    return CustomerState(
        name=_register(customer.name, stamp),
        phone=_register(customer.phone, stamp),
        address=_register(customer.address, stamp),
        place=_register(_place(customer), stamp),
    )


def _courier(event: Event, stamp: Stamp) -> dict[str, Any]:
    """Return the fields of the state that tell of couriers."""
    courier = event.courier
    if event.type is EventType.COURIER_UNASSIGNED:
        gone = CourierState(dismissed=stamp)
        return {"couriers": {courier.id: gone}} if courier and courier.id else {"nameless": gone}
    if courier is None:
        return {}
    is_position = event.type is EventType.COURIER_LOCATION
    named = stamp if courier.id and not is_position else None
    details = CourierState(
        first=named,
        last=named,
        # Somebody new, of whom we know no id: whoever it was before, they are no longer.
        dismissed=stamp if event.type is EventType.COURIER_ASSIGNED and not courier.id else None,
        name=_register(courier.name, stamp),
        phone=_register(courier.phone, stamp),
        place=_register(_place(courier), stamp),
    )
    if not courier.id:
        return {"nameless": details}
    return {"couriers": {courier.id: details}, "seen_id" if is_position else "courier_id": Register(stamp, courier.id)}


T = TypeVar("T")


def _register(value: T | None, stamp: Stamp) -> Register[T] | None:
    return None if value is None else Register(stamp, value)


def _place(person: Courier | Customer) -> Place | None:
    return None if person.lat is None or person.lon is None else Place(person.lat, person.lon)


def _flags(event: Event) -> tuple[str, ...]:
    flags = {FLAG_BY_FAULT.get(fault, Flag.BAD_FIELD).value for fault in event.faults}
    delay = event.received_at - event.occurred_at
    if LATE_AFTER < delay < IMPORT_AFTER:
        flags.add(Flag.LATE_EVENT.value)
    elif delay < -LATE_AFTER:
        flags.add(Flag.FUTURE_EVENT.value)
    return tuple(sorted(flags))
