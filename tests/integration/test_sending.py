"""Sending many webhooks to a server that is well, busy, stubborn or gone."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

from orderwatch.cli.pump import Pump, Tally
from orderwatch.cli.target import Target, open_client
from orderwatch.domain.sources import Source, Token, Verification
from orderwatch.simulate.webhook import Webhook
from tests.listening import listening
from tests.set_clock import NOON, SetClock

OPEN = {"default": Source(name="default")}


def webhooks(count: int, *, source: str = "default", each: float = 0) -> list[Webhook]:
    return [
        Webhook(at=NOON + timedelta(seconds=n * each), source=source, body={"event_id": f"e{n}", "order_id": f"A-{n}"})
        for n in range(count)
    ]


async def send(url: str, sent: Sequence[Webhook], *, clock: SetClock | None = None, **more: Any) -> Tally:
    options: dict[str, Any] = {"connections": 3, "paced": False, "done": lambda _: None, "sources": OPEN, **more}
    target = Target(base_url=url, sources=options.pop("sources"))
    async with open_client(url, connections=3) as client:
        pump = Pump(client, target, clock=clock or SetClock(), jitter=Random(1))
        return await pump.run(sent, **options)


async def test_everything_is_sent_once_to_the_place_of_its_source() -> None:
    async with listening() as receiver:
        done: list[Webhook] = []
        tally = await send(receiver.url, webhooks(20), done=done.append)

    assert sorted(body for _, _, body in receiver.requests) == sorted(
        f'{{"event_id":"e{n}","order_id":"A-{n}"}}'.encode() for n in range(20)
    )
    assert {line for line, _, _ in receiver.requests} == {"POST /webhook HTTP/1.1"}
    assert (tally.ok, tally.sent, tally.is_clean, len(done)) == (20, 20, True, 20)


async def test_a_source_of_ones_own_is_sent_to_its_own_place_with_its_secret() -> None:
    shop = Source(name="shop", verification=Verification.TOKEN, secrets=("s3cret",), token=Token(prefix="Bearer "))
    async with listening() as receiver:
        await send(receiver.url, webhooks(1, source="shop"), sources={"shop": shop})

    line, headers, _ = receiver.requests[0]
    assert line == "POST /in/shop HTTP/1.1"
    assert headers["authorization"] == "Bearer s3cret"


async def test_a_busy_server_is_asked_again_after_as_long_as_it_wants() -> None:
    clock = SetClock()
    async with listening((503, {"Retry-After": "7"}), (429, {}), (200, {})) as receiver:
        tally = await send(receiver.url, webhooks(1), clock=clock)

    assert (tally.ok, tally.retried) == (1, 2)
    assert len({body for _, _, body in receiver.requests}) == 1
    assert clock.slept[0] == 7
    assert 0 < clock.slept[1] < 1


async def test_what_is_refused_is_counted_by_reason_and_not_sent_again() -> None:
    async with listening((400, {}), (200, {})) as receiver:
        tally = await send(receiver.url, webhooks(3), connections=1)

    assert (tally.ok, tally.refused.total(), tally.retried) == (2, 1, 0)
    assert not tally.is_clean
    assert "400" in next(iter(tally.refused))
    assert len(receiver.requests) == 3


async def test_a_server_that_is_gone_is_given_up_after_some_minutes() -> None:
    clock = SetClock()
    async with listening() as receiver:
        gone = receiver.url
    tally = await send(gone, webhooks(1), clock=clock)

    assert (tally.ok, tally.failed.total()) == (0, 1)
    assert tally.retried > 10
    assert sum(clock.slept) > 120


async def test_paced_webhooks_wait_for_their_time() -> None:
    clock = SetClock()
    async with listening() as receiver:
        await send(receiver.url, webhooks(4, each=10), clock=clock, paced=True, connections=1)

    assert clock.time >= NOON + timedelta(seconds=30)
    assert sum(clock.slept) >= 30


async def test_asked_to_stop_it_sends_no_more_and_sums_up_what_it_did() -> None:
    async with listening() as receiver, open_client(receiver.url, connections=1) as client:
        pump = Pump(client, Target(base_url=receiver.url, sources=OPEN), clock=SetClock(), jitter=Random(1))

        tally = await pump.run(webhooks(500), connections=1, paced=False, done=lambda _: pump.stop())

    assert 0 < tally.sent < 10
    assert len(receiver.requests) == tally.sent


async def test_a_stop_ends_even_a_long_wait() -> None:
    class SlowClock(SetClock):
        async def sleep(self, seconds: float) -> None:
            await asyncio.get_running_loop().create_future()

    async with listening() as receiver, open_client(receiver.url) as client:
        pump = Pump(client, Target(base_url=receiver.url, sources=OPEN), clock=SlowClock(), jitter=Random(1))
        running = asyncio.create_task(
            pump.run(webhooks(2, each=3600), connections=1, paced=True, done=lambda _: pump.stop())
        )

        tally = await running

    assert tally.sent == 1
