"""A whole request becomes submissions, or is refused with a reason."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from orderwatch.domain.errors import Unreadable, UnsupportedMedia, WrongSignature
from orderwatch.domain.keys import body_key, digest_of, event_key
from orderwatch.domain.sources import Mapping, Source, Verification
from orderwatch.intake.accept import Intake, Request
from orderwatch.intake.cloudevents import consent
from orderwatch.intake.headers import Headers
from orderwatch.providers.catalog import PROVIDERS

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SHOP = Source(name="shop", provider="orderwatch")
INTAKE = Intake(providers=PROVIDERS, public_url="https://example.com", max_depth=32)
EVENT = {"event_type": "order_created", "order_id": "A-1"}


def accept(body, source: Any = SHOP, content_type: Any = "application/json", **headers: Any):
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    if content_type:
        raw.append((b"content-type", content_type.encode()))
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = Request(method="POST", path="/in/shop", headers=Headers(raw), body=body, received_at=NOW)
    return INTAKE.accept(source, request)


def test_an_event_with_an_id_is_known_by_it_and_its_bytes_are_kept():
    body = b' {"event_type":"order_created", "order_id":"A-1","event_id":"ev-1"}\n'

    (submission,) = accept(body)

    assert submission.body == body
    assert (submission.event_id, submission.key) == ("ev-1", event_key("shop", "ev-1"))


def test_an_event_without_an_id_is_known_by_its_body():
    (submission,) = accept(EVENT)

    assert submission.event_id is None
    assert submission.key == body_key("shop", digest_of(submission.body))


def test_numbers_are_ids_too():
    (submission,) = accept({"event_type": "order_created", "order_id": 12345678901234567890, "event_id": 7})

    assert submission.event_id == "7"


def test_the_webhook_id_header_stands_for_a_missing_event_id():
    (submission,) = accept(EVENT, webhook_id="msg_1")

    assert submission.event_id == "msg_1"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ([1, 2], "JSON object"),
        ("text", "JSON object"),
        ({"order_id": "A-1"}, "no type"),
        ({"event_type": "order_created"}, "no order id"),
        ({"event_type": "order_created", "order_id": ""}, "no order id"),
        ({"event_type": "order_created", "order_id": {"a": 1}}, "order id"),
        ({"event_type": "order_created", "order_id": True}, "order id"),
        ({"event_type": ["order_created"], "order_id": "A"}, "event type"),
        ({"event_type": "order_created", "order_id": "A", "event_id": []}, "event id"),
        ({"event_type": "order_created", "order_id": "A", "event_id": "x" * 2000}, "event id|too long"),
    ],
)
def test_what_has_no_type_or_order_id_is_refused(body, reason):
    with pytest.raises(Unreadable, match=reason):
        accept(body)


def test_events_of_a_store_or_source_need_no_order_id():
    assert accept({"event_type": "store_offline", "store_id": "s1"})
    assert accept({"event_type": "source.heartbeat"})


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "application/vnd.shop+json", ""]
)
def test_json_is_taken_by_any_of_its_names(content_type):
    assert accept(EVENT, content_type=content_type)


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain", "application/xml"])
def test_what_is_not_json_by_its_content_type_is_refused(content_type):
    with pytest.raises(UnsupportedMedia):
        accept(EVENT, content_type=content_type)


def test_a_signature_is_judged_before_the_body_is_read():
    source = Source(name="shop", provider="orderwatch", verification=Verification.HMAC, secrets=("s",))

    with pytest.raises(WrongSignature):
        accept(b"not json", source)


def test_a_generic_source_is_identified_by_its_mapping():
    mapping = Mapping(event_type="meta.kind", order_id='"주문"."번호"', event_id="meta.id")
    source = Source(name="shop", mapping=mapping)

    (submission,) = accept({"meta": {"kind": "접수", "id": "m-1"}, "주문": {"번호": "K-1"}}, source)

    assert submission.event_id == "m-1"
    with pytest.raises(Unreadable, match="주문"):
        accept({"meta": {"kind": "접수", "id": "m-1"}}, source)


def test_a_generic_body_with_many_events_is_known_by_its_body():
    source = Source(name="shop", mapping=Mapping(events="orders"))

    (submission,) = accept({"id": "ignored", "orders": [{"type": "x", "order_id": "1"}]}, source)

    assert submission.event_id is None
    with pytest.raises(Unreadable, match="no events"):
        accept({"orders": []}, source)


def cloud_event(**values):
    return {
        "specversion": "1.0",
        "id": "1",
        "source": "/shop",
        "type": "order.created",
        "data": {"order_id": "A-1"},
        **values,
    }


def test_a_structured_cloudevent_is_known_by_its_source_and_id():
    (first,) = accept(cloud_event(), content_type="application/cloudevents+json")
    (second,) = accept(cloud_event(source="/other"), content_type="application/cloudevents+json; charset=utf-8")

    assert first.content_type == "application/cloudevents+json"
    assert first.key != second.key


def test_a_binary_cloudevent_keeps_its_headers():
    headers = {
        "ce_specversion": "1.0",
        "ce_id": "1",
        "ce_source": "/shop",
        "ce_type": "order.created",
        "ce_subject": "A-1",
    }

    (submission,) = accept({"total": 5}, **headers)

    assert json.loads(submission.headers)["ce-type"] == "order.created"
    assert submission.event_id == "/shop\n1"


def test_a_batch_becomes_one_submission_for_each_event_with_its_exact_bytes():
    body = b'[ {"specversion":"1.0","id":"1","source":"/s","type":"order.created","subject":"A"},\n'
    body += b'{"specversion":"1.0", "id":"2","source":"/s","type":"order.ready","data":{"order_id":"B"}}]'

    submissions = accept(body, content_type="application/cloudevents-batch+json")

    assert [json.loads(s.body)["id"] for s in submissions] == ["1", "2"]
    assert submissions[1].body in body
    assert {s.content_type for s in submissions} == {"application/cloudevents+json"}


@pytest.mark.parametrize("missing", ["id", "source", "type"])
def test_a_cloudevent_without_its_required_attributes_is_refused(missing):
    event = cloud_event()
    del event[missing]

    with pytest.raises(Unreadable, match=missing):
        accept(event, content_type="application/cloudevents+json")


def test_an_empty_batch_is_a_batch():
    assert list(accept([], content_type="application/cloudevents-batch+json")) == []


@pytest.mark.parametrize("body", [{}, [1], "x", None])
def test_a_batch_that_is_none_is_refused(body):
    with pytest.raises(Unreadable):
        accept(body, content_type="application/cloudevents-batch+json")


def test_consent_to_a_sender_is_given_by_header_only_when_it_asks():
    asked = Headers([(b"webhook-request-origin", b"events.example.com"), (b"webhook-request-rate", b"120")])

    assert dict(consent(asked) or []) == {
        b"webhook-allowed-origin": b"events.example.com",
        b"webhook-allowed-rate": b"120",
    }
    assert consent(Headers([])) is None
