"""Drives the handler host: at least once, retried with backoff, then dead. Delays nothing else."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import Protocol

import structlog

from orderwatch.domain.events import Event
from orderwatch.domain.notifications import Draft, Message
from orderwatch.handlers.client import HostClient, HostGone, start_host
from orderwatch.handlers.frames import Answer, Call, Note
from orderwatch.handlers.ports import Run, RunStore
from orderwatch.handlers.registry import EVERYTHING
from orderwatch.kit.backoff import backoff
from orderwatch.kit.clock import Clock

MOST_TRIES = 8
_FIRST_WAIT = timedelta(seconds=1)
_LONGEST_WAIT = timedelta(minutes=10)
_CONCURRENCY = 16
_LONGEST_NAP_SECONDS = 30.0


class Napper(Protocol):
    """Waits for news, or for a while."""

    def set(self) -> None:
        """Say that there is news."""
        ...

    async def wait(self, seconds: float) -> None:
        """Return on news, or after `seconds`."""
        ...


class Runner:
    """Claims due runs, has the host do them, and records how they went."""

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
        self._spec = spec
        self._runs = runs
        self._clock = clock
        self._nap = nap
        self._default_channels = default_channels
        self._run_seconds = run_seconds
        self._host: HostClient | None = None
        self._starting = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._jitter = Random()  # noqa: S311  (spreads retries, guards nothing)
        self._log = structlog.get_logger("handlers")
        self._names: dict[str, list[str]] = {}

    async def start(self) -> None:
        """Start the host, so that what is wrong with the user's module is told at once.

        Raises:
            BadSettings: it cannot be loaded.
        """
        await self._running_host()

    def poke(self) -> None:
        """Say that there may be something to run."""
        self._nap.set()

    def match(self, event: Event) -> list[str]:
        """Return the names of the handlers that want `event`."""
        return [*self._names.get(event.type.value, ()), *self._names.get(EVERYTHING, ())]

    async def run(self) -> None:
        """Work until cancelled. When the store does not answer, wait and go on."""
        while True:
            try:
                if not await self.step():
                    await self._nap.wait(await self._rest_seconds())
            except Exception as error:  # noqa: BLE001  (whatever fails here must not end the handlers)
                self._log.error("handlers are held up, trying again", error=str(error))
                await self._clock.sleep(1)

    async def step(self) -> bool:
        """Begin what is due, as far as there is room; say whether anything was begun."""
        room = _CONCURRENCY - len(self._tasks)
        if room <= 0:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            return True
        now = self._clock.now()
        until = now + timedelta(seconds=self._run_seconds + 30)
        claimed = await self._runs.claim(now=now, until=until, limit=room)
        for run in claimed:
            task = asyncio.create_task(self._do(run))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return bool(claimed)

    async def finish(self) -> None:
        """Wait until what was begun has ended."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def stop(self) -> None:
        """End the host; runs under way will be run again."""
        for task in self._tasks:
            task.cancel()
        if self._host is not None:
            await self._host.stop()
            self._host = None

    async def _do(self, run: Run) -> None:
        try:
            answer = await self._call(run)
        except (HostGone, TimeoutError) as error:
            said = str(error) or f"It took more than {self._run_seconds:g} s and was ended."
            answer = Answer(id=run.id, error=said)
        if answer.error is None:
            await self._runs.succeed(run, self._drafts(run, answer.notes), now=self._clock.now())
        else:
            await self._failed(run, answer.error)
        self._nap.set()

    async def _call(self, run: Run) -> Answer:
        host = await self._running_host()
        call = Call(id=run.id, handler=run.handler, event=run.event, order=run.order)
        try:
            async with asyncio.timeout(self._run_seconds):
                return await host.call(call)
        except TimeoutError:
            # A thread cannot be stopped: the host goes as a whole. What else it ran is run again.
            await host.stop()
            raise

    async def _failed(self, run: Run, error: str) -> None:
        tries = run.tries + 1
        wait = backoff(tries, base=_FIRST_WAIT, cap=_LONGEST_WAIT, jitter=self._jitter)
        due = None if tries >= MOST_TRIES else self._clock.now() + wait
        last_line = error.strip().splitlines()[-1] if error.strip() else ""
        self._log.warning("handler failed", handler=run.handler, tries=tries, error=last_line, dead=due is None)
        await self._runs.fail(run, error, due=due)

    async def _running_host(self) -> HostClient:
        async with self._starting:
            if self._host is None or not self._host.is_alive:
                if self._host is not None:
                    await self._host.stop()
                self._host = await start_host(self._spec)
                self._names = self._host.names_by_type
            return self._host

    def _drafts(self, run: Run, notes: Sequence[Note]) -> list[Draft]:
        return [
            Draft(
                cause=f"handler:{run.handler}:{run.event.key}:{number}",
                channel=channel,
                route=None,
                message=Message(
                    title=note.title or note.text,
                    text=note.text,
                    payload={"type": "handler.note", "handler": run.handler, "event": run.event.type.value},
                ),
                source=run.event.source,
                order_id=run.event.order_id,
            )
            for number, note in enumerate(notes)
            for channel in ([note.channel] if note.channel else self._default_channels())
        ]

    async def _rest_seconds(self) -> float:
        due = await self._runs.next_due()
        if due is None:
            return _LONGEST_NAP_SECONDS
        return min(max((due - self._clock.now()).total_seconds(), 0.05), _LONGEST_NAP_SECONDS)
