from datetime import timedelta

import pytest

from orderwatch.domain.flags import Flag
from tests.order_events import at, event, order_of

CHAIN = ["created", "accepted", "preparing", "ready", "picked_up", "nearby", "delivered"]
COURIERS = ["created", "courier.assigned", "courier.at_pickup", "picked_up", "nearby", "delivered"]
OTHER_CHAIN = ["created", "accepted", "courier.at_pickup", "picked_up"]


def test_a_usual_order_has_no_flags():
    steps = [event(step, minute) for minute, step in enumerate(CHAIN)]
    couriers = [event("courier.assigned", 2.5), event("courier.at_pickup", 3.5), event("courier.location", 4.5)]

    assert order_of(*steps, *couriers, event("refunded", 60)).flags == ()


@pytest.mark.parametrize("step", [*CHAIN[1:], "cancelled", "courier.location", "eta.changed", "modified"])
def test_later_steps_without_the_first_are_missing_it(step):
    assert order_of(event(step)).flags == ("missing_created",)
    assert order_of(event(step, 1), event("created", 0)).flags == ()


def test_unknown_events_alone_miss_nothing():
    assert order_of(event("unknown")).flags == ()


@pytest.mark.parametrize("chain", [CHAIN, COURIERS, OTHER_CHAIN])
def test_any_step_before_one_that_must_precede_it_is_impossible(chain):
    for early in range(len(chain)):
        for late in range(early + 1, len(chain)):
            turned = order_of(event("created", 0), event(chain[early], 9), event(chain[late], 8))
            together = order_of(event("created", 0), event(chain[early], 9), event(chain[late], 9))

            assert ("impossible_sequence" in turned.flags) == (early > 0), (chain[early], chain[late])
            assert "impossible_sequence" not in together.flags


def test_a_step_before_the_order_was_placed_is_impossible():
    assert order_of(event("created", 5), event("delivered", 4)).flags == ("impossible_sequence",)


def test_a_couriers_way_may_begin_before_the_kitchens():
    steps = [event("created", 0), event("courier.assigned", 1), event("accepted", 2), event("courier.at_pickup", 3)]

    assert order_of(*steps, event("preparing", 4), event("ready", 5)).flags == ()


@pytest.mark.parametrize(
    ("first", "then", "is_flagged"),
    [
        ("failed", "delivered", False),
        ("failed", "returned", False),
        ("delivered", "returned", False),
        ("delivered", "failed", True),
        ("returned", "delivered", True),
        ("delivered", "cancelled", True),
        ("cancelled", "delivered", True),
        ("rejected", "cancelled", True),
        ("cancelled", "returned", True),
    ],
)
def test_two_ends_are_flagged_unless_one_may_follow_the_other(first, then, is_flagged):
    order = order_of(event("created"), event(first, 60), event(then, 90))

    assert ("two_outcomes" in order.flags) == is_flagged


def test_a_failure_told_again_after_the_delivery_is_flagged():
    assert "two_outcomes" in order_of(event("failed", 1), event("delivered", 2), event("failed", 3)).flags


def test_the_same_end_told_twice_is_one_end():
    assert order_of(event("created"), event("delivered", 1), event("delivered", 2)).flags == ()


@pytest.mark.parametrize(
    ("delay", "flags"),
    [
        (timedelta(minutes=5), ()),
        (timedelta(minutes=5, microseconds=1), ("late_event",)),
        (timedelta(days=6, hours=23), ("late_event",)),
        (timedelta(days=7), ()),
        (timedelta(days=365 * 50), ()),
        (timedelta(minutes=-5), ()),
        (timedelta(minutes=-5, microseconds=-1), ("future_event",)),
        (timedelta(days=-365 * 70), ("future_event",)),
    ],
)
def test_an_event_long_after_or_before_its_time_is_flagged_but_no_import(delay, flags):
    assert order_of(event("created", received_at=at(0) + delay)).flags == flags


@pytest.mark.parametrize(
    ("faults", "flags"),
    [
        (("bad_time",), ("bad_time",)),
        (("bad_eta",), ("bad_time",)),
        (("bad_promised_at", "bad_total"), ("bad_field", "bad_time")),
        (("bad_items", "bad_courier"), ("bad_field",)),
    ],
)
def test_what_could_not_be_read_is_flagged_for_good(faults, flags):
    assert order_of(event("created", faults=faults), event("accepted", 1)).flags == flags


def test_a_negative_total_is_flagged_as_long_as_it_stands():
    assert order_of(event("created", 0, total=-1)).flags == ("negative_total",)
    assert order_of(event("created", 0, total=-1), event("modified", 1, total=2)).flags == ()


def test_a_conflict_is_flagged():
    assert order_of(event("created"), event("created", 1, conflict=True, store_id="other")).flags == ("conflict",)


def test_every_flag_is_a_known_code():
    order = order_of(
        event("picked_up", 9, faults=("bad_time", "bad_total"), total=-1, received_at=at(99)),
        event("delivered", 1, received_at=at(-99)),
        event("cancelled", 2, conflict=False),
        event("failed", 2, conflict=True),
    )

    assert set(order.flags) == set(Flag)
