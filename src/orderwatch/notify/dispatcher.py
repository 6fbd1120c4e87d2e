"""Sends what is in the outbox: at least once, each channel at its own pace, with every try written down."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from random import Random
from typing import Protocol

import structlog
from msgspec import Struct

from orderwatch.domain.notifications import Outcome, Rejected, Retry
from orderwatch.kit.clock import Clock
from orderwatch.notify.policy import RetryPolicy, Try, judge
from orderwatch.notify.ports import Due, Outbox, Result, Sender

CLAIM = timedelta(minutes=2)
"""How long a claimed notification is nobody else's: longer than any try may take."""
_TRY_SECONDS = 45.0
_CLAIM_LIMIT = 500
_LANE_LIMIT = 200
"""Claimed notifications a channel may hold; while it holds as many, no more are claimed for it."""
_LONGEST_NAP_SECONDS = 30.0


class Lane(Struct, frozen=True, kw_only=True):
    """One channel's sender, and how it is used."""

    sender: Sender
    policy: RetryPolicy
    concurrency: int = 4
    """Tries under way at a time; 0: at once, in the dispatcher's own turn, for channels that never wait."""


class Napper(Protocol):
    """Waits for news, or for a while."""

    def set(self) -> None:
        """Say that there is news."""
        ...

    async def wait(self, seconds: float) -> None:
        """Return on news, or after `seconds`."""
        ...


class Dispatcher:
    """Claims due notifications, hands them to their lanes, and records what came of them."""

    def __init__(self, outbox: Outbox, *, lanes: Callable[[], Mapping[str, Lane]], clock: Clock, nap: Napper) -> None:
        """Take the outbox; `lanes` gives the channels as they are registered now."""
        self._outbox = outbox
        self._lanes = lanes
        self._clock = clock
        self._nap = nap
        self._jitter = Random()  # noqa: S311  (spreads retries, guards nothing)
        self._held: dict[str, int] = {}
        self._slots: dict[str, asyncio.Semaphore] = {}
        self._results: list[Result] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._log = structlog.get_logger("notify")

    def poke(self) -> None:
        """Say that there may be something new in the outbox."""
        self._nap.set()

    async def run(self) -> None:
        """Send until cancelled. When the store does not answer, wait and go on: nothing is lost by it."""
        while True:
            try:
                if not await self.step():
                    await self._nap.wait(await self._rest_seconds())
            except Exception as error:  # noqa: BLE001  (whatever fails here must not end the sending)
                self._log.error("outbox does not answer, trying again", error=str(error))
                await self._clock.sleep(1)

    async def step(self) -> bool:
        """Record what is finished and begin what is due; say whether there was anything."""
        recorded = await self._record()
        now = self._clock.now()
        busy = [name for name, count in self._held.items() if count >= _LANE_LIMIT]
        claimed = await self._outbox.claim(now=now, until=now + CLAIM, limit=_CLAIM_LIMIT, without=busy)
        lanes = self._lanes()
        for due in claimed:
            await self._begin(due, lanes.get(due.channel))
        return bool(claimed) or recorded or bool(self._results)

    async def finish(self) -> None:
        """Wait for the tries under way and record them; for an orderly stop."""
        while self._tasks:
            await asyncio.wait(self._tasks)
        await self._record()

    async def _record(self) -> bool:
        results, self._results = self._results, []
        if not results:
            return False
        try:
            await self._outbox.record(results, now=self._clock.now())
        except BaseException:
            self._results = results + self._results
            raise
        return True

    async def _begin(self, due: Due, lane: Lane | None) -> None:
        if lane is None:
            gone = Rejected(detail=f"There is no channel “{due.channel}” any more, or it is switched off.")
            self._note(due, gone, RetryPolicy(lasts=timedelta(0)), began=self._clock.monotonic())
            return
        if lane.concurrency == 0:
            await self._try(due, lane)
            return
        self._held[due.channel] = self._held.get(due.channel, 0) + 1
        task = asyncio.create_task(self._in_lane(due, lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _in_lane(self, due: Due, lane: Lane) -> None:
        slots = self._slots.setdefault(due.channel, asyncio.Semaphore(lane.concurrency))
        try:
            async with slots:
                await self._try(due, lane)
        finally:
            self._held[due.channel] -= 1
            self._nap.set()

    async def _try(self, due: Due, lane: Lane) -> None:
        began = self._clock.monotonic()
        outcome: Outcome
        try:
            if lane.concurrency == 0:
                outcome = await lane.sender.send(due)
            else:
                async with asyncio.timeout(_TRY_SECONDS):
                    outcome = await lane.sender.send(due)
        except TimeoutError:
            outcome = Retry(detail=f"no answer within {_TRY_SECONDS:g} s")
        except Exception as error:  # noqa: BLE001  (a channel's fault is a failed try, whatever it is)
            outcome = Retry(detail=f"{type(error).__name__}: {error}"[:300])
        self._note(due, outcome, lane.policy, began=began)

    def _note(self, due: Due, outcome: Outcome, policy: RetryPolicy, *, began: float) -> None:
        took = timedelta(seconds=self._clock.monotonic() - began)
        tried = Try(outcome=outcome, at=self._clock.now(), took=took)
        self._results.append(judge(due, tried, policy, jitter=self._jitter))

    async def _rest_seconds(self) -> float:
        due = await self._outbox.next_due()
        if due is None:
            return _LONGEST_NAP_SECONDS
        return min(max((due - self._clock.now()).total_seconds(), 0.05), _LONGEST_NAP_SECONDS)
