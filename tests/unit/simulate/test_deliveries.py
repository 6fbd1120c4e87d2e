"""Real deliveries from a table."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from orderwatch.domain.errors import BadSettings
from orderwatch.simulate.columns import read_columns
from orderwatch.simulate.deliveries import Reading, Skipped, webhooks_of

HEADER = ["order_id", "placed_at", "delivered_at", "restaurant_id", "courier_id", "order_total", "tip", "mood"]
ROW = dict(
    zip(HEADER, ["7", "2024-01-01T00:00:47Z", "2024-01-01T00:31:00Z", "59", "216", "32.05", "3.2", "ok"], strict=True)
)
REAL = Path(__file__).parents[4] / "shared" / "data" / "food_deliveries_days01-15.csv"


def read(rows: list[dict[str, str]], **more: object) -> tuple[list[dict[str, object]], list[Skipped]]:
    skipped: list[Skipped] = []
    reading = Reading(columns=read_columns(HEADER, {}), **more)  # pyright: ignore[reportArgumentType]
    return [w.body for w in webhooks_of(rows, reading, skipped=skipped)], skipped


def test_columns_with_usual_names_are_understood() -> None:
    columns = read_columns(HEADER, {})

    assert columns.order_id == "order_id"
    assert columns.steps == {"placed_at": "order_created", "delivered_at": "order_delivered"}
    assert columns.fields == {"restaurant_id": "store_id", "courier_id": "courier.id", "order_total": "total"}
    assert columns.data == {"tip": "tip"}


def test_what_is_told_goes_before_what_a_name_suggests() -> None:
    columns = read_columns(HEADER, {"delivered_at": "order.picked_up", "mood": "region", "tip": "data.gratuity"})

    assert columns.steps == {"placed_at": "order_created", "delivered_at": "order_picked_up"}
    assert columns.fields["mood"] == "region"
    assert columns.data == {"tip": "gratuity"}


def test_all_faults_of_a_mapping_are_told_at_once_with_what_was_probably_meant() -> None:
    with pytest.raises(BadSettings) as raised:
        read_columns(HEADER, {"placed": "order_created", "tip": "order_creatd"})

    assert raised.value.faults == [
        "--map placed=order_created: there is no such column; did you mean placed_at?",
        "--map tip=order_creatd: no such event or field; did you mean order_created?",
    ]


@pytest.mark.parametrize(
    ("header", "missing"), [(["placed_at"], "order's id"), (["order_id", "colour"], "time of an event")]
)
def test_a_table_that_cannot_be_orders_is_refused(header: list[str], missing: str) -> None:
    with pytest.raises(BadSettings, match=missing):
        read_columns(header, {})


def test_a_row_becomes_the_webhooks_that_would_have_told_of_it() -> None:
    bodies, skipped = read([ROW], constants={"currency": "USD"})

    assert bodies == [
        {
            "event_type": "order_created",
            "order_id": "7",
            "event_id": "7-order_created",
            "occurred_at": datetime(2024, 1, 1, 0, 0, 47, tzinfo=UTC),
            "store_id": "59",
            "total": "32.05",
            "currency": "USD",
            "tip": "3.2",
        },
        {
            "event_type": "order_delivered",
            "order_id": "7",
            "event_id": "7-order_delivered",
            "occurred_at": datetime(2024, 1, 1, 0, 31, tzinfo=UTC),
            "store_id": "59",
            "courier": {"id": "216"},
        },
    ]
    assert skipped == []


def test_the_first_step_that_was_told_carries_what_is_known_of_the_order() -> None:
    bodies, _ = read([ROW | {"placed_at": ""}])

    assert [(body["event_type"], body.get("total")) for body in bodies] == [("order_delivered", "32.05")]


def test_a_prefix_keeps_two_runs_apart() -> None:
    bodies, _ = read([ROW], prefix="b-")

    assert bodies[0]["order_id"] == "b-7"
    assert bodies[0]["event_id"] == "b-7-order_created"


def test_what_cannot_be_read_is_left_out_and_told_with_its_line() -> None:
    bodies, skipped = read([ROW, ROW | {"order_id": " "}, ROW | {"order_id": "8", "placed_at": "soon"}])

    assert [body["order_id"] for body in bodies] == ["7", "7", "8"]
    assert [(one.line, one.reason.split(":")[0]) for one in skipped] == [(3, "order_id is empty"), (4, "placed_at")]


def test_times_without_a_zone_take_the_one_that_was_given() -> None:
    bodies, _ = read([ROW | {"placed_at": "2024-01-01 09:00:47"}], zone=ZoneInfo("Asia/Seoul"))

    assert bodies[0]["occurred_at"] == datetime(2024, 1, 1, 0, 0, 47, tzinfo=UTC)


def test_times_without_a_zone_are_refused_when_none_was_given() -> None:
    with pytest.raises(BadSettings, match=r"line 2, placed_at.*--zone"):
        read([ROW | {"placed_at": "2024-01-01 09:00:47"}])


@pytest.mark.skipif(not REAL.is_file(), reason="the real deliveries are not on this machine")
def test_real_deliveries_need_no_mapping_by_hand() -> None:
    with REAL.open(newline="") as file:
        table = csv.DictReader(file)
        columns = read_columns(table.fieldnames or [], {})
        rows = list(table)
    skipped: list[Skipped] = []

    webhooks = list(webhooks_of(rows, Reading(columns=columns), skipped=skipped))

    told = sum(bool(row[column]) for row in rows for column in columns.steps)
    assert len(webhooks) == told
    assert len(columns.steps) == 4
    assert skipped == []
