import json
from base64 import b64encode
from datetime import UTC, datetime

import pytest

from orderwatch.domain.errors import Unreadable
from orderwatch.domain.events import EventType
from orderwatch.domain.sources import Source
from orderwatch.normalise.envelope import unwrap
from tests.receipts import TUTORIAL, read_one, receipt

STRUCTURED = "application/cloudevents+json"
ENVELOPE = {
    "specversion": "1.0",
    "id": "ev-1",
    "source": "/kitchen",
    "type": "com.example.order.ready",
    "time": "2026-11-24T11:58:00Z",
    "subject": "A-1",
}


def test_a_receipt_without_an_envelope_stays_as_it_is():
    plain = receipt(TUTORIAL)

    assert unwrap(plain) is plain


def test_a_structured_event_lends_its_data_what_they_lack():
    event = read_one({**ENVELOPE, "region": "east", "data": {"total": "27.40", "note": 1}}, content_type=STRUCTURED)

    assert event.type is EventType.ORDER_READY
    assert event.order_id == "A-1"
    assert event.occurred_at == datetime(2026, 11, 24, 11, 58, tzinfo=UTC)
    assert str(event.total) == "27.40"
    assert event.data == {"cloudevent": {"source": "/kitchen", "region": "east"}, "note": 1}


def test_the_datas_own_keys_stand_before_the_envelopes():
    data = {"event_type": "order_delivered", "order_id": "B-2", "occurred_at": "2026-11-24T11:59:00Z"}

    event = read_one({**ENVELOPE, "data": data}, content_type=f"{STRUCTURED}; charset=utf-8")

    assert event.type is EventType.ORDER_DELIVERED
    assert event.order_id == "B-2"
    assert event.occurred_at == datetime(2026, 11, 24, 11, 59, tzinfo=UTC)


def test_fractions_go_through_the_envelope_exactly():
    body = json.dumps({**ENVELOPE, "data": {"total": 0}}).replace('"total": 0', '"total": 1234567890123.10')

    assert str(read_one(body.encode(), content_type=STRUCTURED).total) == "1234567890123.10"


def test_coded_data_are_decoded_and_kept_where_they_are_no_json():
    coded = b64encode(b'{"reason": "rain"}').decode()
    other = b64encode(b"\xff\x00").decode()

    assert read_one({**ENVELOPE, "data_base64": coded}, content_type=STRUCTURED).reason == "rain"
    for broken in (other, "%%%", 7):
        event = read_one({**ENVELOPE, "data_base64": broken}, content_type=STRUCTURED)
        assert event.data["data_base64"] == broken
        assert event.order_id == "A-1"


def test_data_that_are_no_object_are_kept_whole():
    assert read_one({**ENVELOPE, "data": [1, "a"]}, content_type=STRUCTURED).data["data"] == [1, "a"]
    assert "data" not in read_one({**ENVELOPE, "data": None}, content_type=STRUCTURED).data


def test_a_binary_event_has_its_attributes_in_the_headers():
    headers = {
        "content-type": "application/json",
        "ce-specversion": "1.0",
        "ce-id": "ev-1",
        "ce-source": "/kitchen",
        "ce-type": "order.ready",
        "ce-subject": "%EC%A3%BC%EB%AC%B8-1",
        "ce-time": "2026-11-24T11:58:00Z",
    }

    event = read_one({"total": 5}, headers=json.dumps(headers).encode())

    assert event.type is EventType.ORDER_READY
    assert event.order_id == "주문-1"
    assert event.occurred_at == datetime(2026, 11, 24, 11, 58, tzinfo=UTC)
    assert event.data == {"cloudevent": {"source": "/kitchen"}}


def test_headers_that_only_look_like_it_change_nothing():
    plain = receipt(TUTORIAL, headers=b'{"x-note": "\\"ce-type\\"", "ce-other": "1"}')

    assert unwrap(plain) is plain


def test_a_mapping_reads_the_data_of_an_event():
    source = Source(name="shop")

    event = read_one({**ENVELOPE, "data": {"type": "express"}}, content_type=STRUCTURED, source=source)

    assert event.type is EventType.ORDER_READY
    assert event.data["type"] == "express"


@pytest.mark.parametrize("body", [b"[]", b"{", b"7"])
def test_a_torn_envelope_is_unreadable(body):
    with pytest.raises(Unreadable):
        read_one(body, content_type=STRUCTURED)
