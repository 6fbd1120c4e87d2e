"""Groups side by side, or one other writer alone; nobody waits for ever."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from orderwatch.journal.turn import Turn


async def step() -> None:
    """Let every other task go one step."""
    turn = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(turn.set_result, None)
    await turn


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 3)), max_size=15))
@settings(deadline=None)
def test_another_writer_is_always_alone_and_everybody_ends(plan):
    groups = others = ended = 0
    turn = Turn()

    async def group(delay: int, length: int) -> None:
        nonlocal groups, ended
        for _ in range(delay):
            await step()
        async with turn.group():
            groups += 1
            for _ in range(length):
                assert others == 0
                await step()
            groups -= 1
        ended += 1

    async def other(delay: int, length: int) -> None:
        nonlocal others, ended
        for _ in range(delay):
            await step()
        async with turn:
            others += 1
            for _ in range(length):
                assert (groups, others) == (0, 1)
                await step()
            others -= 1
        ended += 1

    async def everybody() -> None:
        async with asyncio.TaskGroup() as tasks:
            for is_other, delay, length in plan:
                tasks.create_task((other if is_other else group)(delay, length))

    asyncio.run(asyncio.wait_for(everybody(), 10))

    assert ended == len(plan)


async def test_who_stops_waiting_for_its_turn_leaves_the_way_free():
    turn = Turn()
    async with turn.group():
        waiting = asyncio.create_task(turn.__aenter__())
        await step()
        waiting.cancel()
        await asyncio.wait((waiting,))

    async with asyncio.timeout(1), turn, asyncio.timeout(1):
        pass
    async with asyncio.timeout(1), turn.group():
        pass
