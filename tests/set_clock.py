"""A clock that tests set."""

import asyncio
from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 24, 12, 0, 30, tzinfo=UTC)


class SetClock:
    """Stands still but for `time` being set, and for sleeps, which pass at once."""

    def __init__(self, time: datetime = NOON) -> None:
        self.time = time
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return (self.time - NOON).total_seconds()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)
        turn = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(turn.set_result, None)
        await turn
