"""Half a month of real deliveries, where the file lies beside the repository. Some are odd, and all are real."""

import csv
import random
from collections import defaultdict
from pathlib import Path

import pytest

from orderwatch.domain.events import Event
from orderwatch.orders.fold import encode, view
from orderwatch.orders.timeline import timeline
from tests.order_events import state_of
from tests.receipts import read_one

FILE = Path(__file__).parents[4] / "shared" / "data" / "food_deliveries_days01-15.csv"
STEPS = {
    "placed_at": ("order_created", "created"),
    "sent_to_restaurant_at": ("order_accepted", "accepted"),
    "courier_at_restaurant_at": ("courier_at_pickup", "courier.at_pickup"),
    "delivered_at": ("order_delivered", "delivered"),
}

pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the file of real deliveries is not there")


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with FILE.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def events(rows) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = defaultdict(list)
    for row in rows:
        for column, (word, _) in STEPS.items():
            if row[column]:
                body = {
                    "event_type": word,
                    "order_id": row["order_id"],
                    "occurred_at": row[column],
                    "store_id": row["restaurant_id"],
                    "region": row["region"],
                    "total": row["order_total"],
                    "courier": {"id": row["courier_id"]} if word == "courier_at_pickup" else None,
                }
                found[row["order_id"]].append(read_one(body))
    return found


def order_of(events, order_id):
    return view(state_of(events[order_id]), source="shop", order_id=order_id)


def test_every_order_ends_delivered_with_the_files_own_times(rows, events):
    assert len(rows) == 8816
    for row in rows:
        order = order_of(events, row["order_id"])

        assert order.status == "delivered"
        told = {name: row[column] for column, (_, name) in STEPS.items() if row[column]}
        assert {name: f"{when:%Y-%m-%dT%H:%M:%SZ}" for name, when in order.milestones.items()} == told
        assert str(order.total) == row["order_total"]
        assert order.region == (row["region"] or None)


def test_exactly_the_rows_with_steps_out_of_order_are_flagged_and_nothing_else(rows, events):
    odd = set()
    for row in rows:
        times = [row[column] for column in STEPS if row[column]]
        if times != sorted(times):
            odd.add(row["order_id"])

    flagged = {row["order_id"]: order_of(events, row["order_id"]).flags for row in rows}

    assert odd
    assert {order_id for order_id, flags in flagged.items() if flags} == odd
    assert {flags for flags in flagged.values() if flags} == {("impossible_sequence",)}


def test_a_wild_order_of_arrival_and_doubled_events_change_no_order(rows, events):
    wild = random.Random(7)
    for row in wild.sample(rows, 500):
        plain = events[row["order_id"]]
        doubled = [*plain, *plain]
        wild.shuffle(doubled)

        assert encode(state_of(doubled)) == encode(state_of(plain))


def test_every_timeline_is_in_the_order_of_time_and_ends_delivered_unless_a_step_is_odd(rows, events):
    for row in rows[:1000]:
        entries = timeline(events[row["order_id"]])

        statuses = [entry.changes["status"][1] for entry in entries if "status" in entry.changes]
        assert statuses[-1] == "delivered"
        assert [entry.occurred_at for entry in entries] == sorted(entry.occurred_at for entry in entries)
