"""The doorbell wakes the other side, and tells when it has gone."""

import asyncio
import socket

from orderwatch.kit.clock import SystemClock
from orderwatch.processes.doorbell import Doorbell, Wakeup


class Never(SystemClock):
    """A clock whose sleep ends only when it is cancelled."""

    async def sleep(self, seconds):
        await asyncio.Event().wait()


def pair():
    ours, theirs = socket.socketpair()
    rung, gone = asyncio.Event(), asyncio.Event()
    listening = Doorbell(ours, rung=rung.set, gone=gone.set)
    listening.listen()
    return listening, Doorbell(theirs, rung=lambda: None, gone=lambda: None), rung, gone


async def test_a_ring_is_heard():
    listening, ringing, rung, _ = pair()

    ringing.ring()

    await rung.wait()
    listening.close()
    ringing.close()


async def test_ringing_never_waits_however_often_it_is_not_heard():
    listening, ringing, rung, _ = pair()

    for _ in range(100_000):
        ringing.ring()

    await rung.wait()
    listening.close()
    ringing.close()


async def test_the_end_of_the_other_side_is_told_once():
    listening, ringing, _, gone = pair()

    ringing.close()

    await gone.wait()
    listening.close()


async def test_ringing_a_side_that_is_gone_does_no_harm():
    listening, ringing, _, gone = pair()
    ringing.close()
    await gone.wait()

    listening.ring()
    listening.close()


async def test_news_that_came_before_the_wait_is_not_lost():
    wakeup = Wakeup(Never())
    wakeup.set()

    await wakeup.wait(3600)


async def test_news_ends_a_wait():
    wakeup = Wakeup(Never())
    waiting = asyncio.ensure_future(wakeup.wait(3600))

    wakeup.set()

    await waiting
