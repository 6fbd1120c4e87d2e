from itertools import combinations

import pytest
from hypothesis import given

from orderwatch.domain.events import EventType
from orderwatch.domain.orders import TERMINAL, OrderStatus
from tests.order_events import at, distinct_events, event, order_of

PROGRESS = ["created", "accepted", "preparing", "ready", "picked_up", "nearby"]
ENDS = ["delivered", "cancelled", "rejected", "failed", "returned"]


@pytest.mark.parametrize("step", [*PROGRESS, *ENDS])
def test_a_step_gives_its_status_from_its_own_time(step):
    order = order_of(event("created", 0), event(step, 3))

    assert order.status == step
    assert order.status_since == (at(0) if step == "created" else at(3))


@pytest.mark.parametrize(("lower", "higher"), list(combinations(PROGRESS, 2)))
def test_without_an_end_the_furthest_step_counts_whenever_it_was_told(lower, higher):
    assert order_of(event(higher, 1), event(lower, 5)).status == higher


@pytest.mark.parametrize("end", [end for end in ENDS if end != "failed"])
@pytest.mark.parametrize("step", PROGRESS)
def test_no_later_step_undoes_an_end(end, step):
    order = order_of(event(end, 1), event(step, 5))

    assert order.status == end
    assert order.status_since == at(1)


@pytest.mark.parametrize(("first", "then"), [(a, b) for a in ENDS for b in ENDS if a != b])
def test_of_several_ends_the_latest_counts(first, then):
    order = order_of(event(then, 5), event(first, 1))

    assert order.status == then
    assert order.status_since == at(5)


@pytest.mark.parametrize("step", PROGRESS)
def test_a_step_after_a_failure_takes_the_order_up_again(step):
    first_try = [event("created", 0), event("picked_up", 1), event("nearby", 2), event("failed", 3)]

    order = order_of(*first_try, event(step, 5))

    assert order.status == step
    assert order.status_since == at(5)


def test_a_second_try_may_succeed_or_fail_again():
    tries = [event("created", 0), event("nearby", 2), event("failed", 3), event("nearby", 5)]

    assert order_of(*tries, event("delivered", 6)).status == "delivered"
    again = order_of(*tries, event("failed", 7))
    assert again.status == "failed"
    assert again.status_since == at(7)
    assert again.milestones["failed"] == at(3)


def test_a_step_of_the_same_moment_does_not_undo_a_failure():
    assert order_of(event("failed", 3), event("nearby", 3)).status == "failed"


def test_delivered_goods_may_come_back():
    order = order_of(event("delivered", 3), event("returned", 60))

    assert order.status == "returned"
    assert "two_outcomes" not in order.flags


def test_an_end_told_twice_counts_from_the_first_time():
    assert order_of(event("delivered", 3), event("nearby", 4), event("delivered", 5)).status_since == at(3)


def test_an_end_that_another_came_between_counts_from_its_return():
    assert order_of(event("delivered", 3), event("cancelled", 4), event("delivered", 5)).status_since == at(5)


@pytest.mark.parametrize(
    "word",
    ["modified", "refunded", "courier.assigned", "courier.at_pickup", "courier.location", "eta.changed", "unknown"],
)
def test_other_events_change_no_status(word):
    assert order_of(event("accepted", 0), event(word, 5)).status == "accepted"
    alone = order_of(event(word, 5))
    assert alone.status == "created"
    assert alone.status_since == at(5)


def test_an_order_of_conflicts_only_can_be_shown():
    order = order_of(event("delivered", 3, conflict=True))

    assert order.status == "created"
    assert order.flags == ("conflict",)
    assert order.milestones == {}
    assert order.last_event_at == at(3)


def test_milestones_hold_the_first_time_of_each_step():
    order = order_of(
        event("picked_up", 9),
        event("created", 0),
        event("modified", 1),
        event("picked_up", 7),
        event("courier.assigned", 3),
        event("courier.at_pickup", 5),
        event("courier.unassigned", 4),
        event("refunded", 20),
    )

    assert list(order.milestones.items()) == [
        ("created", at(0)),
        ("courier.assigned", at(3)),
        ("courier.unassigned", at(4)),
        ("courier.at_pickup", at(5)),
        ("picked_up", at(7)),
        ("refunded", at(20)),
    ]
    assert order.placed_at == at(0)
    assert order.last_event_at == at(20)


@given(distinct_events(kinds=[EventType(f"order.{word}") for word in PROGRESS + ENDS]))
def test_the_status_is_a_step_that_was_told_and_its_time_one_of_that_steps(events):
    told = [one for one in events if not one.conflict]
    if not told:
        return

    order = order_of(*events)

    assert order.status_since in {one.occurred_at for one in told if one.type == f"order.{order.status}"}
    latest_end = max((one.occurred_at for one in told if one.type.removeprefix("order.") in ENDS), default=None)
    if order.status in TERMINAL:
        assert any(one.occurred_at == latest_end and one.type == f"order.{order.status}" for one in told)
    elif latest_end is not None:
        assert order.status in OrderStatus
        assert any(one.type == "order.failed" and one.occurred_at == latest_end for one in told)
