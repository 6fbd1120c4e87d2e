"""Square's versions of an order: whichever comes last, the highest is what holds."""

import json
from itertools import permutations

import pytest

from orderwatch.intake.accept import Request
from orderwatch.orders.fold import fold, view
from tests.preset_cases import catalog, headers_of, intake_of, moment, read_submission, source_for


def version(number, state, *, place="L1", told_at="2026-11-24T13:00:00Z"):
    updated = {
        "order_id": "o-1",
        "version": number,
        "state": state,
        "location_id": place,
        "created_at": "2026-11-24T12:00:00Z",
        "updated_at": f"2026-11-24T12:{number:02}:00Z",
    }
    return {
        "event_id": f"e-{number}",
        "type": "order.updated",
        "created_at": told_at,
        "data": {"object": {"order_updated": updated}},
    }


def order_of(bodies):
    source = source_for(catalog().declared["square"])
    state = None
    for body in bodies:
        request = Request(
            method="POST",
            path="/in/shop",
            headers=headers_of({"content-type": "application/json"}),
            body=json.dumps(body).encode(),
            received_at=moment(None),
        )
        (submission,) = intake_of(catalog()).accept(source, request, trusted=True)
        for event in read_submission(submission, source, catalog()):
            state = fold(state, event)
    assert state is not None
    return view(state, source="shop", order_id="o-1")


@pytest.mark.parametrize(
    "arrival", list(permutations(range(3))), ids=lambda arrival: "".join(str(number + 1) for number in arrival)
)
def test_of_two_ends_the_higher_version_s_holds_in_whatever_order_they_come(arrival):
    bodies = [version(1, "OPEN"), version(2, "CANCELED", place="L2"), version(3, "COMPLETED", place="L3")]

    order = order_of(bodies[number] for number in arrival)

    assert (order.status, order.store_id) == ("delivered", "L3")


def test_when_the_news_was_written_does_not_count():
    late = version(2, "OPEN", place="L2", told_at="2026-11-24T20:00:00Z")

    order = order_of([version(3, "CANCELED", place="L3"), late])

    assert (order.status, order.store_id) == ("cancelled", "L3")
