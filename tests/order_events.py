"""Events of one order, for tests of what follows from them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from orderwatch.domain.events import Courier, Customer, Event, EventType, Item
from orderwatch.domain.orders import Order
from orderwatch.orders.fold import State, fold, view
from tests.set_clock import NOON

_keys = count(1)


def at(minutes: float) -> datetime:
    """Return the moment so many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def event(word: str, minutes: float = 0, **changes: Any) -> Event:
    """Return an event of its own key that happened at `at(minutes)` and was received at once."""
    number = next(_keys)
    found: dict[str, Any] = {
        "source": "shop",
        "type": EventType(word if "." in word or word == "unknown" else f"order.{word}"),
        "order_id": "A-1",
        "key": f"{number:032x}",
        "receipt": number,
        "occurred_at": at(minutes),
        "received_at": changes.get("occurred_at", at(minutes)),
    }
    return Event(**{**found, **changes})


def state_of(events: Iterable[Event]) -> State:
    """Return the state of at least one event."""
    state: State | None = None
    for one in events:
        state = fold(state, one)
    assert state is not None
    return state


def order_of(*events: Event) -> Order:
    """Return the order of `events`."""
    return view(state_of(events), source="shop", order_id="A-1")


# Few moments and few values, so that ties and returns happen all the time.
_MINUTES = st.integers(0, 6)
_TEXT = st.sampled_from(["a", "b", "c"])
_MONEY = st.sampled_from([Decimal("12.50"), Decimal("12.5"), Decimal(-1), Decimal(0)])
_PLACES = st.sampled_from([(51.5, -0.1), (37.5, 127.0)]) | st.none()


def _placed(person: Courier | Customer, place: tuple[float, float] | None) -> Any:
    return person if place is None else replace(person, lat=place[0], lon=place[1])


_COURIERS = st.builds(
    _placed,
    st.builds(
        Courier,
        id=st.none() | st.sampled_from(["c1", "c2", "c3"]),
        name=st.none() | _TEXT,
        phone=st.none() | _TEXT,
    ),
    _PLACES,
)
_CUSTOMERS = st.builds(_placed, st.builds(Customer, name=st.none() | _TEXT, address=st.none() | _TEXT), _PLACES)
_ITEMS = st.lists(st.builds(Item, name=_TEXT, quantity=st.sampled_from([Decimal(2), Decimal("0.5")])), max_size=3)


_SAYINGS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["store_id", "region", "reason"]), _TEXT),
        st.tuples(st.sampled_from(["promised_at", "eta"]), _MINUTES.map(at)),
        st.tuples(st.just("items"), _ITEMS.map(tuple)),
        st.tuples(st.just("total"), _MONEY),
        st.tuples(st.just("currency"), st.sampled_from(["KRW", "GBP"])),
        st.tuples(st.just("courier"), _COURIERS),
        st.tuples(st.just("courier"), _COURIERS),
        st.tuples(st.just("customer"), _CUSTOMERS),
        st.tuples(st.just("faults"), st.sampled_from([("bad_time",), ("bad_eta", "bad_total")])),
        st.tuples(st.just("conflict"), st.just(value=True)),
    ),
    max_size=5,
).map(dict)


@st.composite
def _events(draw: st.DrawFn, number: int, kinds: st.SearchStrategy[EventType]) -> Event:
    happened = at(draw(_MINUTES))
    said: dict[str, Any] = draw(_SAYINGS)
    return Event(
        source="shop",
        type=draw(kinds),
        order_id="A-1",
        key=f"{draw(st.integers(0, 9))}-{number}",
        receipt=number,
        index=draw(st.integers(0, 2)),
        occurred_at=happened,
        received_at=happened + timedelta(minutes=draw(st.sampled_from([0, 6, -6, 20_000]))),
        **said,
    )


@st.composite
def distinct_events(draw: st.DrawFn, *, kinds: Iterable[EventType] = EventType, most: int = 8) -> list[Event]:
    """Draw 1 to `most` distinct events of one order."""
    chosen = st.sampled_from(list(kinds))
    return [draw(_events(number, chosen)) for number in range(draw(st.integers(1, most)))]
