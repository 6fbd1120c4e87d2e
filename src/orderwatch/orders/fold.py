"""An order's state as a pure function of the set of its distinct events, kept event by event.

Duplicates are not events: whoever finds one counts it with `add_duplicates`.
"""

from msgspec.structs import replace

from orderwatch.domain.events import Customer, Event
from orderwatch.domain.orders import Order
from orderwatch.orders.contribution import contribution
from orderwatch.orders.courier import courier_of
from orderwatch.orders.flags import flags_of
from orderwatch.orders.join import join
from orderwatch.orders.state import CustomerState, State, decode, encode
from orderwatch.orders.status import status_of

__all__ = ["State", "add_duplicates", "decode", "encode", "fold", "merge", "view"]


def fold(state: State | None, event: Event) -> State:
    """Return the state with `event` in it. Folding an event again changes nothing, and neither does any other order."""
    said = contribution(event)
    return said if state is None else join(state, said)


def merge(a: State, b: State) -> State:
    """Return the state of all events of both; their duplicates add up."""
    return join(a, b)


def add_duplicates(state: State, n: int) -> State:
    """Return the state with `n` more duplicates counted."""
    return replace(state, duplicates=state.duplicates + n)


def view(state: State, *, source: str, order_id: str) -> Order:
    """Return the order that `state` is, as the world sees it.

    Raises:
        ValueError: no event was ever folded into it.
    """
    first_at = state.first_at or state.aside_at
    if first_at is None:
        raise ValueError("An order needs an event.")
    status, since = status_of(state.steps)
    courier, seen_at = courier_of(state)
    facts = state.facts
    milestones = {name: step.first for name, step in state.steps.items()}
    return Order(
        source=source,
        order_id=order_id,
        status=status,
        status_since=since or first_at,
        store_id=facts.store_id and facts.store_id.value,
        region=facts.region and facts.region.value,
        placed_at=milestones.get("created"),
        promised_at=facts.promised_at and facts.promised_at.value,
        eta=facts.eta and facts.eta.value,
        courier=courier,
        courier_seen_at=seen_at,
        customer=_customer_of(state.customer),
        total=facts.total and facts.total.value,
        currency=facts.currency and facts.currency.value,
        items=facts.items.value if facts.items else (),
        reason=facts.reason and facts.reason.value,
        milestones=dict(sorted(milestones.items(), key=lambda step: (step[1], step[0]))),
        flags=flags_of(state),
        duplicates=state.duplicates,
        last_event_at=state.last_at or first_at,
    )


def _customer_of(said: CustomerState) -> Customer | None:
    if said == _NOBODY:
        return None
    return Customer(
        name=said.name and said.name.value,
        phone=said.phone and said.phone.value,
        address=said.address and said.address.value,
        lat=said.place and said.place.value.lat,
        lon=said.place and said.place.value.lon,
    )


_NOBODY = CustomerState()
