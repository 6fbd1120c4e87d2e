"""The simulated town: the same each time, busy at meals, and each order lives a possible life."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderwatch.simulate.life import Fate
from orderwatch.simulate.towns import TOWNS
from orderwatch.simulate.traffic import Plan, simulate
from orderwatch.simulate.webhook import Webhook, encode

MONDAY = datetime(2026, 11, 23, tzinfo=ZoneInfo("Asia/Seoul"))
_ENDS = {"order_delivered", "order_cancelled", "order_rejected", "order_failed"}
_AFTER = {
    "order_accepted": "order_created",
    "order_preparing": "order_accepted",
    "courier_assigned": "order_preparing",
    "order_ready": "order_preparing",
    "courier_at_pickup": "courier_assigned",
    "order_picked_up": "order_ready",
    "order_nearby": "order_picked_up",
    "order_delivered": "order_nearby",
    "order_refunded": "order_delivered",
    "order_returned": "order_failed",
}
plans = st.builds(
    Plan,
    town=st.sampled_from(list(TOWNS.values())),
    seed=st.integers(0, 10**9),
    start=st.integers(0, 3 * 365 * 24).map(lambda hours: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hours)),
    length=st.timedeltas(timedelta(minutes=30), timedelta(hours=6)),
    orders_per_day=st.floats(10, 1500),
    sources=st.sampled_from(((("default", 1.0),), (("one", 0.7), ("two", 0.3)))),
)


def plan(**values: object) -> Plan:
    usual = {"town": TOWNS["seoul"], "seed": 3, "start": MONDAY.astimezone(UTC), "length": timedelta(days=1)}
    return Plan(**{**usual, **values})  # pyright: ignore[reportArgumentType]


def orders_of(webhooks: list[Webhook]) -> dict[str, list[Webhook]]:
    found: dict[str, list[Webhook]] = defaultdict(list)
    for webhook in webhooks:
        found[webhook.body["order_id"]].append(webhook)
    return found


@given(plans)
@settings(max_examples=25, deadline=None)
def test_the_same_plan_gives_the_same_bytes(one: Plan) -> None:
    assert [encode(w.body) for w in simulate(one)] == [encode(w.body) for w in simulate(one)]


@given(plans)
@settings(max_examples=25, deadline=None)
def test_webhooks_come_in_the_order_of_their_times_and_each_has_an_id_of_its_own(one: Plan) -> None:
    webhooks = list(simulate(one))

    assert [w.at for w in webhooks] == sorted(w.at for w in webhooks)
    assert len({w.event_id for w in webhooks}) == len(webhooks)
    assert all(w.body["occurred_at"] == w.at for w in webhooks)


@given(plans)
@settings(max_examples=25, deadline=None)
def test_no_step_of_an_order_is_before_one_that_it_needs_and_each_ends_once(one: Plan) -> None:
    for webhooks in orders_of(list(simulate(one))).values():
        first = {w.body["event_type"]: w.at for w in reversed(webhooks)}
        assert all(first[needed] <= first[step] for step, needed in _AFTER.items() if step in first)
        assert len([w for w in webhooks if w.body["event_type"] in _ENDS]) == 1
        assert len({w.source for w in webhooks}) == 1


@given(plans)
@settings(max_examples=25, deadline=None)
def test_a_total_is_what_the_items_cost(one: Plan) -> None:
    for webhook in simulate(one):
        if "items" in webhook.body:
            cost = sum(Decimal(item["price"]) * item["quantity"] for item in webhook.body["items"])
            assert Decimal(webhook.body["total"]) == cost


def test_another_seed_gives_other_orders() -> None:
    one, other = (list(simulate(plan(seed=seed, length=timedelta(hours=2)))) for seed in (1, 2))

    assert not {w.event_id for w in one} & {w.event_id for w in other}


def test_meals_are_busy_and_nights_are_quiet() -> None:
    by_hour: dict[int, int] = defaultdict(int)
    for webhook in simulate(plan(orders_per_day=3000)):
        if webhook.body["event_type"] == "order_created":
            by_hour[webhook.at.astimezone(ZoneInfo("Asia/Seoul")).hour] += 1

    assert by_hour[12] > 4 * by_hour[9]
    assert by_hour[18] > by_hour[15] * 2
    assert by_hour[12] > 15 * by_hour[4]


def test_a_friday_sells_more_than_a_tuesday_and_a_week_about_what_was_asked() -> None:
    by_day: dict[int, int] = defaultdict(int)
    for webhook in simulate(plan(length=timedelta(days=7), orders_per_day=800)):
        if webhook.body["event_type"] == "order_created":
            by_day[webhook.at.astimezone(ZoneInfo("Asia/Seoul")).weekday()] += 1

    assert by_day[4] > by_day[1] * 1.1
    assert sum(by_day.values()) == pytest.approx(7 * 800, rel=0.1)


def test_most_orders_keep_their_promise_and_a_few_are_far_beyond_it() -> None:
    late = []
    for webhooks in orders_of(list(simulate(plan(orders_per_day=1500)))).values():
        bodies = {w.body["event_type"]: w.body for w in webhooks}
        if "order_delivered" in bodies:
            late.append(bodies["order_delivered"]["occurred_at"] - bodies["order_created"]["promised_at"])

    assert 0.02 < sum(by > timedelta(0) for by in late) / len(late) < 0.3
    assert max(late) > timedelta(minutes=8)


def test_couriers_are_on_their_way_between_shop_and_home() -> None:
    moves = [w for w in simulate(plan()) if w.body["event_type"] == "courier_location"]

    assert len({w.body["courier"]["id"] for w in moves}) > 5
    assert all(37.3 < w.body["courier"]["lat"] < 37.7 for w in moves)


def test_an_order_that_is_to_be_cancelled_is() -> None:
    webhooks = orders_of(list(simulate(plan(fates={0: Fate(cancelled=True)}, length=timedelta(hours=13)))))

    first = webhooks[min(webhooks)]
    assert first[-1].body["event_type"] == "order_cancelled"
    assert first[-1].body["reason"]


def test_a_slow_kitchen_keeps_its_orders_waiting() -> None:
    usual, slow = (_minutes_in_the_first_kitchen(plan(slow_shop=factor)) for factor in (1.0, 3.0))

    assert slow > usual * 1.8


def _minutes_in_the_first_kitchen(one: Plan) -> float:
    webhooks = list(simulate(one))
    counts: dict[str, int] = defaultdict(int)
    for webhook in webhooks:
        counts[webhook.body["store_id"]] += webhook.body["event_type"] == "order_created"
    busiest = max(counts, key=lambda store: counts[store])
    waits = []
    for steps in orders_of([w for w in webhooks if w.body["store_id"] == busiest]).values():
        times = {w.body["event_type"]: w.at for w in steps}
        if "order_ready" in times:
            waits.append((times["order_ready"] - times["order_accepted"]).total_seconds() / 60)
    return sum(waits) / len(waits)
