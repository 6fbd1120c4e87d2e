"""Drives the handler host: at least once, retried with backoff, then dead. Delays nothing else."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

import structlog

from orderwatch.domain.events import Event
from orderwatch.handlers import judging
from orderwatch.handlers.client import HostGone
from orderwatch.handlers.frames import Answer, Call
from orderwatch.handlers.judging import MOST_TRIES
from orderwatch.handlers.ports import Done, Failed, Run, RunStore
from orderwatch.handlers.registry import EVERYTHING
from orderwatch.handlers.slot import NotNow, Slot, TookTooLong
from orderwatch.kit.claims import Claims, Want
from orderwatch.kit.clock import Clock

__all__ = ["MOST_TRIES", "Runner"]

_CONCURRENCY = 4
"""Runs of one handler at a time, so that a slow one never takes the place of others."""
_IN_HAND = 200
_PATIENCE = timedelta(seconds=15)
"""How long a claimed run may wait for its turn."""
_ALONE_FOR = timedelta(minutes=10)
_LONGEST_NAP = timedelta(seconds=30)
_SHORTEST_NAP_SECONDS = 0.01
_STOP_SECONDS = 1.5


class Napper(Protocol):
    """Waits for news, or for a while."""

    def set(self) -> None:
        """Say that there is news."""
        ...

    async def wait(self, seconds: float) -> None:
        """Return on news, or after `seconds`."""
        ...


class Runner:
    """Claims due runs, has a host do them, and records how they went.

    There are two hosts. In the first many run at a time; when it dies, nobody knows of which. So those that ran then
    are tried one by one in the second, and a handler that ended a host stays there for a while.
    """

    def __init__(
        self,
        spec: str,
        runs: RunStore,
        *,
        clock: Clock,
        nap: Napper,
        default_channels: Callable[[], Sequence[str]],
        run_seconds: float = 60,
    ) -> None:
        """Take ``module:name`` and the runs; `default_channels` hear what a handler tells without naming a channel."""
        self._runs = runs
        self._clock = clock
        self._nap = nap
        self._default_channels = default_channels
        self._run_seconds = run_seconds
        self._together, self._alone = Slot(spec, clock=clock), Slot(spec, clock=clock)
        self._one_by_one = asyncio.Lock()
        self._alone_until: dict[str, datetime] = {}
        self._names: dict[str, list[str]] = {}
        self._handlers: list[str] = []
        self._hands: defaultdict[str, Claims[Run]] = defaultdict(Claims)
        self._results: list[Done | Failed] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._next_due: datetime | None = None
        self._next_look = clock.now()
        self._strangers: list[str] = []
        self._fault: str | None = None
        self._jitter = Random()  # noqa: S311  (spreads retries, guards nothing)
        self._log = structlog.get_logger("handlers")

    async def start(self) -> None:
        """Start the host, so that what is wrong with the user's module is told at once.

        Raises:
            BadSettings: it cannot be loaded.
        """
        host = await self._together.host()
        self._names = host.names_by_type
        self._handlers = sorted({name for names in self._names.values() for name in names})

    def poke(self) -> None:
        """Say that there may be something to run."""
        self._nap.set()

    def match(self, event: Event) -> Sequence[str]:
        """Return the names of the handlers that want `event`, each once."""
        everything = self._names.get(EVERYTHING, [])
        wanted = self._names.get(event.type.value)
        return list(dict.fromkeys([*wanted, *everything])) if wanted else everything

    async def run(self) -> None:
        """Work until cancelled. When the store does not answer, wait and go on."""
        while True:
            try:
                if not await self.step():
                    await self._nap.wait(self._rest_seconds())
            except Exception as error:  # noqa: BLE001  (whatever fails here must not end the handlers)
                self._log.error("handlers are held up, trying again", error=str(error))
                await self._clock.sleep(1)

    async def step(self) -> bool:
        """Record what has ended and begin what is due; say whether there was anything."""
        now = self._clock.now()
        results, self._results = self._results, []
        try:
            wants = await self._wants(now)
            if not results and not wants:
                return False
            claimed = await self._runs.turn(results, wants=wants, now=now)
        except BaseException:
            self._results = results + self._results
            raise
        untils = {want.key: want.until for want in wants}
        for run in claimed:
            self._hands[run.handler].take(run.id, run, until=untils[run.handler])
        for handler in untils:
            self._fill(handler)
        return True

    async def finish(self) -> None:
        """Wait until what was begun has ended."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def stop(self) -> None:
        """Begin nothing more, give what runs a moment, record, and end the hosts; the rest will be run again."""
        for hand in self._hands.values():
            hand.let_go()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_STOP_SECONDS)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._together.stop()
        await self._alone.stop()
        results, self._results = self._results, []
        if results:
            await self._runs.turn(results, wants=(), now=self._clock.now())

    async def _wants(self, now: datetime) -> list[Want]:
        if now >= self._next_look:
            self._strangers, self._next_look = await self._runs.strangers(self._handlers), now + _LONGEST_NAP
        rooms = {name: _IN_HAND - len(self._hands[name]) for name in (*self._handlers, *self._strangers)}
        due = await self._runs.next_due([name for name, room in rooms.items() if room > 0])
        self._next_due = min((at for at in due.values() if at > now), default=None)
        until = now + timedelta(seconds=self._run_seconds) + _PATIENCE
        return [Want(key=name, limit=rooms[name], until=until) for name, at in due.items() if at <= now]

    def _fill(self, handler: str) -> None:
        hand, needs = self._hands[handler], self._clock.now() + timedelta(seconds=self._run_seconds)
        while (run := hand.next(slots=_CONCURRENCY, needs=needs)) is not None:
            task = asyncio.create_task(self._in_hand(run))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _in_hand(self, run: Run) -> None:
        try:
            result = await self._do(run)
            # Not in one expression: the list may be another one by the time the run has ended.
            self._results.append(result)
        finally:
            self._hands[run.handler].done(run.id)
            self._fill(run.handler)
            self._nap.set()

    async def _do(self, run: Run) -> Done | Failed:
        if run.handler not in self._handlers:
            return judging.gone(run)
        call = Call(id=run.id, handler=run.handler, event=run.event, order=run.order)
        try:
            answer = await self._call(run, call)
        except NotNow as wait:
            self._say_why_not()
            return judging.again(run, at=wait.until)
        except TookTooLong:
            self._alone_until[run.handler] = self._clock.now() + _ALONE_FOR
            return self._failed(run, f"It took more than {self._run_seconds:g} s and was ended.")
        except HostGone as end:
            return judging.again(run, at=self._clock.now()) if end.on_purpose else self._failed(run, end.message)
        if answer.error is not None:
            return self._failed(run, answer.error)
        return judging.done(run, answer.notes, self._default_channels())

    async def _call(self, run: Run, call: Call) -> Answer:
        if not judging.is_suspect(run) and not self._must_be_alone(run.handler):
            return await self._together.call(call, seconds=self._run_seconds)
        async with self._one_by_one:
            try:
                return await self._alone.call(call, seconds=self._run_seconds)
            except HostGone:
                # It ran alone, so it was this one.
                self._alone_until[run.handler] = self._clock.now() + _ALONE_FOR
                raise

    def _must_be_alone(self, handler: str) -> bool:
        until = self._alone_until.get(handler)
        return until is not None and self._clock.now() < until

    def _failed(self, run: Run, error: str) -> Failed:
        result = judging.failed(run, error, now=self._clock.now(), jitter=self._jitter)
        last_line = error.strip().splitlines()[-1] if error.strip() else ""
        dead = result.due is None
        self._log.warning("handler failed", handler=run.handler, tries=result.tries, error=last_line, dead=dead)
        return result

    def _say_why_not(self) -> None:
        fault = self._together.fault or self._alone.fault
        if fault != self._fault:
            self._fault = fault
            self._log.error("handlers cannot be loaded, trying again", reason=fault)

    def _rest_seconds(self) -> float:
        if self._next_due is None:
            return _LONGEST_NAP.total_seconds()
        rest = min(self._next_due - self._clock.now(), _LONGEST_NAP).total_seconds()
        return max(rest, _SHORTEST_NAP_SECONDS)
