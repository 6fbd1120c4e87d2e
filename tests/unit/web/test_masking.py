"""Personal data are hidden, and everything else is passed on as it is."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from orderwatch.domain.events import Courier, Customer, Item
from orderwatch.domain.orders import Order, OrderStatus
from orderwatch.orders.view import render
from orderwatch.web.api.masking import mask_changes, mask_name, mask_phone, mask_view

NOW = datetime(2026, 11, 24, tzinfo=UTC)
TEXTS = st.none() | st.text(alphabet="가나Kim Lee0123456789-", max_size=20)
DEGREES = st.none() | st.floats(-90, 90, allow_nan=False)
COURIERS = st.none() | st.builds(Courier, id=TEXTS, name=TEXTS, phone=TEXTS, lat=DEGREES, lon=DEGREES)
CUSTOMERS = st.none() | st.builds(Customer, name=TEXTS, phone=TEXTS, address=TEXTS, lat=DEGREES, lon=DEGREES)


def order(courier: Courier | None, customer: Customer | None) -> Order:
    return Order(
        source="s",
        order_id='a "courier":null b',
        status=OrderStatus.READY,
        status_since=NOW,
        last_event_at=NOW,
        courier=courier,
        customer=customer,
        total=Decimal("12.50"),
        items=(Item(name="customer"),),
    )


@given(courier=COURIERS, customer=CUSTOMERS)
def test_people_are_hidden_and_the_rest_stays(courier: Courier | None, customer: Customer | None) -> None:
    plain: dict[str, Any] = msgspec.json.decode(render(order(courier, customer)))

    shown: dict[str, Any] = msgspec.json.decode(mask_view(render(order(courier, customer))))

    hidden = shown.pop("masked", False)
    for role, keys in (("courier", ("name", "phone")), ("customer", ("name", "phone", "address"))):
        before, after = plain.pop(role) or {}, shown.pop(role) or {}
        assert before.keys() == after.keys()
        for key in before.keys() & set(keys):
            assert "…" in after[key]
            assert len(before[key]) <= 4 or before[key] not in after[key]
            assert hidden
    assert shown == plain


@given(st.text(max_size=40))
def test_names_and_numbers_never_come_through_whole(text: str) -> None:
    assert len(mask_phone(text)) <= 3
    assert all(len(word) <= 2 for word in mask_name(text).split())


def test_initials_and_last_digits_tell_people_apart() -> None:
    assert mask_name("김민수") == "김…"
    assert mask_name("Kim  Minsu") == "K… M…"
    assert mask_phone("010-1234-5678") == "…78"
    assert mask_phone("1234") == "…"


def test_a_timeline_hides_them_on_both_sides_of_a_change() -> None:
    changes = {
        "status": ["created", "accepted"],
        "courier": [None, {"id": "c", "name": "Lee"}],
        "customer": [{"address": "Old St 1"}, {"address": "New St 2", "lat": 51.52345}],
        "courier.phone": ["010-1111-2222", None],
        "items": {"added": [{"name": "Kim"}], "removed": [], "changed": []},
    }

    assert mask_changes(changes) == {
        "status": ["created", "accepted"],
        "courier": [None, {"id": "c", "name": "L…"}],
        "customer": [{"address": "…"}, {"address": "…", "lat": 51.52}],
        "courier.phone": ["…22", None],
        "items": {"added": [{"name": "Kim"}], "removed": [], "changed": []},
    }
