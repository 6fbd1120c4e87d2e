"""A part that fails is begun again, and one that has done its work is not."""

import asyncio

import pytest
from structlog.testing import capture_logs

from orderwatch.processes.lasting import lasting
from tests.set_clock import SetClock


async def test_a_part_that_fails_is_told_and_begun_again_until_it_returns():
    clock, begun = SetClock(), []

    async def part():
        begun.append(clock.monotonic())
        if len(begun) < 3:
            raise ZeroDivisionError("on purpose")

    with capture_logs() as said:
        await lasting("board", part, clock=clock)

    assert begun == [0, 1, 2]
    assert [(entry["part"], entry["log_level"]) for entry in said] == [("board", "error")] * 2


async def test_a_part_ends_when_it_is_cancelled():
    async def part():
        await asyncio.Event().wait()

    task = asyncio.create_task(lasting("board", part, clock=SetClock()))
    await asyncio.wait([task], timeout=0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
