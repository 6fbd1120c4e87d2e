"""``orderwatch backtest``, from its command line to what it writes."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from orderwatch.cli.program import run
from orderwatch.domain.findings import Finding
from orderwatch.rules.calendar import minute_of, moment_of
from orderwatch.rules.flow_settings import FlowSettings
from orderwatch.rules.state import MinuteCounts, Origin, Watch
from orderwatch.rules.watch import step
from tests.unit.rules.traffic import CLOSE, DAY, MONDAY, OPEN

DAYS = 10
OUTAGE = MONDAY + 9 * DAY + 13 * 60
Event = dict[str, Any]
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Return what runs a command line and returns its code, its output and its errors."""
    monkeypatch.setenv("ORDERWATCH_LANGUAGE", "en")

    def called(*words: object) -> tuple[int, str, str]:
        code = run([str(word) for word in words])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return called


def _events(*, days: int = DAYS, outage: int | None = OUTAGE, minutes: int = 120) -> list[Event]:
    random, events = Random(5), []
    for minute in range(MONDAY, MONDAY + days * DAY):
        if not OPEN <= minute % DAY < CLOSE or (outage is not None and outage <= minute < outage + minutes):
            continue
        at = random.expovariate(2)
        while at < 1:
            moment = moment_of(minute) + timedelta(minutes=at)
            event = {"event_type": "order_created", "order_id": f"o{len(events)}", "source": "eats"}
            events.append(event | {"occurred_at": moment.isoformat(), "store_id": "s1", "region": "east"})
            at += random.expovariate(2)
    return events


def _written(folder: Path, events: list[Event], *more: str) -> Path:
    file = folder / "events.jsonl"
    file.write_text("".join(json.dumps(event) + "\n" for event in events) + "".join(line + "\n" for line in more))
    return file


def test_an_outage_in_a_file_is_paged_within_minutes_with_its_evidence(tmp_path: Path, call: Call) -> None:
    file, out = _written(tmp_path, _events()), tmp_path / "alerts.json"

    code, shown, _ = call("backtest", "--events", file, "--warmup", "8d", "--out", out)

    told = json.loads(out.read_bytes())
    (page,) = (alert for alert in told["alerts"] if alert["severity"] == "page")
    assert code == 0
    assert page["rule"] == "platform_silence"
    assert page["scope"] == {"level": "platform", "source": "eats", "region": None, "store_id": None, "order_id": None}
    assert timedelta(0) < datetime.fromisoformat(page["fired_at"]) - moment_of(OUTAGE) <= timedelta(minutes=8)
    assert datetime.fromisoformat(page["resolved_at"]) >= moment_of(OUTAGE + 120)
    assert page["evidence"]["expected"] > 8
    assert told["summary"]["alerts"]["platform_silence"]["page"] == 1
    assert "platform_silence" in shown


def test_a_warm_up_is_only_learnt_from(tmp_path: Path, call: Call) -> None:
    file = _written(tmp_path, _events(days=11))

    _, shown, _ = call("backtest", "--events", file, "--warmup", "10d", "--json")

    assert "page" not in [alert["severity"] for alert in json.loads(shown)["alerts"]]
    assert [alert for alert in json.loads(shown)["alerts"] if alert["fired_at"] < "1971-01-14T09"] == []


def test_lines_in_any_order_and_lines_that_are_no_event_change_nothing(tmp_path: Path, call: Call) -> None:
    events = _events()
    _, sorted_out, _ = call("backtest", "--events", _written(tmp_path, events), "--warmup", "8d", "--json")
    Random(1).shuffle(events)
    strange = {"event_type": "order_created", "order_id": "x", "source": "eats"}
    extra = [
        "no json",
        "[1]",
        "",
        json.dumps(strange),
        json.dumps(strange | {"occurred_at": "yesterday"}),
        json.dumps(strange | {"occurred_at": "9999-01-01T00:00:00Z"}),
        json.dumps(strange | {"occurred_at": 5e300}),
        json.dumps(strange | {"occurred_at": "2051-01-01T00:00:00Z"}),
        json.dumps(strange | {"event_type": {"a": 1}, "occurred_at": "1971-01-08T12:00:00Z"}),
        json.dumps({"event_type": "order_created", "occurred_at": "1971-01-08T12:00:00Z"}),
        json.dumps({"event_type": "courier_location", "order_id": "x", "occurred_at": "1971-01-08T12:00:00Z"}),
        json.dumps(events[0]),
    ]

    code, shuffled_out, _ = call("backtest", "--events", _written(tmp_path, events, *extra), "--warmup", "8d", "--json")

    plain, messy = json.loads(sorted_out), json.loads(shuffled_out)
    assert code == 0
    assert messy["alerts"] == plain["alerts"]
    assert (messy["summary"]["skipped"], messy["summary"]["duplicates"], messy["summary"]["outside"]) == (8, 1, 1)


def test_the_live_step_finds_what_the_backtest_finds(tmp_path: Path, call: Call) -> None:
    events = _events()
    _, shown, _ = call("backtest", "--events", _written(tmp_path, events), "--json")
    watch, found = Watch(), dict[object, Finding]()
    counts: dict[int, int] = {}
    for event in events:
        minute = minute_of(datetime.fromisoformat(event["occurred_at"]))
        counts[minute] = counts.get(minute, 0) + 1

    for minute in range(min(counts), max(counts) + 1):
        came: dict[Origin, int] = {("eats", "east", "s1"): counts[minute]} if minute in counts else {}
        for finding in step(watch, MinuteCounts(events=came), minute, FlowSettings()):
            found[finding.rule, finding.severity, finding.scope, finding.fired_at] = finding

    told = [(a["rule"], a["severity"], datetime.fromisoformat(a["fired_at"])) for a in json.loads(shown)["alerts"]]
    assert told == [(f.rule, f.severity, f.fired_at) for f in found.values()]
    assert told


def test_the_last_orders_of_a_recording_are_no_outage(tmp_path: Path, call: Call) -> None:
    stragglers = [
        {
            "event_type": "order_delivered",
            "order_id": f"o{n}",
            "source": "eats",
            "occurred_at": moment_of(at).isoformat(),
        }
        for n, at in enumerate((MONDAY + DAYS * DAY + OPEN, MONDAY + DAYS * DAY + CLOSE))
    ]
    file = _written(tmp_path, [*_events(outage=None), *stragglers])

    _, shown, _ = call("backtest", "--events", file, "--warmup", "8d", "--json")

    told = json.loads(shown)
    assert [alert for alert in told["alerts"] if alert["severity"] == "page"] == []
    assert told["summary"]["end"] == moment_of(MONDAY + DAYS * DAY).isoformat().replace("+00:00", "Z")
    assert told["summary"]["outside"] == 2


def test_from_and_to_bound_what_is_judged_and_the_warm_up_lies_before(tmp_path: Path, call: Call) -> None:
    file = _written(tmp_path, _events(days=16, outage=MONDAY + 12 * DAY + 13 * 60))

    _, before, _ = call("backtest", "--events", file, "--warmup", "8d", "--to", "1971-01-16T12:00Z", "--json")
    _, within, _ = call("backtest", "--events", file, "--from", "1971-01-16", "--warmup", "10d", "--json")

    assert "page" not in [alert["severity"] for alert in json.loads(before)["alerts"]]
    assert [alert["severity"] for alert in json.loads(within)["alerts"]].count("page") == 1
    assert json.loads(within)["summary"]["begin"] == "1971-01-06T00:00:00Z"


def test_a_warm_up_that_was_not_recorded_before_from_comes_after_it(tmp_path: Path, call: Call) -> None:
    file = _written(tmp_path, _events())

    _, shown, _ = call("backtest", "--events", file, "--from", "1971-01-04T10:00Z", "--warmup", "8d", "--json")

    assert json.loads(shown)["summary"]["begin"] == "1971-01-04T10:00:00Z"
    assert json.loads(shown)["summary"]["served_from"] == "1971-01-12T10:00:00Z"


def test_settings_of_the_rules_come_from_a_file(tmp_path: Path, call: Call) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[flow]\nzone = "Asia/Seoul"\n[[flow.overrides]]\nsource = "eats"\nlimits = {may_page = false}\n')

    _, shown, _ = call(
        "backtest", "--events", _written(tmp_path, _events()), "--warmup", "8d", "--rules", rules, "--json"
    )

    told = json.loads(shown)
    assert {alert["severity"] for alert in told["alerts"]} == {"warn"}
    assert {stream["why_not"] for stream in told["summary"]["streams"] if stream["source"]} == {"settings"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--warmup", "two weeks"), "such as 15d, 36h or 90m"),
        (("--warmup", "90d"), "learn on fewer"),
        (("--from", "soon"), "--from soon: should be a time"),
        (("--from", "1971-01-06", "--to", "1971-01-05"), "should be later"),
        (("--from", "1990-01-06"), "Nothing was recorded between"),
        (("--zone", "Atlantis"), "no such time zone"),
    ],
)
def test_what_cannot_be_meant_is_answered_with_what_to_write(
    options: tuple[str, ...], message: str, tmp_path: Path, call: Call
) -> None:
    code, _, errors = call("backtest", "--events", _written(tmp_path, _events(days=2, outage=None)), *options)

    assert code in {1, 2}
    assert message in errors


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("drop_share = 3", "drop_share"),
        ("silence = 16", "silence"),
        ("[[[", "TOML or JSON"),
        ("flow = 3", "keys and values"),
    ],
)
def test_impossible_rules_are_refused(text: str, message: str, tmp_path: Path, call: Call) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(text)

    code, _, errors = call("backtest", "--events", _written(tmp_path, []), "--rules", rules)

    assert code == 2
    assert message in errors


def test_a_file_without_events_says_what_a_line_should_be(tmp_path: Path, call: Call) -> None:
    code, _, errors = call("backtest", "--events", _written(tmp_path, [], "hello"))

    assert code == 1
    assert "line 1" in errors
    assert '"event_type": "order_created"' in errors


def test_a_file_that_is_not_there_is_named(tmp_path: Path, call: Call) -> None:
    code, _, errors = call("backtest", "--events", tmp_path / "nothing.jsonl")

    assert code == 1
    assert "nothing.jsonl" in errors
