from datetime import UTC, datetime
from decimal import Decimal

from orderwatch.domain.events import Customer, Item
from orderwatch.orders.fold import encode
from tests.order_events import at, event, order_of, state_of


def test_the_last_word_on_each_field_counts_whenever_it_came():
    order = order_of(
        event("modified", 5, total=Decimal("15.00"), eta=at(40)),
        event("created", 0, total=Decimal("12.50"), currency="GBP", store_id="s1", region="east", eta=at(30)),
        event("cancelled", 9, reason="가게 사정"),
        event("unknown", 7, region="west"),
    )

    assert str(order.total) == "15.00"
    assert (order.currency, order.store_id, order.region) == ("GBP", "s1", "west")
    assert order.eta == at(40)
    assert order.reason == "가게 사정"


def test_of_one_moment_the_event_that_is_further_along_has_the_last_word():
    assert order_of(event("modified", 0, region="b"), event("created", 0, region="a")).region == "b"


def test_within_one_receipt_the_later_entry_has_the_last_word():
    entries = [event("modified", 0, region=str(n), index=n, key=f"k.{n}" if n else "k") for n in range(12)]

    assert order_of(*reversed(entries)).region == "11"


def test_items_are_replaced_as_a_whole():
    order = order_of(event("created", 0, items=(Item(name="a"), Item(name="b"))), event("modified", 1, items=()))

    assert order.items == ()


def test_what_is_said_of_the_customer_adds_up():
    order = order_of(
        event("created", 0, customer=Customer(name="Kim", address="1 High St")),
        event("modified", 1, customer=Customer(address="2 High St", lat=51.0, lon=0.5)),
    )

    assert order.customer == Customer(name="Kim", address="2 High St", lat=51.0, lon=0.5)


def test_an_order_of_whom_nothing_is_said_has_empty_fields():
    order = order_of(event("created"))

    assert (order.courier, order.customer, order.total, order.items, order.eta, order.reason) == (
        *(None, None, None),
        (),
        *(None, None),
    )


def test_events_years_apart_are_one_order():
    order = order_of(
        event("delivered", occurred_at=datetime(2100, 1, 1, tzinfo=UTC)),
        event("created", occurred_at=datetime(1970, 1, 1, tzinfo=UTC)),
    )

    assert order.status == "delivered"
    assert order.placed_at == datetime(1970, 1, 1, tzinfo=UTC)
    assert order.last_event_at == datetime(2100, 1, 1, tzinfo=UTC)


def test_ten_thousand_items_go_through():
    items = tuple(Item(name=f"n{n}", quantity=Decimal(n + 2), price=Decimal("0.10")) for n in range(10_000))
    events = [event("created", 0, items=items), event("accepted", 1)]

    assert order_of(*events).items == items
    assert encode(state_of(events)) == encode(state_of(reversed(events)))
