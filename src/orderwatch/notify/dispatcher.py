"""Sends what is in the outbox: at least once, each channel at its own pace, with every try written down."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

import structlog

from orderwatch.domain.notifications import NotificationStatus, Outcome, Retry
from orderwatch.kit.claims import Claims, Want
from orderwatch.kit.clock import Clock
from orderwatch.notify.lane import Lane, Nobody
from orderwatch.notify.policy import RetryPolicy, Try, judge
from orderwatch.notify.ports import Due, Outbox, Result

__all__ = ["Dispatcher", "Lane"]

TRY_SECONDS = 45.0
CLAIM = timedelta(seconds=75)
"""How long a claimed notification is nobody else's: longer than a try and a short wait before it."""
_INLINE_CLAIM = timedelta(seconds=10)
_LONGEST_NAP = timedelta(seconds=30)
_SHORTEST_NAP_SECONDS = 0.01
_STOP_SECONDS = 2.0
_INLINE_STRIDE = 50
_NOBODY = Lane(sender=Nobody(), policy=RetryPolicy(lasts=timedelta(0)), concurrency=0)


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

    def __init__(
        self, outbox: Outbox, *, lanes: Callable[[], Awaitable[Mapping[str, Lane]]], clock: Clock, nap: Napper
    ) -> None:
        """Take the outbox; `lanes` gives the channels as they are registered now."""
        self._outbox = outbox
        self._registered = lanes
        self._lanes: Mapping[str, Lane] = {}
        self._clock = clock
        self._nap = nap
        self._jitter = Random()  # noqa: S311  (spreads retries, guards nothing)
        self._hands: defaultdict[str, Claims[Due]] = defaultdict(Claims)
        self._results: list[Result] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._strangers: list[str] = []
        self._known: frozenset[str] | None = None
        self._next_look = clock.now()
        self._next_due: datetime | None = None
        self._log = structlog.get_logger("notify")

    def poke(self) -> None:
        """Say that there may be something new in the outbox."""
        self._nap.set()

    async def run(self) -> None:
        """Send until cancelled. When the store does not answer, wait and go on: nothing is lost by it."""
        while True:
            try:
                if not await self.step():
                    await self._nap.wait(self._rest_seconds())
            except Exception as error:  # noqa: BLE001  (whatever fails here must not end the sending)
                self._log.error("outbox does not answer, trying again", error=str(error))
                await self._clock.sleep(1)

    async def step(self) -> bool:
        """Record what is finished and begin what is due; say whether there was anything."""
        now = self._clock.now()
        lanes = self._lanes = await self._all_lanes(now)
        results, self._results = self._results, []
        try:
            wants = await self._wants(lanes, now)
            if not results and not wants:
                return False
            claimed = await self._outbox.turn(results, wants=wants, now=now)
        except BaseException:
            self._results = results + self._results
            raise
        untils = {want.key: want.until for want in wants}
        for channel, dues in _by_channel(claimed):
            await self._begin(dues, lanes[channel], until=untils[channel])
        return True

    async def finish(self) -> None:
        """Begin nothing more, give the tries under way a moment, and record; for an orderly stop."""
        for hand in self._hands.values():
            hand.let_go()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_STOP_SECONDS)
        results, self._results = self._results, []
        if results:
            await self._outbox.turn(results, wants=(), now=self._clock.now())

    async def _all_lanes(self, now: datetime) -> Mapping[str, Lane]:
        """Return the registered lanes, and one that refuses for each channel that somebody still writes to."""
        lanes = await self._registered()
        known = frozenset(lanes)
        if known != self._known or now >= self._next_look:
            self._strangers = await self._outbox.strangers(sorted(known))
            self._known, self._next_look = known, now + _LONGEST_NAP
        return {**dict.fromkeys(self._strangers, _NOBODY), **lanes}

    async def _wants(self, lanes: Mapping[str, Lane], now: datetime) -> list[Want]:
        rooms = {name: lane.room(len(self._hands[name])) for name, lane in lanes.items()}
        due = await self._outbox.next_due([name for name, room in rooms.items() if room > 0])
        self._next_due = min((at for at in due.values() if at > now), default=None)
        return [
            Want(key=name, limit=rooms[name], until=now + (CLAIM if lanes[name].concurrency else _INLINE_CLAIM))
            for name, at in due.items()
            if at <= now
        ]

    async def _begin(self, dues: Sequence[Due], lane: Lane, *, until: datetime) -> None:
        if lane.concurrency == 0:
            await self._tell_here(dues, lane)
            return
        channel = dues[0].channel
        for due in dues:
            self._hands[channel].take(due.id, due, until=until)
        self._fill(channel, lane)

    async def _tell_here(self, dues: Sequence[Due], lane: Lane) -> None:
        # One moment for the whole batch: results that are alike are recorded by one statement.
        at = self._clock.now()
        for number, due in enumerate(dues, start=1):
            outcome = await self._outcome(due, lane)
            self._note(due, Try(outcome=outcome, at=at, took=timedelta(0)), lane.policy)
            if number % _INLINE_STRIDE == 0:
                await self._clock.sleep(0)

    def _fill(self, channel: str, lane: Lane) -> None:
        hand, needs = self._hands[channel], self._clock.now() + timedelta(seconds=TRY_SECONDS)
        while (due := hand.next(slots=lane.concurrency, needs=needs)) is not None:
            task = asyncio.create_task(self._in_lane(due, lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _in_lane(self, due: Due, lane: Lane) -> None:
        began = self._clock.monotonic()
        try:
            outcome = await self._outcome(due, lane)
            took = timedelta(seconds=self._clock.monotonic() - began)
            self._note(due, Try(outcome=outcome, at=self._clock.now(), took=took), lane.policy)
        finally:
            self._hands[due.channel].done(due.id)
            # By then the channel may have been changed, or be gone: then what waits is let go when its turn comes.
            self._fill(due.channel, self._lanes.get(due.channel, lane))
            self._nap.set()

    async def _outcome(self, due: Due, lane: Lane) -> Outcome:
        try:
            if lane.concurrency == 0:
                return await lane.sender.send(due)
            async with asyncio.timeout(TRY_SECONDS):
                return await lane.sender.send(due)
        except TimeoutError:
            return Retry(detail=f"no answer within {TRY_SECONDS:g} s")
        except Exception as error:  # noqa: BLE001  (a channel's fault is a failed try, whatever it is)
            return Retry(detail=f"{type(error).__name__}: {error}")

    def _note(self, due: Due, tried: Try, policy: RetryPolicy) -> None:
        result = judge(due, tried, policy, jitter=self._jitter)
        self._results.append(result)
        if result.status is NotificationStatus.FAILED:
            detail = result.attempts[-1].detail
            self._log.warning("notification failed", id=due.id, channel=due.channel, tries=result.tries, detail=detail)

    def _rest_seconds(self) -> float:
        if self._next_due is None:
            return _LONGEST_NAP.total_seconds()
        rest = min(self._next_due - self._clock.now(), _LONGEST_NAP).total_seconds()
        return max(rest, _SHORTEST_NAP_SECONDS)


def _by_channel(dues: Iterable[Due]) -> Iterable[tuple[str, list[Due]]]:
    grouped: dict[str, list[Due]] = {}
    for due in dues:
        grouped.setdefault(due.channel, []).append(due)
    return grouped.items()
