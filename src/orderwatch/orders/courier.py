"""Who carries an order, and where they were last seen."""

from datetime import datetime
from typing import TypeVar

from orderwatch.domain.events import Courier
from orderwatch.orders.stamps import Register, Stamp, later, latest
from orderwatch.orders.state import CourierState, State

_UNKNOWN = CourierState()


def courier_of(state: State) -> tuple[Courier | None, datetime | None]:
    """Return the present courier and when their position was told; None when there is nobody, or nothing is known.

    Nothing that was said of an earlier courier is ever shown of a later one. What was said without naming anybody
    counts for the present courier only where it cannot have been another.
    """
    named, since = _present(state)
    known = state.couriers.get(named, _UNKNOWN) if named else _UNKNOWN
    anyone = state.nameless
    place = later(known.place, _from(anyone.place, since))
    courier = Courier(
        id=named,
        name=_value(later(known.name, _from(anyone.name, since))),
        phone=_value(later(known.phone, _from(anyone.phone, since))),
        lat=place.value.lat if place else None,
        lon=place.value.lon if place else None,
    )
    return (None if courier == Courier() else courier), (place.stamp[0] if place else None)


def _present(state: State) -> tuple[str | None, Stamp | None]:
    """Return the present courier's id, and from when on what was said without a name is of them."""
    named = state.courier_id or state.seen_id
    if named is None:
        return None, state.nameless.dismissed
    own = state.couriers.get(named.value, _UNKNOWN)
    others = latest(courier.last for name, courier in state.couriers.items() if name != named.value)
    dismissed = latest((own.dismissed, state.nameless.dismissed))
    if dismissed is not None and dismissed > named.stamp:
        return None, dismissed
    # One who had the order, lost it and has it again: between may lie what is another's, so only the last word counts.
    is_only_turn = own.first is not None and (others is None or others < own.first)
    return named.value, latest((own.first if is_only_turn else named.stamp, dismissed))


T = TypeVar("T")


def _from(register: Register[T] | None, since: Stamp | None) -> Register[T] | None:
    return register if register is not None and (since is None or register.stamp >= since) else None


def _value(register: Register[str] | None) -> str | None:
    return None if register is None else register.value
