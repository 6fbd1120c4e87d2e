"""``orderwatch backtest`` over a journal, and over real deliveries."""

import asyncio
import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from orderwatch.cli.program import run
from orderwatch.config import Settings
from orderwatch.domain.keys import digest_of, event_key
from orderwatch.domain.receipts import Submission
from orderwatch.kit.clock import SystemClock
from orderwatch.processes.opening import open_store
from orderwatch.rules.calendar import DAY, moment_of
from tests.unit.rules.traffic import MONDAY, per_minute

DELIVERIES = Path(__file__).parents[3] / "shared" / "data" / "food_deliveries_days01-15.csv"
STEPS = {
    "placed_at": "order_created",
    "sent_to_restaurant_at": "order_accepted",
    "courier_at_restaurant_at": "courier_at_pickup",
    "delivered_at": "order_delivered",
}
OUTAGE = MONDAY + 7 * DAY + 13 * 60


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERWATCH_LANGUAGE", "en")


def _told(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, Any]:
    code = run([str(word) for word in ("backtest", *words, "--json")])
    shown = capsys.readouterr()
    assert code == 0, shown.err
    return json.loads(shown.out)


def _submissions(*, outage: int) -> list[Submission]:
    found: list[Submission] = []
    for minute, counts in enumerate(
        per_minute({("default", None, None): 1.5}, seed=3, begin=MONDAY, minutes=8 * DAY), start=MONDAY
    ):
        if outage <= minute < outage + 60:
            continue
        for _ in range(sum(counts.events.values())):
            name = f"e{len(found)}"
            body = json.dumps({"event_type": "order_created", "order_id": name, "event_id": name}).encode()
            found.append(
                Submission(
                    source="default",
                    key=event_key("default", name),
                    event_id=name,
                    digest=digest_of(body),
                    body=body,
                    headers=b"{}",
                    received_at=moment_of(minute) + timedelta(seconds=7),
                )
            )
    return found


async def _fill(folder: Path, submissions: list[Submission]) -> None:
    async with open_store(Settings(data=str(folder)), SystemClock(), migrate=True) as store:
        for begin in range(0, len(submissions), 2000):
            await store.journal.append(lambda begin=begin: submissions[begin : begin + 2000])


@pytest.mark.slow
def test_an_outage_in_the_journal_is_found_by_when_its_events_were_received(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submissions = _submissions(outage=OUTAGE)
    asyncio.run(_fill(tmp_path / "data", submissions))

    told = _told(capsys, "--data", tmp_path / "data")

    pages = [alert for alert in told["alerts"] if alert["severity"] == "page"]
    assert [(page["rule"], page["scope"]["source"]) for page in pages] == [("platform_silence", "default")]
    assert timedelta(0) < datetime.fromisoformat(pages[0]["fired_at"]) - moment_of(OUTAGE) < timedelta(minutes=12)
    assert told["summary"]["events"] == len(submissions)


def test_an_empty_journal_says_where_events_could_come_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["backtest", "--data", str(tmp_path / "data")])

    assert code == 1
    assert "--events" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(not DELIVERIES.exists(), reason="the real deliveries are not here")
def test_a_dinner_hour_taken_out_of_real_deliveries_is_paged_within_ten_minutes_and_nothing_else_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begin = datetime(2024, 1, 13, 1, 30, tzinfo=UTC)
    file = tmp_path / "events.jsonl"
    with DELIVERIES.open(newline="", encoding="utf-8") as rows, file.open("w", encoding="utf-8") as lines:
        for row in csv.DictReader(rows):
            for column, kind in STEPS.items():
                if row[column] and not begin <= datetime.fromisoformat(row[column]) < begin + timedelta(hours=2):
                    event = {"event_type": kind, "order_id": row["order_id"], "occurred_at": row[column]}
                    lines.write(json.dumps(event | {"store_id": row["restaurant_id"], "region": row["region"]}) + "\n")

    told = _told(capsys, "--events", file, "--warmup", "10d", "--to", "2024-01-14T10:00Z")

    pages = [alert for alert in told["alerts"] if alert["severity"] == "page"]
    assert [(page["rule"], page["scope"]["level"]) for page in pages] == [("platform_silence", "platform")]
    assert timedelta(0) < datetime.fromisoformat(pages[0]["fired_at"]) - begin <= timedelta(minutes=10)
    assert datetime.fromisoformat(pages[0]["resolved_at"]) - begin < timedelta(hours=2, minutes=20)
