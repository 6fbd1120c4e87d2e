"""The join of two states: associative, commutative and idempotent, except for the count of duplicates."""

from datetime import datetime

from orderwatch.orders.stamps import later, latest
from orderwatch.orders.state import (
    MAX_COURIERS,
    CourierState,
    CustomerState,
    Facts,
    State,
    Step,
)

_NO_FACTS = Facts()
_NO_CUSTOMER = CustomerState()
_NO_COURIER = CourierState()


def join(a: State, b: State) -> State:
    """Return the state of all events that `a` and `b` are of."""
    couriers, is_crowd = _join_couriers(a, b)
    return State(
        first_at=_earlier(a.first_at, b.first_at),
        last_at=_latter(a.last_at, b.last_at),
        aside_at=_earlier(a.aside_at, b.aside_at),
        flags=a.flags if a.flags == b.flags or not b.flags else tuple(sorted({*a.flags, *b.flags})),
        is_known=a.is_known or b.is_known,
        steps=_join_steps(a.steps, b.steps),
        facts=_join_facts(a.facts, b.facts),
        customer=_join_customers(a.customer, b.customer),
        courier_id=later(a.courier_id, b.courier_id),
        seen_id=later(a.seen_id, b.seen_id),
        couriers=couriers,
        is_crowd=is_crowd,
        nameless=_join_courier(a.nameless, b.nameless),
        duplicates=a.duplicates + b.duplicates,
    )


def _join_steps(a: dict[str, Step], b: dict[str, Step]) -> dict[str, Step]:
    if not b:
        return a
    joined = dict(a)
    for name, step in b.items():
        known = a.get(name)
        joined[name] = Step(min(known.first, step.first), max(known.last, step.last)) if known else step
    return joined


def _join_facts(a: Facts, b: Facts) -> Facts:
    if b == _NO_FACTS:
        return a
    return Facts(
        store_id=later(a.store_id, b.store_id),
        region=later(a.region, b.region),
        promised_at=later(a.promised_at, b.promised_at),
        eta=later(a.eta, b.eta),
        items=later(a.items, b.items),
        total=later(a.total, b.total),
        currency=later(a.currency, b.currency),
        reason=later(a.reason, b.reason),
    )


def _join_customers(a: CustomerState, b: CustomerState) -> CustomerState:
    if b == _NO_CUSTOMER:
        return a
    return CustomerState(
        name=later(a.name, b.name),
        phone=later(a.phone, b.phone),
        address=later(a.address, b.address),
        place=later(a.place, b.place),
    )


def _join_couriers(a: State, b: State) -> tuple[dict[str, CourierState], bool]:
    if a.is_crowd or b.is_crowd:
        return {}, True
    if not b.couriers:
        return a.couriers, False
    joined = dict(a.couriers)
    for name, courier in b.couriers.items():
        known = joined.get(name)
        joined[name] = _join_courier(known, courier) if known else courier
    return ({}, True) if len(joined) > MAX_COURIERS else (joined, False)


def _join_courier(a: CourierState, b: CourierState) -> CourierState:
    if b == _NO_COURIER:
        return a
    return CourierState(
        first=min((stamp for stamp in (a.first, b.first) if stamp is not None), default=None),
        last=latest((a.last, b.last)),
        dismissed=latest((a.dismissed, b.dismissed)),
        name=later(a.name, b.name),
        phone=later(a.phone, b.phone),
        place=later(a.place, b.place),
    )


def _earlier(a: datetime | None, b: datetime | None) -> datetime | None:
    return b if a is None or (b is not None and b < a) else a


def _latter(a: datetime | None, b: datetime | None) -> datetime | None:
    return b if a is None or (b is not None and b > a) else a
