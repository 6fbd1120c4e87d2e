"""A clock that moves only when a test moves it; whoever sleeps on it wakes when its time has come."""

import asyncio
from datetime import datetime, timedelta

from tests.set_clock import NOON


class FakeClock:
    """`advance` moves the time and wakes sleepers; `asleep` waits until somebody sleeps (again)."""

    def __init__(self, time: datetime = NOON) -> None:
        self.time = time
        self._began = time
        self._sleepers: dict[asyncio.Future[None], datetime] = {}
        self._somebody_sleeps = asyncio.Event()

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return (self.time - self._began).total_seconds()

    async def sleep(self, seconds: float) -> None:
        waking: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if seconds <= 0:
            asyncio.get_running_loop().call_soon(waking.set_result, None)
        else:
            self._sleepers[waking] = self.time + timedelta(seconds=seconds)
            self._somebody_sleeps.set()
        try:
            await waking
        finally:
            self._sleepers.pop(waking, None)

    def advance(self, **by: float) -> None:
        """Move on by a `timedelta`'s arguments."""
        self.time += timedelta(**by)
        for waking, at in list(self._sleepers.items()):
            if at <= self.time:
                del self._sleepers[waking]
                waking.set_result(None)
        if not self._sleepers:
            self._somebody_sleeps.clear()

    async def asleep(self) -> None:
        """Return once somebody sleeps on this clock."""
        while not self._sleepers:
            self._somebody_sleeps.clear()
            await self._somebody_sleeps.wait()

    @property
    def next_waking(self) -> datetime:
        """Return when the first sleeper wakes."""
        return min(self._sleepers.values())
