"""How a source is: what the list, its own address and the metrics tell."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from orderwatch.domain.people import Role
from orderwatch.kit.clock import SystemClock
from orderwatch.storage.tables.state import source_words
from tests.kept_state import rows
from tests.set_clock import SetClock
from tests.web_server import WebServer, web_server

NOON = datetime(2026, 11, 24, 12, 0, 30, tzinfo=UTC)
SECRET = "a-secret-of-some-length"
SIGNED = {"authorization": f"Bearer {SECRET}"}


@pytest.fixture
def clock() -> SetClock:
    clock = SetClock(NOON)
    clock.sleep = SystemClock().sleep  # The server's own tasks must not spin.
    return clock


@pytest.fixture
async def watched(tmp_path: Path, clock: SetClock) -> AsyncGenerator[WebServer]:
    """Give a server whose time is set, with a source `shop` that signs with a token."""
    async with web_server(tmp_path, clock=clock) as server:
        spec = {
            "name": "shop",
            "verification": "token",
            "secrets": [SECRET],
            "token": {"header": "authorization", "prefix": "Bearer "},
        }
        assert (await server.call("POST", "/api/v1/sources", spec)).status_code == 201
        yield server


async def send(server: WebServer, *, headers: dict[str, str] = SIGNED, **event: Any) -> int:
    body = {"event_type": "order_created", "order_id": "A-1"} | event
    answer = await server.client.post("/in/shop", json=body, headers=headers)
    await server.work()
    return answer.status_code


async def health(server: WebServer) -> Any:
    return await server.get("/api/v1/sources/shop/health", role=Role.VIEWER)


async def test_a_source_of_which_nothing_came_is_told_so(watched: WebServer) -> None:
    told = await health(watched)

    assert told["last_received_at"] is None
    assert (told["lag"]["p95_seconds"], told["usual_per_minute"], told["signatures"]["failures"]) == (None, None, 0)
    assert (await watched.call("GET", "/api/v1/sources/nobody/health")).status_code == 404


async def test_what_came_is_counted_by_what_became_of_it(watched: WebServer) -> None:
    await send(watched, event_id="1")
    await send(watched, event_id="1")
    await send(watched, event_id="1", reason="another body")
    await send(watched, event_id="2", event_type="parcel_sniffed")
    await watched.client.post("/in/shop", json={"order_id": "no type"}, headers=SIGNED)

    told = await health(watched)

    counts = {name: told[name] for name in ("events", "duplicates", "conflicts", "unknown", "unreadable", "rejected")}
    assert counts == {"events": 2, "duplicates": 1, "conflicts": 1, "unknown": 1, "unreadable": 0, "rejected": 1}
    assert told["last_received_at"] == "2026-11-24T12:00:30Z"
    (listed,) = [one for one in (await watched.get("/api/v1/sources"))["items"] if one["name"] == "shop"]
    assert listed["health"] == told


async def test_a_source_as_it_is_shown_can_be_sent_back(watched: WebServer) -> None:
    await send(watched)
    shown = await watched.get("/api/v1/sources/shop")

    assert (await watched.call("PUT", "/api/v1/sources/shop", shown)).status_code == 200


async def test_the_lag_is_that_of_events_which_say_when_they_happened(watched: WebServer) -> None:
    for number, seconds in enumerate((1, 2, 3, 4, 60)):
        happened = (NOON - timedelta(seconds=seconds)).isoformat()
        await send(watched, order_id=f"A-{number}", occurred_at=happened)
    await send(watched, order_id="A-9")

    assert (await health(watched))["lag"] == {"p50_seconds": 3.0, "p95_seconds": 48.8, "events": 5}


async def test_the_rate_stands_beside_that_of_the_same_time_on_past_days(watched: WebServer, clock: SetClock) -> None:
    present = NOON + timedelta(hours=1)
    for day in (3, 1):
        clock.time = present - timedelta(days=day)
        for number in range(10):
            await send(watched, order_id=f"{day}-{number}")
    clock.time = present - timedelta(minutes=2)
    for number in range(10):
        await send(watched, order_id=f"now-{number}")
    clock.time = present

    told = await health(watched)

    # 20 events in 20 minutes of each of three days, one of which was silent.
    assert (told["per_minute"], told["usual_days"], told["usual_per_minute"]) == (2.0, 3, 0.333)


async def test_a_signature_that_fails_at_times_is_told_apart_from_one_that_stopped_working(
    watched: WebServer, clock: SetClock
) -> None:
    wrong = {"authorization": "Bearer nonsense"}
    assert await send(watched, headers=wrong) == 401
    clock.time = NOON + timedelta(minutes=1)
    assert await send(watched) == 200
    at_times = (await health(watched))["signatures"]
    clock.time = NOON + timedelta(minutes=2)
    for _ in range(3):
        assert await send(watched, headers=wrong) == 401
    stopped = (await health(watched))["signatures"]
    clock.time = NOON + timedelta(hours=2)
    later = (await health(watched))["signatures"]

    assert (at_times["failures"], at_times["of"], at_times["failing_since"]) == (1, 2, None)
    assert (stopped["failures"], stopped["of"]) == (4, 5)
    assert (at_times["failures_since"], stopped["failures_since"]) == (0, 3)
    assert stopped["failing_since"] == "2026-11-24T12:02:30Z"
    assert stopped["worked_until"] == "2026-11-24T12:01:30Z"
    assert (later["failures"], later["failing_since"]) == (0, "2026-11-24T12:02:30Z")


async def test_a_signature_that_never_worked_is_no_changed_secret(watched: WebServer) -> None:
    await send(watched, headers={"authorization": "Bearer nonsense"})

    told = (await health(watched))["signatures"]

    assert (told["failing_since"], told["worked_until"]) == ("2026-11-24T12:00:30Z", None)


async def test_words_and_keys_that_come_later_are_new(watched: WebServer, clock: SetClock) -> None:
    await send(watched, event_id="1", channel="app", shop={"code": "s1"})
    first_day = await health(watched)
    clock.time = NOON + timedelta(days=2)
    await send(watched, event_id="2", channel="app", tip=3, event_type="robot_assigned")
    await send(watched, event_id="3", tip=4)

    told = await health(watched)
    words = (await watched.get("/api/v1/sources/shop/words"))["items"]

    assert (first_day["news"], told["news"]) == (0, 2)
    assert [(one["kind"], one["word"], one["meaning"], one["is_new"]) for one in words] == [
        ("event", "robot_assigned", "unknown", True),
        ("field", "tip", None, True),
        ("field", "channel", None, False),
        ("event", "order_created", "order.created", False),
        ("field", "shop.code", None, False),
    ]
    clock.time = NOON + timedelta(days=4)
    assert (await health(watched))["news"] == 0


async def test_a_word_that_a_mended_mapping_understands_is_unknown_no_more(watched: WebServer) -> None:
    await send(watched, event_type="배달완료")
    before = (await watched.get("/api/v1/sources/shop/words"))["items"]
    shown = await watched.get("/api/v1/sources/shop")
    mapping = shown["mapping"] | {"statuses": {"배달완료": "order.delivered"}}
    assert (await watched.call("PUT", "/api/v1/sources/shop", shown | {"mapping": mapping})).status_code == 200
    await watched.call("POST", "/api/v1/receipts/1/replay")
    await watched.work()

    after = (await watched.get("/api/v1/sources/shop/words"))["items"]

    assert [one["meaning"] for one in (*before, *after)] == ["unknown", "order.delivered"]
    assert (await health(watched))["unknown"] == 0


async def test_a_sender_that_makes_up_keys_does_not_fill_the_store(watched: WebServer) -> None:
    made_up: dict[str, Any] = {f"key_{number}": number for number in range(700)} | {"12345": "an id"}
    await send(watched, **made_up)
    await send(watched, event_id="2", late_key=1)

    words = [row["word"] for row in await rows(watched.store.engines, source_words)]

    assert len(words) == 500
    assert "12345" not in words


async def test_the_metrics_tell_the_same_by_source(watched: WebServer) -> None:
    await send(watched, occurred_at=(NOON - timedelta(seconds=2)).isoformat())
    await send(watched, headers={"authorization": "Bearer nonsense"})

    text = (await watched.client.get("/metrics")).text

    assert 'orderwatch_source_lag_p95_seconds{source="shop"} 2.0' in text
    assert 'orderwatch_source_signature_failures{source="shop"} 1.0' in text
    assert f'orderwatch_source_last_received_timestamp_seconds{{source="shop"}} {NOON.timestamp():.9e}'[:70] in text
    assert 'orderwatch_source_usual_events_per_minute{source="shop"}' not in text
