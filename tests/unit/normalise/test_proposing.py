"""The mapping that is proposed for a sample."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwatch.domain.events import EventType
from orderwatch.domain.sources import Source
from orderwatch.normalise.bodies import decode
from orderwatch.normalise.expressions import search
from orderwatch.normalise.proposing.meanings import guess_meaning
from orderwatch.normalise.proposing.propose import propose
from orderwatch.providers.generic import GenericProvider
from tests.receipts import receipt

KOREAN = {
    "주문번호": "B-20418",
    "주문상태": "조리완료",
    "주문일시": "2026-11-24T19:30:02+09:00",
    "매장": {"코드": "jamsil", "전화번호": "02-123-4567"},
    "결제금액": 27400,
    "도착예정시각": 1795518300,
    "메뉴": [{"메뉴명": "떡볶이 세트", "수량": 2, "가격": 9000}, {"메뉴명": "보리차", "수량": 1, "가격": 2000}],
    "라이더": {"이름": "김라이더", "연락처": "010-1234-5678", "상태": "이동중", "위치": [127.1, 37.5]},
    "배달지": {"주소": "서울 송파구", "위도": 37.51, "경도": 127.08},
    "메모": "",
}
ENGLISH = {
    "orderNo": "B-20418",
    "state": "NEW",
    "orderedAt": "2026-11-24T19:30:02Z",
    "shop": {"code": "hackney"},
    "amount": {"value": 27.40, "cur": "GBP"},
    "eta": 1795550700,
    "lines": [{"name": "Bibim bowl", "qty": 2}, {"name": "Barley tea", "qty": 1}],
    "channel": "app",
    "memo": "",
}


def proposed(body: Any) -> Any:
    return propose(decode(json.dumps(body).encode()))


def read(body: Any) -> Any:
    source = Source(name="shop", mapping=proposed(body).mapping)
    return GenericProvider().read(source, receipt(json.dumps(body).encode(), source="shop"))


def test_korean_names_are_understood() -> None:
    (event,) = read(KOREAN)

    assert (event.order_id, event.type, event.store_id) == ("B-20418", EventType.ORDER_READY, "jamsil")
    assert event.occurred_at.isoformat() == "2026-11-24T10:30:02+00:00"
    assert event.eta.isoformat() == "2026-11-24T11:05:00+00:00"
    assert (str(event.total), [str(item.quantity) for item in event.items]) == ("27400", ["2", "1"])
    assert event.items[0].name == "떡볶이 세트"
    assert (event.courier.name, event.courier.phone) == ("김라이더", "010-1234-5678")
    assert (event.courier.lat, event.courier.lon) == (37.5, 127.1)
    assert (event.customer.address, event.customer.lat, event.customer.lon) == ("서울 송파구", 37.51, 127.08)
    assert event.customer.phone is None
    assert "주문번호" not in event.data
    assert event.data["메모"] == ""


def test_english_names_are_understood() -> None:
    (event,) = read(ENGLISH)

    assert (event.order_id, event.type, event.store_id) == ("B-20418", EventType.ORDER_CREATED, "hackney")
    assert (str(event.total), event.currency) == ("27.4", "GBP")
    assert [(item.name, str(item.quantity)) for item in event.items] == [("Bibim bowl", "2"), ("Barley tea", "1")]
    assert event.data.keys() >= {"channel", "memo"}


def test_each_place_comes_with_its_reasons() -> None:
    reasons = {one.field: [(r.code, r.about) for r in one.reasons] for one in proposed(ENGLISH).proposed}
    sure = {one.field for one in proposed(ENGLISH).proposed if one.is_sure}

    assert reasons["order_id"] == [("name", "orderNo")]
    assert reasons["store_id"] == [("parent", "shop.code")]
    assert reasons["occurred_at"] == [("name", "orderedAt"), ("value", "time")]
    assert reasons["event_type"] == [("name", "state"), ("value", "status")]
    assert "occurred_at" in sure
    assert "order_id" not in sure


@pytest.mark.parametrize(
    ("place", "lat", "lon"),
    [
        ({"location": [37.5, 127.1]}, 37.5, 127.1),
        ({"location": [127.1, 37.5]}, 37.5, 127.1),
        ({"coordinates": [-0.07, 51.52]}, 51.52, -0.07),
        ({"position": [51.52, -0.07]}, 51.52, -0.07),
        ({"latitude": "51.52", "lng": "-0.07"}, 51.52, -0.07),
    ],
)
def test_a_place_is_found_in_either_order(place: dict[str, Any], lat: float, lon: float) -> None:
    (event,) = read({"order_id": "1", "event": "picked_up", "driver": place})

    assert (event.courier.lat, event.courier.lon) == (lat, lon)


def test_what_lies_within_a_rider_is_no_state_of_the_order() -> None:
    mapping = proposed(
        {"rider": {"id": "r", "status": "ready", "name": "K"}, "orderId": 1, "status": "cancelled"}
    ).mapping

    assert (mapping.event_type, mapping.order_id, mapping.fields["courier.id"]) == ("status", "orderId", "rider.id")


def test_a_plain_id_is_the_orders_where_nothing_else_is_and_the_messages_otherwise() -> None:
    alone = proposed({"id": 7, "status": "ready"}).mapping
    beside = proposed({"id": "m-1", "orderId": 7, "status": "ready"}).mapping

    assert (alone.order_id, alone.event_id) == ("id", None)
    assert (beside.order_id, beside.event_id) == ("orderId", "id")


@pytest.mark.parametrize(
    ("body", "events"),
    [
        ([{"orderId": "1", "status": "ready"}, {"orderId": "2", "status": "ready"}], "@"),
        ({"sentBy": "x", "알림": [{"orderId": "1", "status": "ready"}, {"orderId": "2", "status": "ready"}]}, '"알림"'),
    ],
)
def test_a_list_of_events_is_found(body: Any, events: str) -> None:
    assert proposed(body).mapping.events == events
    assert [event.order_id for event in read(body)] == ["1", "2"]


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("접수대기", EventType.ORDER_CREATED),
        ("접수완료", EventType.ORDER_ACCEPTED),
        ("조리중", EventType.ORDER_PREPARING),
        ("조리완료", EventType.ORDER_READY),
        ("배차완료", EventType.COURIER_ASSIGNED),
        ("배달중", EventType.ORDER_PICKED_UP),
        ("배달완료", EventType.ORDER_DELIVERED),
        ("주문취소", EventType.ORDER_CANCELLED),
        ("UNDELIVERED", EventType.ORDER_FAILED),
        ("OUT_FOR_DELIVERY", EventType.ORDER_PICKED_UP),
        ("order.delivered", EventType.ORDER_DELIVERED),
        ("xyzzy", None),
    ],
)
def test_a_word_is_taken_for_what_it_probably_means(word: str, meaning: EventType | None) -> None:
    assert guess_meaning(word) == meaning


def test_what_is_needed_and_not_there_is_named() -> None:
    assert proposed({"hello": "world"}).missing == ("event_type", "order_id")
    assert proposed({"status": "ready"}).missing == ("order_id",)


def test_the_fields_are_told_as_a_tree() -> None:
    fields = proposed({"shop": {"code": "a"}, "lines": [{"qty": 2}, {"qty": 3}], "memo": None}).fields

    assert [(f.path, f.depth, f.shape, f.value, f.size) for f in fields] == [
        ("shop", 0, "object", None, 1),
        ("shop.code", 1, "text", "a", 0),
        ("lines", 0, "list", None, 2),
        ("lines[0]", 1, "object", None, 1),
        ("lines[0].qty", 2, "number", "2", 0),
        ("memo", 0, "null", "null", 0),
    ]


NAMES = st.sampled_from(
    ["id", "order", "주문", "status", "상태", "위치", "coordinates", "rider", "items", "메뉴", "eta", '"', "a.b"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=6), inner, max_size=5),
    max_leaves=25,
)


@given(JSON)
def test_whatever_the_sample_every_place_that_is_proposed_is_there(body: Any) -> None:
    found = proposed(body)

    decoded = decode(json.dumps(body).encode())
    entry = decoded if found.mapping.events is None else search(found.mapping.events, decoded)
    if isinstance(entry, list):
        entry = next((one for one in entry if isinstance(one, dict)), {})
    for one in found.proposed:
        assert search(one.path, entry) is not None
    for field in found.fields:
        if field.value not in (None, "null"):
            assert search(field.path, entry) is not None
