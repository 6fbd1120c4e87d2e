"""What every format's fields have in common, read through Orderwatch's own format."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from orderwatch.domain.events import Courier, Customer, EventType, Item
from orderwatch.domain.receipts import ReceiptKind
from orderwatch.domain.sources import Source
from orderwatch.normalise.parts import MAX_ITEMS
from tests.receipts import TUTORIAL, read_one
from tests.set_clock import NOON


def test_every_canonical_field_is_read():
    event = read_one(
        b"""{"event_type": "order_created", "order_id": "A-1", "event_id": "ev-1",
        "occurred_at": "2026-11-24T11:59:00Z",
        "store_id": 12, "region": "Shoreditch", "promised_at": 1795522800, "eta": 1795522860000,
        "items": [{"name": "Bibim bowl", "quantity": 2, "price": 11.20, "id": 9}, {"name": "Water"}, "Spoon"],
        "total": 27.40, "currency": "gbp", "reason": " late ",
        "courier": {"id": 9, "name": "Lee", "phone": 1047, "lat": 51.529, "lon": "-0.0771"},
        "customer": {"name": "Kim", "phone": "12", "address": "1 High St", "lat": 51.53, "lon": -0.08}}"""
    )

    assert event.type is EventType.ORDER_CREATED
    assert event.raw_type == "order_created"
    assert event.order_id == "A-1"
    assert event.occurred_at == datetime(2026, 11, 24, 11, 59, tzinfo=UTC)
    assert event.received_at == NOON
    assert event.store_id == "12"
    assert event.region == "Shoreditch"
    assert event.promised_at == datetime(2026, 11, 24, 12, 20, tzinfo=UTC)
    assert event.eta == datetime(2026, 11, 24, 12, 21, tzinfo=UTC)
    assert event.items == (
        Item(name="Bibim bowl", quantity=Decimal(2), price=Decimal("11.20"), id="9"),
        Item(name="Water"),
        Item(name="Spoon"),
    )
    assert str(event.total) == "27.40"
    assert event.currency == "GBP"
    assert event.reason == "late"
    assert event.courier == Courier(id="9", name="Lee", phone="1047", lat=51.529, lon=-0.0771)
    assert event.customer == Customer(name="Kim", phone="12", address="1 High St", lat=51.53, lon=-0.08)
    assert event.data == {}
    assert event.faults == ()


def test_unknown_keys_are_kept_as_they_came():
    event = read_one(
        b'{"event_type": "order_created", "order_id": "A-1", "note": "\xec\x95\x88\xeb\x85\x95", "n": 1.5,'
        b' "big": 1e300, "exact": 0.12345678901234567890, "list": [1, null, true, {"deep": [2.25]}],'
        b' "courier": {"vehicle": "bike"}}'
    )

    assert event.data == {
        "note": "안녕",
        "n": 1.5,
        "big": 1e300,
        "exact": "0.12345678901234567890",
        "list": [1, None, True, {"deep": [2.25]}],
        "courier": {"vehicle": "bike"},
    }
    assert event.courier is None
    assert event.faults == ()


@pytest.mark.parametrize(
    ("field", "sent", "fault"),
    [
        ("occurred_at", "yesterday", "bad_time"),
        ("occurred_at", "2026-11-24T12:00:00", "bad_time"),
        ("eta", "soon", "bad_eta"),
        ("promised_at", {}, "bad_promised_at"),
        ("total", "twelve", "bad_total"),
        ("total", [12], "bad_total"),
        ("currency", "pounds", "bad_currency"),
        ("store_id", {"id": 1}, "bad_store_id"),
        ("region", ["a"], "bad_region"),
        ("reason", True, "bad_reason"),
        ("items", "pizza", "bad_items"),
        ("courier", "Lee", "bad_courier"),
        ("customer", 7, "bad_customer"),
    ],
)
def test_a_field_that_cannot_be_read_is_named_and_kept_and_the_rest_is_understood(field, sent, fault):
    event = read_one({**TUTORIAL, "note": "hello", field: sent})

    assert event.faults == (fault,)
    assert event.data == {"note": "hello", field: sent}
    assert event.type is EventType.ORDER_CREATED
    assert event.occurred_at == NOON


def test_parts_that_cannot_be_read_leave_the_others():
    event = read_one(
        {
            **TUTORIAL,
            "items": [{"name": "Rice", "price": "free"}, {"price": 1}, 5, {"name": "Tea", "quantity": -1}, {"id": 3}],
            "courier": {"id": "c1", "lat": 95, "lon": 0, "name": ["x"], "phone": ""},
            "customer": {"address": "1 High St", "lat": 51},
        }
    )

    assert event.items == (Item(name="Rice"), Item(name="Tea", quantity=Decimal(-1)), Item(name="3", id="3"))
    assert event.courier == Courier(id="c1")
    assert event.customer == Customer(address="1 High St")
    assert event.faults == ("bad_items", "bad_courier", "bad_customer")
    assert event.data["courier"] == {"lat": 95, "lon": 0, "name": ["x"]}
    assert event.data["customer"] == {"lat": 51}


def test_empty_texts_and_nulls_say_nothing():
    empty = dict.fromkeys(("occurred_at", "eta", "total", "currency", "items", "courier", "store_id", "reason"), "")

    event = read_one({**TUTORIAL, **empty, "promised_at": None, "customer": None, "region": "  "})

    assert event == replace(read_one(TUTORIAL), key=event.key)


def test_ten_thousand_items_are_read_and_more_are_bounded():
    whole = read_one({**TUTORIAL, "items": [{"name": f"n{k}", "quantity": k + 1} for k in range(MAX_ITEMS)]})
    more = read_one({**TUTORIAL, "items": ["n"] * (MAX_ITEMS + 1)})

    assert whole.items is not None
    assert len(whole.items) == MAX_ITEMS
    assert whole.faults == ()
    assert more.items is not None
    assert len(more.items) == MAX_ITEMS
    assert more.faults == ("bad_items",)


def test_a_quantity_loses_the_zeros_that_mean_nothing():
    event = read_one(
        b'{"event_type": "order_created", "order_id": 1, "items": [{"name": "a", "quantity": 2.000},'
        b' {"name": "b", "quantity": "1.0"}, {"name": "c", "quantity": 0.5}, {"name": "d", "quantity": 0}]}'
    )

    assert event.items is not None
    assert [str(item.quantity) for item in event.items] == ["2", "1", "0.5", "0"]


def test_a_negative_total_is_kept_as_it_is():
    event = read_one({**TUTORIAL, "total": "-5.00"})

    assert str(event.total) == "-5.00"
    assert event.faults == ()


def test_the_source_lends_its_currency_to_totals_without_one():
    source = Source(name="shop", provider="orderwatch", currency="KRW")

    assert read_one({**TUTORIAL, "total": 1}, source=source).currency == "KRW"
    assert read_one({**TUTORIAL, "total": 1, "currency": "USD"}, source=source).currency == "USD"
    assert read_one(TUTORIAL, source=source).currency is None


def test_the_source_lends_its_zone_to_times_without_one():
    source = Source(name="shop", provider="orderwatch", time_zone="Asia/Seoul")

    event = read_one({**TUTORIAL, "occurred_at": "2026-11-24 20:59:00"}, source=source)

    assert event.occurred_at == datetime(2026, 11, 24, 11, 59, tzinfo=UTC)
    assert event.faults == ()


def test_an_event_is_known_by_its_receipts_key_and_says_when_it_is_a_conflict():
    first = read_one(TUTORIAL, key=b"\x01" * 16)
    conflict = read_one(TUTORIAL, key=b"\x02" * 16, kind=ReceiptKind.CONFLICT, of=7, position=9)

    assert first.key == "01" * 16
    assert (first.receipt, first.index, first.conflict) == (7, 0, False)
    assert (conflict.receipt, conflict.conflict) == (9, True)


def test_ids_are_kept_as_their_sender_knows_them():
    for sent, kept in [(12345678901234567890123, "12345678901234567890123"), ("a/b?c#d", "a/b?c#d"), ("🍕\n", "🍕\n")]:
        assert read_one({**TUTORIAL, "order_id": sent}).order_id == kept


@pytest.mark.parametrize("word", ["store.offline", "STORE_OPENED", "store closed", "heartbeat"])
def test_events_of_a_store_or_source_need_no_order_and_have_none(word):
    assert read_one({"event_type": word, "store_id": "s1"}).order_id is None
    assert read_one({"event_type": word, "store_id": "s1", "order_id": "A-1"}).order_id is None


def test_an_unknown_word_is_kept():
    event = read_one({"event_type": " Kitchen on fire ", "order_id": "A-1"})

    assert event.type is EventType.UNKNOWN
    assert event.raw_type == "Kitchen on fire"
