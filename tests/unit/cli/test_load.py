"""What ``simulate`` sends, and when."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from orderwatch.cli.load import Load, Wish, load_deliveries, load_town
from orderwatch.domain.errors import BadSettings
from tests.set_clock import NOON, SetClock

CSV = (
    "order_id,placed_at,delivered_at,total\n"
    "1,2024-01-01T10:00:00Z,2024-01-01T10:30:00Z,9.5\n"
    "2,2024-01-01T10:10:00Z,,3\n"
)


def wish(**values: Any) -> Wish:
    usual = {
        "source": "default",
        "speed": 0.0,
        "stamp": "auto",
        "duplicates": 0.0,
        "shuffle": 0.0,
        "seed": 1,
        "language": "ko",
    }
    return Wish(**{**usual, **values})


def town(**values: Any) -> Load:
    return load_town(wish(**values), SetClock(), town=None, start=None, hours=2, per_day=600)


def deliveries(folder: Path, text: str = CSV, **values: Any) -> Load:
    file = folder / "deliveries.csv"
    file.write_text(text, encoding="utf-8")
    options: dict[str, Any] = {"columns": {}, "constants": {}, "zone": None, "prefix": ""}
    given = {key: values.pop(key) for key in list(values) if key in options}
    return load_deliveries(file, wish(**values), SetClock(), **{**options, **given})


def test_deliveries_come_in_the_order_of_their_times_as_they_were(tmp_path: Path) -> None:
    load = deliveries(tmp_path)

    sent = list(load.webhooks)
    assert [w.body["event_id"] for w in sent] == ["1-order_created", "2-order_created", "1-order_delivered"]
    assert sent[0].body["occurred_at"] == datetime(2024, 1, 1, 10, tzinfo=UTC)
    assert (load.total, load.paced) == (3, False)


def test_deliveries_can_be_sent_as_if_they_ended_now(tmp_path: Path) -> None:
    sent = list(deliveries(tmp_path, stamp="now").webhooks)

    assert sent[-1].body["occurred_at"] == NOON
    assert sent[0].body["occurred_at"] == NOON - timedelta(minutes=30)


def test_paced_deliveries_keep_their_times_and_go_when_their_turn_comes(tmp_path: Path) -> None:
    sent = list(deliveries(tmp_path, speed=60.0).webhooks)

    assert [w.at - NOON for w in sent] == [timedelta(0), timedelta(seconds=10), timedelta(seconds=30)]
    assert sent[0].body["occurred_at"] == datetime(2024, 1, 1, 10, tzinfo=UTC)


def test_a_table_may_have_semicolons_and_a_byte_order_mark(tmp_path: Path) -> None:
    assert deliveries(tmp_path, "\ufeff" + CSV.replace(",", ";")).total == 3


def test_a_table_that_tells_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="no row in it"):
        deliveries(tmp_path, "order_id,placed_at\n")


def test_options_that_name_nothing_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as raised:
        deliveries(tmp_path, constants={"colour": "red"}, zone="Mars/Olympus")

    assert [fault.split(":")[0] for fault in raised.value.faults] == ["--set colour=…", "--zone Mars/Olympus"]


def test_a_town_that_is_sent_at_once_is_over_by_now() -> None:
    load = town()

    moments = [w.body["occurred_at"] for w in load.webhooks]
    assert len(moments) > 100
    assert max(moments) < NOON
    assert not load.paced


def test_a_paced_town_happens_now_and_quickly() -> None:
    sent = list(town(speed=60.0).webhooks)

    assert all(w.at == w.body["occurred_at"] for w in sent)
    assert NOON <= sent[0].at < NOON + timedelta(seconds=30)
    assert sent[-1].at < NOON + timedelta(minutes=5)


def test_doubled_webhooks_are_counted_in(tmp_path: Path) -> None:
    assert deliveries(tmp_path, duplicates=1.0).total == 6


@pytest.mark.parametrize(("language", "district"), [("ko", "마포구"), ("en", "Shoreditch")])
def test_the_town_speaks_the_language_of_its_user(language: str, district: str) -> None:
    assert district in {w.body["region"] for w in town(language=language).webhooks}


def test_an_unknown_town_or_stamp_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(BadSettings, match="seoul, london"):
        load_town(wish(), SetClock(), town="atlantis", start=None, hours=1, per_day=1)
    with pytest.raises(BadSettings, match="auto, original, now"):
        town(stamp="later")


def test_a_file_that_is_no_table_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="after line 2: is no table"):
        deliveries(tmp_path, CSV.replace("2,", "2" * 200_000 + ","))
