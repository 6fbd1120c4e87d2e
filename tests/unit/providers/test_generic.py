from datetime import UTC, datetime
from decimal import Decimal

import pytest

from orderwatch.domain.errors import BadMapping, Unreadable
from orderwatch.domain.events import Courier, EventType, Item
from orderwatch.domain.sources import Mapping, Source
from orderwatch.providers.generic.read import MAX_EVENTS
from tests.receipts import TUTORIAL, read, read_one
from tests.set_clock import NOON


def source(**mapping) -> Source:
    return Source(name="shop", mapping=Mapping(**mapping))


def test_without_a_mapping_the_canonical_names_are_read():
    event = read_one({**TUTORIAL, "type": "express", "total": 5, "courier": {"id": 3}, "note": "x"}, source=source())

    assert event.type is EventType.ORDER_CREATED
    assert event.total == 5
    assert event.courier == Courier(id="3")
    assert event.data == {"type": "express", "note": "x"}


def test_fields_are_found_wherever_the_mapping_says():
    shop = source(
        event_type="event.kind",
        order_id="event.ref",
        event_id="event.no",
        fields={
            "occurred_at": "event.at",
            "courier.id": "rider.number",
            "courier.lat": "rider.position[1]",
            "courier.lon": "rider.position[0]",
            "items": "lines[].{name: title, quantity: qty, price: unit}",
            "total": "sum(lines[].unit)",
            "region": "missing",
        },
        statuses={"NEW": "order_created"},
    )

    event = read_one(
        b'{"event": {"kind": "new", "ref": 820982911946154508, "no": 1, "at": 1795521540000},'
        b' "rider": {"number": 7, "position": [-0.5, 51.5]}, "courier": {"name": "Lee", "id": "old"},'
        b' "lines": [{"title": "Tea", "qty": 2, "unit": 0.10}, {"title": "Rice", "unit": 0.20}], "store_id": "s1",'
        b' "region": "not this one"}',
        source=shop,
    )

    assert event.type is EventType.ORDER_CREATED
    assert event.raw_type == "new"
    assert event.order_id == "820982911946154508"
    assert event.occurred_at == datetime(2026, 11, 24, 11, 59, tzinfo=UTC)
    assert event.courier == Courier(id="7", name="Lee", lat=51.5, lon=-0.5)
    assert event.items == (
        Item(name="Tea", quantity=Decimal(2), price=Decimal("0.10")),
        Item(name="Rice", price=Decimal("0.20")),
    )
    assert event.total == Decimal("0.30")
    assert event.store_id == "s1"
    assert event.region is None
    assert event.data["region"] == "not this one"
    assert event.faults == ()


def test_the_senders_words_are_compared_without_regard_to_case():
    shop = source(statuses={"In_Küche": "order.preparing", "x": "UNKNOWN"})

    assert read_one({**TUTORIAL, "event_type": "IN_KÜCHE"}, source=shop).type is EventType.ORDER_PREPARING
    assert read_one({**TUTORIAL, "event_type": "X"}, source=shop).type is EventType.UNKNOWN
    assert read_one({**TUTORIAL, "event_type": "other"}, source=shop).type is EventType.UNKNOWN


def test_one_body_may_hold_many_events():
    shop = source(events="batch", event_type="kind", order_id="id")

    events = read({"batch": [{"kind": "created", "id": 1}, {"kind": "ready", "id": 2}]}, source=shop, key=b"\x07" * 16)

    assert [(e.type, e.order_id, e.index) for e in events] == [
        (EventType.ORDER_CREATED, "1", 0),
        (EventType.ORDER_READY, "2", 1),
    ]
    assert [e.key for e in events] == ["07" * 16, "07" * 16 + ".1"]


def test_a_bare_list_may_be_the_body():
    assert len(read([TUTORIAL, TUTORIAL], source=source(events="@"))) == 2


def test_an_entry_that_cannot_be_read_is_kept_beside_the_others():
    events = read([TUTORIAL, {"event_type": "order_ready", "note": 1}, 7], source=source(events="@"))

    assert [e.type for e in events] == [EventType.ORDER_CREATED, EventType.UNKNOWN, EventType.UNKNOWN]
    assert [e.order_id for e in events] == ["A-1", None, None]
    assert events[1].faults == ("unreadable",)
    assert events[1].data == {"event_type": "order_ready", "note": 1}
    assert events[2].data == {"value": 7}


@pytest.mark.parametrize(
    "body", [{}, {"batch": []}, {"batch": {}}, {"batch": [1, {}]}, {"batch": [{}] * (MAX_EVENTS + 1)}]
)
def test_a_body_without_a_readable_event_is_unreadable(body):
    with pytest.raises(Unreadable):
        read(body, source=source(events="batch"))


@pytest.mark.parametrize(
    "mapping",
    [
        {"event_type": "a["},
        {"order_id": "nope(@)"},
        {"events": "x" * 5000},
        {"fields": {"total": "sum(note)"}},
        {"fields": {"colour": "note"}},
        {"fields": {"courier.shoe": "note"}},
        {"fields": {"total.net": "note"}},
        {"statuses": {"ORDER_CREATED": "order.crated"}},
    ],
)
def test_a_wrong_mapping_says_so(mapping):
    with pytest.raises(BadMapping):
        read({**TUTORIAL, "note": "x"}, source=source(**mapping))


def test_a_time_that_is_not_told_is_the_receipts():
    assert read_one(TUTORIAL, source=source()).occurred_at == NOON
