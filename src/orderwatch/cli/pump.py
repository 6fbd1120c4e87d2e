"""Sends many webhooks: at their times, over several kept connections, trying again while the server cannot."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime, timedelta
from random import Random

import httpx2
import msgspec
from msgspec import Struct

from orderwatch.cli.signing import Unsigned, sign
from orderwatch.cli.target import Target
from orderwatch.kit.backoff import backoff
from orderwatch.kit.clock import Clock
from orderwatch.simulate.webhook import Webhook, encode

_BUSY = frozenset({429, 503})
_FIRST_WAIT, _LONGEST_WAIT = timedelta(milliseconds=200), timedelta(seconds=10)
_PATIENCE_SECONDS = 180.0


class Tally(Struct, kw_only=True):
    """What became of what was sent."""

    ok: int = 0
    duplicates: int = 0
    """Of those: taken before."""
    refused: Counter[str] = msgspec.field(default_factory=Counter[str])
    """HTTP status and reason → how many."""
    failed: Counter[str] = msgspec.field(default_factory=Counter[str])
    """Why nobody answered, after all tries → how many."""
    retried: int = 0
    """Tries beyond the first."""
    seconds: float = 0.0
    waits: list[float] = []
    """Seconds to each answer that was good."""

    @property
    def sent(self) -> int:
        """Return how many webhooks came to an end, well or not."""
        return self.ok + self.refused.total() + self.failed.total()

    @property
    def is_clean(self) -> bool:
        """Say whether everything was taken."""
        return not self.refused and not self.failed

    def wait_ms(self, share: float) -> float | None:
        """Return the time to an answer below which `share` of the answers were, in milliseconds."""
        if not self.waits:
            return None
        waits = sorted(self.waits)
        return round(waits[min(int(len(waits) * share), len(waits) - 1)] * 1000, 1)


class Pump:
    """Sends webhooks to one target."""

    def __init__(self, client: httpx2.AsyncClient, target: Target, *, clock: Clock, jitter: Random) -> None:
        """Take an open client."""
        self._client = client
        self._target = target
        self._clock = clock
        self._jitter = jitter
        self._stopping = asyncio.Event()
        self.tally = Tally()

    def stop(self) -> None:
        """Send nothing more than what is under way."""
        self._stopping.set()

    async def run(
        self, webhooks: Iterable[Webhook], *, connections: int, paced: bool, done: Callable[[Webhook], None]
    ) -> Tally:
        """Send `webhooks` and return what became of them; when `paced`, each not before its time.

        `done` is called after each.
        """
        began = self._clock.monotonic()
        queue: asyncio.Queue[Webhook | None] = asyncio.Queue(maxsize=connections * 2)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(connections):
                tasks.create_task(self._work(queue, done))
            async for webhook in self._due(webhooks, paced=paced):
                await queue.put(webhook)
            for _ in range(connections):
                await queue.put(None)
        self.tally.seconds = self._clock.monotonic() - began
        return self.tally

    async def _due(self, webhooks: Iterable[Webhook], *, paced: bool) -> AsyncIterator[Webhook]:
        for webhook in webhooks:
            if paced:
                await self._wait_until(webhook.at)
            if self._stopping.is_set():
                return
            yield webhook

    async def _wait_until(self, moment: datetime) -> None:
        seconds = (moment - self._clock.now()).total_seconds()
        if seconds > 0:
            await self._pause(seconds)

    async def _pause(self, seconds: float) -> None:
        """Wait, but not when we are asked to stop."""
        nap = asyncio.ensure_future(self._clock.sleep(seconds))
        stop = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait((nap, stop), return_when=asyncio.FIRST_COMPLETED)
        finally:
            nap.cancel()
            stop.cancel()

    async def _work(self, queue: "asyncio.Queue[Webhook | None]", done: Callable[[Webhook], None]) -> None:
        while (webhook := await queue.get()) is not None:
            await self._send(webhook)
            done(webhook)

    async def _send(self, webhook: Webhook) -> None:
        body = encode(webhook.body)
        first, tries = self._clock.monotonic(), 0
        while True:
            began = self._clock.monotonic()
            outcome = await self._try(webhook, body)
            tries += 1
            if not isinstance(outcome, _Again):
                self._count(outcome, took=self._clock.monotonic() - began)
                return
            if self._stopping.is_set() or self._clock.monotonic() - first > _PATIENCE_SECONDS:
                self.tally.failed[outcome.reason] += 1
                return
            self.tally.retried += 1
            wait = backoff(tries, base=_FIRST_WAIT, cap=_LONGEST_WAIT, jitter=self._jitter).total_seconds()
            await self._pause(max(wait, outcome.after_seconds))

    async def _try(self, webhook: Webhook, body: bytes) -> "httpx2.Response | _Again":
        path = self._target.path(webhook.source)
        unsigned = Unsigned(
            body=body,
            event_id=webhook.event_id or "",
            url=self._target.base_url + path,
            seconds=int(self._clock.now().timestamp()),
        )
        headers = {"content-type": "application/json", **sign(self._target.sources[webhook.source], unsigned)}
        try:
            answer = await self._client.post(path, content=body, headers=headers)
        except httpx2.TransportError as error:
            return _Again(reason=f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)
        if answer.status_code in _BUSY:
            return _Again(reason=f"{answer.status_code} {answer.reason_phrase}", after_seconds=_retry_after(answer))
        return answer

    def _count(self, answer: httpx2.Response, *, took: float) -> None:
        if not answer.is_success:
            self.tally.refused[f"{answer.status_code} {reason_of(answer)}"] += 1
            return
        self.tally.ok += 1
        self.tally.waits.append(took)
        if b'"duplicate":true' in answer.content.replace(b" ", b""):
            self.tally.duplicates += 1


class _Again(Struct, frozen=True, kw_only=True):
    """It may work later."""

    reason: str
    after_seconds: float = 0.0


def reason_of(answer: httpx2.Response) -> str:
    """Return why a request was refused, in the server's words."""
    with contextlib.suppress(msgspec.DecodeError, AttributeError):
        problem = msgspec.json.decode(answer.content)
        return str(problem.get("detail") or problem.get("title") or answer.reason_phrase)
    return answer.reason_phrase


def _retry_after(answer: httpx2.Response) -> float:
    value = answer.headers.get("retry-after", "")
    return float(value) if value.isdigit() else 0.0
