from datetime import UTC, datetime

import pytest

from orderwatch.domain.errors import Unreadable
from orderwatch.domain.events import EventType
from orderwatch.domain.sources import Mapping, Source
from tests.receipts import read, read_one

HOOKS = Source(name="shop", provider="standard_webhooks")


def test_type_and_timestamp_lie_around_the_data():
    event = read_one(
        {
            "type": "order.picked_up",
            "timestamp": "2026-11-24T11:59:00.123456789Z",
            "data": {"order_id": "A-1", "courier": {"id": "c1"}, "note": "x"},
            "account": "a1",
        },
        source=HOOKS,
    )

    assert event.type is EventType.ORDER_PICKED_UP
    assert event.order_id == "A-1"
    assert event.occurred_at == datetime(2026, 11, 24, 11, 59, 0, 123456, tzinfo=UTC)
    assert event.courier is not None
    assert event.data == {"account": "a1", "note": "x"}


def test_the_datas_own_time_and_type_are_told_apart_from_the_messages():
    event = read_one(
        {
            "type": "order.created",
            "timestamp": "2026-11-24T11:59:00Z",
            "data": {"order_id": "A-1", "type": "express", "occurred_at": "2026-11-24T11:58:00Z"},
        },
        source=HOOKS,
    )

    assert event.type is EventType.ORDER_CREATED
    assert event.occurred_at == datetime(2026, 11, 24, 11, 58, tzinfo=UTC)
    assert event.data == {"type": "express"}


def test_the_mapping_starts_from_the_data():
    hooks = Source(
        name="shop",
        provider="standard_webhooks",
        mapping=Mapping(
            order_id="order.ref", fields={"total": "order.sum"}, statuses={"parcel.out": "order_picked_up"}
        ),
    )

    event = read_one({"type": "Parcel.Out", "data": {"order": {"ref": 12, "sum": "3.50"}}}, source=hooks)

    assert event.type is EventType.ORDER_PICKED_UP
    assert event.order_id == "12"
    assert str(event.total) == "3.50"


def test_a_body_without_data_is_its_own():
    event = read_one({"type": "order.created", "order_id": "A-1", "total": 4}, source=HOOKS)

    assert event.order_id == "A-1"
    assert event.total == 4
    assert event.data == {}


@pytest.mark.parametrize(
    "body", [[], {}, {"type": "order.created", "data": {}}, {"data": {"order_id": 1}}, {"type": 1}]
)
def test_a_body_without_type_or_order_is_unreadable(body):
    with pytest.raises(Unreadable):
        read(body, source=HOOKS)
