"""Health and metrics over real HTTP, and what becomes of them when something is wrong."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from orderwatch.domain.people import Role
from orderwatch.kit.clock import SystemClock
from tests.set_clock import SetClock
from tests.web_server import WebServer, web_server


async def sample(server: WebServer, name: str) -> dict[str, float]:
    """Return the values of one metric by its labels."""
    text = (await server.call("GET", "/metrics", role=None)).text
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if line.startswith(name)]
    return {key.removeprefix(name): float(value) for key, value in lines if key.removeprefix(name)[:1] in {"", "{"}}


async def test_a_server_with_a_living_worker_is_ready(server: WebServer) -> None:
    await server.work()

    alive = await server.call("GET", "/healthz", role=None)
    ready = await server.call("GET", "/readyz", role=None)

    assert (alive.status_code, alive.json()["status"]) == (200, "ok")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert all(check["ok"] for check in ready.json()["checks"].values())


async def test_without_a_worker_it_is_not_ready_and_says_so(server: WebServer) -> None:
    ready = await server.call("GET", "/readyz", role=None)

    assert (ready.status_code, ready.json()["status"]) == (503, "not_ready")
    assert ready.json()["checks"]["worker"] == {"ok": False, "detail": "The worker has not started yet."}
    assert ready.json()["checks"]["journal"]["ok"] is True


async def test_a_receipt_that_waits_too_long_makes_it_not_ready(tmp_path: Path) -> None:
    clock = SetClock(SystemClock().now())
    clock.sleep = SystemClock().sleep  # The server's own tasks must not spin.
    async with web_server(tmp_path, clock=clock) as server:
        await server.work()
        await server.client.post("/webhook", json={"event_type": "order_created", "order_id": "A-1"})
        clock.time += timedelta(seconds=59)
        soon = (await server.call("GET", "/readyz", role=None)).json()
        clock.time += timedelta(seconds=1)
        late = (await server.call("GET", "/readyz", role=None)).json()

        assert soon["checks"]["backlog"]["ok"] is True
        assert late["checks"]["backlog"]["ok"] is False
        assert "60.0 s" in late["checks"]["backlog"]["detail"]
        assert await sample(server, "orderwatch_oldest_unprocessed_receipt_seconds") == {"": 60.0}


async def test_metrics_of_a_store_that_cannot_be_read_come_later(server: WebServer, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "state.sqlite", isolation_level=None)) as spoiler:
        spoiler.execute("ALTER TABLE order_counts RENAME TO lost")
        refused = await server.call("GET", "/metrics")
        spoiler.execute("ALTER TABLE lost RENAME TO order_counts")

    assert (refused.status_code, refused.json()["code"], refused.headers["retry-after"]) == (503, "unavailable", "2")
    assert (await server.call("GET", "/metrics")).status_code == 200


async def test_a_journal_that_cannot_commit_makes_it_not_ready_until_it_can(tmp_path: Path) -> None:
    clock = SetClock(SystemClock().now())
    clock.sleep = SystemClock().sleep
    async with web_server(tmp_path, clock=clock) as server:
        await server.work()
        spoiler = sqlite3.connect(tmp_path / "journal.sqlite", isolation_level=None)
        spoiler.execute("ALTER TABLE quarantine_dropped RENAME TO lost")
        broken = (await server.call("GET", "/readyz", role=None)).json()
        spoiler.execute("ALTER TABLE lost RENAME TO quarantine_dropped")
        spoiler.close()
        remembered = (await server.call("GET", "/readyz", role=None)).json()
        clock.time += timedelta(seconds=5)
        mended = (await server.call("GET", "/readyz", role=None)).json()

    assert (broken["status"], broken["checks"]["journal"]["ok"]) == ("not_ready", False)
    assert "no such table" in broken["checks"]["journal"]["detail"]
    assert remembered["checks"]["journal"]["ok"] is False
    assert mended["checks"]["journal"]["ok"] is True


async def test_metrics_count_what_came_and_what_became_of_it(server: WebServer) -> None:
    event = {"event_type": "order_created", "order_id": "A-1", "event_id": "ev-1"}
    await server.send(event, event)
    await server.client.post("/webhook", content=b"{", headers={"content-type": "application/json"})
    await server.client.post("/in/no-such-source", json=event)

    received = await sample(server, "orderwatch_receipts_total")

    assert received['{outcome="stored",source="default"}'] == 1
    assert received['{outcome="duplicate",source="default"}'] == 1
    assert received['{outcome="unreadable",source="default"}'] == 1
    assert not any("no-such-source" in labels for labels in received)
    assert await sample(server, "orderwatch_orders") == {'{status="created"}': 1}
    assert await sample(server, "orderwatch_notifications") == {'{status="pending"}': 2}
    assert await sample(server, "orderwatch_quarantine_requests") == {'{code="unreadable"}': 1}
    assert await sample(server, "orderwatch_unprocessed_receipts") == {"": 0}
    assert await sample(server, "orderwatch_stream_readers") == {"": 0}
    assert (await sample(server, "orderwatch_acknowledge_seconds_count"))[""] >= 3
    assert await sample(server, "orderwatch_journal_group_receipts_sum") == {"": 2}


async def test_metrics_need_a_token_where_others_can_reach_the_server(tmp_path: Path) -> None:
    async with web_server(tmp_path, host="0.0.0.0") as server:  # noqa: S104  (it listens on loopback all the same)
        without = await server.call("GET", "/metrics", role=None)
        with_token = await server.call("GET", "/metrics", role=Role.VIEWER)
        health = await server.call("GET", "/healthz", role=None)

    assert (without.status_code, with_token.status_code, health.status_code) == (401, 200, 200)


async def test_they_are_only_read(server: WebServer) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert (await server.call("POST", path)).status_code == 405
