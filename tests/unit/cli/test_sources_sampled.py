"""What ``source add --sample`` makes of a sample and of its other options."""

import json
from pathlib import Path
from typing import Any

import pytest

from orderwatch.cli.sources_made import Wanted, make_source
from orderwatch.cli.sources_sampled import first_event, read_sample, tell_sample, with_sample
from orderwatch.cli.terminal import Terminal
from orderwatch.domain.errors import BadSettings
from tests.set_clock import SetClock

SAMPLE = {"주문번호": "B-1", "상태": "배달 끝", "매장": {"코드": "jamsil"}, "id": "m-1"}


def wanted(**values: Any) -> Wanted:
    usual: dict[str, Any] = {
        "name": "shop",
        "provider": "generic",
        "verification": None,
        "header": None,
        "header_prefix": None,
        "hmac": {},
        "mapping": dict.fromkeys(("event_type", "order_id", "event_id", "events")),
        "fields": {},
        "statuses": {},
        "more": {},
    }
    return Wanted(**{**usual, **values})


def found(sample: object = SAMPLE, **values: Any) -> Any:
    return with_sample(wanted(**values), json.dumps(sample).encode())


def test_the_mapping_is_that_of_the_sample() -> None:
    sampled = found()
    source = make_source(sampled.wanted)

    assert (source.mapping.order_id, source.mapping.event_type, source.mapping.event_id) == (
        '"주문번호"',
        '"상태"',
        "id",
    )
    assert source.mapping.fields == {"store_id": '"매장"."코드"'}
    assert first_event(source, sampled.sample, SetClock()).store_id == "jamsil"


def test_what_the_options_say_stands_before_what_was_found() -> None:
    mapping = {"event_type": None, "order_id": "id", "event_id": None, "events": None}
    sampled = found(mapping=mapping, fields={"store_id": "shop"}, statuses={"배달 끝": "order.failed"})

    source = make_source(sampled.wanted)

    assert (source.mapping.order_id, source.mapping.fields) == ("id", {"store_id": "shop"})
    assert source.mapping.statuses == {"배달 끝": "order.failed"}


def test_a_plain_id_of_the_order_is_not_taken_for_that_of_the_message_too() -> None:
    source = make_source(found({"id": "B-1", "status": "ready"}).wanted)

    assert (source.mapping.order_id, source.mapping.event_id) == ("id", "event_id")


@pytest.mark.parametrize(
    ("sample", "told"),
    [
        ({"status": "ready"}, "not found in it: order_id; say --order-id PATH (there are: status)"),
        ({}, "there are: none"),
    ],
)
def test_what_every_event_needs_must_be_there(sample: object, told: str) -> None:
    with pytest.raises(BadSettings) as fault:
        found(sample)

    assert told in fault.value.faults[0]


def test_an_option_may_say_what_the_sample_does_not() -> None:
    mapping = {"event_type": None, "order_id": "no.where", "event_id": None, "events": None}
    sampled = found({"status": "ready"}, mapping=mapping)

    with pytest.raises(BadSettings, match="no order id"):
        first_event(make_source(sampled.wanted), sampled.sample, SetClock())


def test_a_sample_is_for_senders_without_a_platform_and_is_json(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="a platform's fields are known"):
        found(provider="uber_eats")
    with pytest.raises(BadSettings, match="not JSON"):
        with_sample(wanted(), b"{")
    with pytest.raises(BadSettings, match="cannot be read"):
        read_sample(str(tmp_path / "nothing.json"))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            (
                "store_id is at",
                "called “매장.코드”",
                "“배달 끝” is taken for order.delivered",
                "reads as order.delivered",
            ),
        ),
        ("ko", ("store_id ←", "이름이 “매장.코드”", "“배달 끝” → order.delivered", "order.delivered로 읽힙니다")),
    ],
)
def test_each_place_is_told_with_its_reasons(
    language: str, told: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    sampled = found()

    tell_sample(sampled, first_event(make_source(sampled.wanted), sampled.sample, SetClock()), Terminal(language))

    shown = capsys.readouterr()
    assert shown.out == ""
    assert all(text in shown.err for text in told)
