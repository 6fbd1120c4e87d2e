"""Whoever reads the stream, whenever it came and however often it was cut off, ends up with the state as it is."""

import asyncio
import itertools
import json
from datetime import timedelta
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from orderwatch.live.follower import Follower
from orderwatch.live.hub import Hub, Reader
from orderwatch.live.opening import Openings
from orderwatch.live.ports import Board, ChangedOrder, Changes
from tests.set_clock import NOON, SetClock


async def one_turn() -> None:
    turn = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(turn.set_result, None)
    await turn


class State:
    """A state in memory: orders by id, each with the number of the transaction that last wrote it."""

    def __init__(self, delays: list[int]) -> None:
        self.number = 0
        self.orders: dict[str, tuple[int, int]] = {}
        self.gone: dict[str, int] = {}
        self.delays = itertools.cycle(delays)

    async def delay(self) -> None:
        for _ in range(next(self.delays)):
            await one_turn()

    def write(self, ids: set[str]) -> None:
        self.number += 1
        for ident in ids:
            self.orders[ident] = (self.number, self.number)

    def drop(self, ids: set[str]) -> None:
        self.number += 1
        for ident in ids & self.orders.keys():
            del self.orders[ident]
            self.gone[ident] = self.number

    async def latest(self) -> int:
        await self.delay()
        number = self.number
        await self.delay()  # The answer is on its way while others go on.
        return number

    async def after(self, number: int, *, limit: int) -> Changes | None:
        await self.delay()
        found = self._after(number, limit)
        await self.delay()
        return found

    async def board(self, *, most_open: int, latest: int) -> Board:
        await self.delay()
        orders = [self.order(ident) for ident in self.orders]
        found = Board(number=self.number, open=orders, open_total=len(orders), done=(), notifications=())
        await self.delay()
        return found

    def _after(self, number: int, limit: int) -> Changes | None:
        changed = sorted((written, ident) for ident, (written, _) in self.orders.items() if written > number)
        orders = [self.order(ident) for _, ident in changed]
        gone = [("s", ident) for ident, n in self.gone.items() if n > number and ident not in self.orders]
        if max(len(orders), len(gone)) > limit:
            return None
        return Changes(number=self.number, orders=orders, notifications=(), gone=gone)

    def order(self, ident: str) -> ChangedOrder:
        view = {"source": "s", "order_id": ident, "status": "ready", "status_since": NOON, "last_event_at": NOON}
        view["total"] = str(self.orders[ident][1])
        return ChangedOrder(view=msgspec.json.encode(view), open=True, first_receipt=1)


class Figures:
    async def stats(self, *, readers: int) -> bytes:
        return b'{"readers":%d}' % readers


class Quiet:
    """A bell that never rings: the tests take each turn themselves."""

    async def wait(self, seconds: float) -> None:
        raise AssertionError("only `run` waits")


def parse(data: bytes) -> list[dict[str, Any]]:
    events = []
    for block in data.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":"))
        if "data" in fields:
            events.append(fields | {"data": json.loads(fields["data"])})
    return events


class Page:
    """A browser: what it shows, and the last id it saw."""

    def __init__(self) -> None:
        self.shows: dict[str, str] = {}
        self.last: int | None = None

    def take(self, data: bytes) -> None:
        for event in parse(data):
            if event["event"] == "snapshot":
                self.shows = {card["order_id"]: card["total"] for card in event["data"]["open"]}
            elif event["event"] == "gone":
                self.shows.pop(event["data"]["order_id"], None)
            elif event["event"] == "order":
                card = event["data"]
                before = int(self.shows.get(card["order_id"], 0))
                assert int(card["total"]) >= before, "an order went back to what it was"
                self.shows[card["order_id"]] = card["total"]
            if "id" in event:
                self.last = int(event["id"])


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sets(st.sampled_from("abcdef"), min_size=1)),
        st.tuples(st.just("drop"), st.sets(st.sampled_from("abcdef"), min_size=1)),
        st.tuples(st.just("follow"), st.none()),
        st.tuples(st.just("open"), st.integers(0, 2)),
        st.tuples(st.just("read"), st.integers(0, 2)),
        st.tuples(st.just("cut"), st.integers(0, 2)),
    ),
    min_size=10,
    max_size=60,
)


@settings(max_examples=400, deadline=None)
@given(
    steps=STEPS,
    most_chunks=st.integers(1, 4),
    seconds=st.sampled_from([0.0, 2.0]),
    delays=st.lists(st.integers(0, 4), min_size=1, max_size=7),
)
def test_every_reader_ends_up_with_the_state_as_it_is(
    *, steps: list[tuple[str, Any]], most_chunks: int, seconds: float, delays: list[int]
) -> None:
    asyncio.run(follow_steps(steps, most_chunks=most_chunks, seconds=seconds, state=State(delays)))


class Visitors:
    """Three browsers, each with a stream that is opened, read and cut off."""

    def __init__(self, hub: Hub, openings: Openings) -> None:
        self.hub, self.openings = hub, openings
        self.pages = [Page() for _ in range(3)]
        self.streams: dict[int, tuple[Any, Reader]] = {}
        self.opening: set[int] = set()

    async def open(self, k: int) -> None:
        if k in self.streams or k in self.opening:
            return
        self.opening.add(k)
        interest = self.hub.interest()
        interest.__enter__()
        opening, reader = await self.openings.open(self.pages[k].last, dropped=lambda _: self.cut(k))
        self.pages[k].take(opening)
        self.streams[k] = (interest, reader)
        self.opening.remove(k)

    def cut(self, k: int) -> None:
        if k in self.streams:
            interest, reader = self.streams.pop(k)
            self.hub.leave(reader)
            interest.__exit__(None, None, None)

    async def read(self, k: int) -> None:
        if k in self.streams and self.streams[k][1].place != self.hub.end:
            reading = asyncio.ensure_future(self.streams[k][1].next())
            await asyncio.wait([reading], timeout=0)
            if reading.done() and not reading.exception():  # Else it was dropped in that very moment.
                self.pages[k].take(reading.result())
            reading.cancel()


async def follow_steps(steps: list[tuple[str, Any]], *, most_chunks: int, seconds: float, state: State) -> None:
    clock, hub = SetClock(), Hub(most_chunks=most_chunks)
    follower = Follower(state, Figures(), hub, clock=clock, bell=Quiet())
    visitors = Visitors(hub, Openings(state, Figures(), hub, clock=clock))
    following = asyncio.ensure_future(follower.turn())
    tasks: list[asyncio.Future[Any]] = []

    for kind, value in steps:
        clock.time += timedelta(seconds=seconds)
        if kind == "write":
            state.write(value)
        elif kind == "drop":
            state.drop(value)
        elif kind == "follow" and following.done():
            following = asyncio.ensure_future(follower.turn())
        elif kind == "open":
            tasks.append(asyncio.ensure_future(visitors.open(value)))
        elif kind == "read":
            await visitors.read(value)
        elif kind == "cut":
            visitors.cut(value)
        await one_turn()
    await asyncio.gather(following, *tasks)
    for _ in range(2):  # Who was too slow comes back in the second round.
        await asyncio.gather(*(visitors.open(k) for k in range(3)))
        await follower.turn()
        for k in range(3):
            await visitors.read(k)

    now = {ident: str(version) for ident, (_, version) in state.orders.items()}
    assert [page.shows for page in visitors.pages] == [now] * 3


async def test_the_figures_are_told_after_the_last_change_of_a_burst_too() -> None:
    state, hub, clock = State([0]), Hub(), SetClock()
    follower = Follower(state, Figures(), hub, clock=clock, bell=Quiet())
    with hub.interest():
        _, reader = await Openings(state, Figures(), hub, clock=clock).open(None, dropped=lambda _: None)
        state.write({"A"})
        await follower.turn()
        assert b"event: stats" not in await reader.next()

        clock.time += timedelta(seconds=2)
        await follower.turn()

        assert b"event: stats" in await reader.next()
