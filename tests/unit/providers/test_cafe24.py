"""Cafe24 tells of many orders at once by one text with their numbers."""

import json

import pytest

from orderwatch.domain.events import EventType
from orderwatch.intake.accept import Request
from tests.preset_cases import SECRET, catalog, headers_of, intake_of, moment, read_submission, source_for


def read(resource, *, trace: str | None = "t-1", event_no=90071):
    request = Request(
        method="POST",
        path="/in/shop",
        headers=headers_of({"x-api-key": SECRET, **({"x-trace-id": trace} if trace else {})}),
        body=json.dumps({"event_no": event_no, "resource": {"mall_id": "bread", **resource}}).encode(),
        received_at=moment(None),
    )
    source = source_for(catalog().declared["cafe24"])
    (submission,) = intake_of(catalog()).accept(source, request)
    return read_submission(submission, source, catalog()), submission.key


def test_hundreds_of_orders_in_one_event_are_as_many_events():
    numbers = [f"20261124-{number:07}" for number in range(500)]

    events, _ = read({"order_id": ",".join(numbers), "shipping_status": "M"})

    assert [event.order_id for event in events] == numbers
    assert {event.type for event in events} == {EventType.ORDER_PICKED_UP}
    assert len({event.key for event in events}) == 500
    assert not any(event.faults for event in events)


@pytest.mark.parametrize("text", ["a,,b", " a , b ", ",a,b,"])
def test_blanks_and_gaps_between_the_numbers_are_nothing(text):
    events, _ = read({"order_id": text, "shipping_status": "T"})

    assert [event.order_id for event in events] == ["a", "b"]


def test_the_same_event_again_is_a_repetition_and_another_status_of_the_same_trace_is_none():
    one, again, other = (
        read({"order_id": "a,b", "shipping_status": status}, trace="t-1")[1] for status in ("F", "F", "M")
    )

    assert one == again != other


def test_without_a_trace_the_body_tells_what_is_a_repetition():
    one, again, other = (
        read({"order_id": "a", "shipping_status": status}, trace=None)[1] for status in ("F", "F", "M")
    )

    assert one == again != other
