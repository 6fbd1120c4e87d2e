"""The live stream over real HTTP."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from orderwatch.domain.people import Role
from tests.web_server import WebServer, web_server

Event = dict[str, Any]
COURIER = {"id": "c-1", "name": "Lee", "lat": 37.5, "lon": 127}


class Stream:
    """An open stream, read event by event."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def next(self, *wanted: str) -> Event:
        """Return the next event, or the next of those `wanted`."""
        event: Event = {}
        async for line in self._lines:
            if line and not line.startswith(":"):
                name, _, value = line.partition(": ")
                event[name] = json.loads(value) if name == "data" else value
            elif "data" in event and (not wanted or event["event"] in wanted):
                return event
            elif not line:
                event = {}
        raise EOFError

    async def until_id(self) -> list[Event]:
        """Return the events up to the next one with an id: a whole batch."""
        events = [await self.next("order", "notification", "snapshot")]
        while "id" not in events[-1]:
            events.append(await self.next("order", "notification"))
        return events


@asynccontextmanager
async def stream(server: WebServer, *, last: str | None = None, query: str = "") -> AsyncGenerator[Stream]:
    sent = {"Authorization": f"Bearer {server.tokens[Role.VIEWER]}"}
    sent |= {"Last-Event-ID": last} if last is not None else {}
    async with server.client.stream("GET", f"/api/v1/stream{query}", headers=sent) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        yield Stream(answer.aiter_lines())


def created(order_id: str, **more: Any) -> Event:
    return {"event_type": "order_created", "order_id": order_id, **more}


def order_ids(events: list[Event]) -> list[str]:
    return [event["data"]["order_id"] for event in events if event["event"] == "order"]


async def test_it_begins_with_all_that_a_board_shows(server: WebServer) -> None:
    await server.send(
        created("A-1", total="12.50", currency="KRW", customer={"name": "Kim Minsu"}),
        created("A-2"),
        {"event_type": "order_cancelled", "order_id": "A-2", "reason": "closed"},
        {
            "event_type": "courier_assigned",
            "order_id": "A-1",
            "courier": COURIER,
        },
    )

    async with stream(server) as reader:
        event = await reader.next()

    snapshot = event["data"]
    assert event["event"] == "snapshot"
    assert int(event["id"]) > 0
    (card,) = snapshot["open"]
    assert (card["order_id"], card["status"], card["open"], card["total"]) == ("A-1", "created", True, "12.50")
    assert card["courier"] == {"id": "c-1", "lat": 37.5, "lon": 127.0}
    assert [(done["order_id"], done["status"], done["reason"]) for done in snapshot["done"]] == [
        ("A-2", "cancelled", "closed")
    ]
    assert (snapshot["open_total"], snapshot["open_truncated"], snapshot["stats"]["open"]) == (1, False, 1)
    assert {notification["channel"] for notification in snapshot["notifications"]} == {"log", "browser"}
    assert "Kim" not in json.dumps(event)
    assert "Lee" not in json.dumps(event)


async def test_changes_follow_as_they_come(server: WebServer) -> None:
    async with stream(server) as reader:
        await reader.next("snapshot")

        await server.send(created("A-1"))
        first = await reader.until_id()
        await server.send({"event_type": "order_accepted", "order_id": "A-1"})
        second = await reader.until_id()

    assert order_ids(first) == ["A-1"]
    assert {event["data"]["kind"] for event in first if event["event"] == "notification"} == {"log", "browser"}
    assert [event["data"]["status"] for event in second] == ["accepted"]
    assert int(second[-1]["id"]) > int(first[-1]["id"])


async def test_who_comes_back_gets_what_was_missed_and_nothing_else(server: WebServer) -> None:
    await server.send(created("A-1"), created("A-2"))
    async with stream(server) as reader:
        last = (await reader.next("snapshot"))["id"]

    await server.send({"event_type": "order_accepted", "order_id": "A-1"}, created("A-3"))
    async with stream(server, last=last) as reader:
        resumed = await reader.next()
        missed = await reader.until_id()
    async with stream(server, query=f"?last_event_id={last}") as reader:
        again = [await reader.next(), *await reader.until_id()]

    assert (resumed["event"], resumed["data"]["after"]) == ("resumed", int(last))
    assert order_ids(missed) == ["A-1", "A-3"]
    assert [event["event"] for event in again][:1] == ["resumed"]
    assert order_ids(again) == ["A-1", "A-3"]


@pytest.mark.parametrize("last", ["999999999", "-1", "x", "1e9", "9" * 40, ""])
async def test_a_number_that_is_none_of_ours_gets_a_snapshot(server: WebServer, last: str) -> None:
    await server.send(created("A-1"))

    async with stream(server, last=last) as reader:
        assert (await reader.next())["event"] == "snapshot"


async def test_the_end_of_the_server_is_told_and_waits_for_no_reader(tmp_path: Path) -> None:
    async with web_server(tmp_path) as server, stream(server) as reader:
        await reader.next("snapshot")

        server.ending()

        assert (await reader.next("bye"))["data"] == {"reason": "shutdown"}
        with pytest.raises(EOFError):
            await reader.next()
        refused = await server.call("GET", "/api/v1/stream")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")


async def test_many_readers_get_the_same(server: WebServer) -> None:
    async def read() -> list[str]:
        async with stream(server) as reader:
            await reader.next("snapshot")
            ready.release()
            return order_ids(await reader.until_id())

    ready = asyncio.Semaphore(0)
    readers = [asyncio.ensure_future(read()) for _ in range(20)]
    for _ in readers:
        await ready.acquire()

    await server.send(created("A-1"))

    assert await asyncio.gather(*readers) == [["A-1"]] * 20


async def test_it_is_only_read(server: WebServer) -> None:
    answer = await server.call("POST", "/api/v1/stream")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
