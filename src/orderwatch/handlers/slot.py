"""A place for one host: it is started when there is something to run, and again when it is gone."""

import asyncio
from datetime import datetime, timedelta
from random import Random

from orderwatch.domain.errors import BadSettings
from orderwatch.handlers.client import HostClient, start_host
from orderwatch.handlers.frames import Answer, Call
from orderwatch.kit.backoff import backoff
from orderwatch.kit.clock import Clock

_FIRST_WAIT = timedelta(seconds=1)
_LONGEST_WAIT = timedelta(minutes=1)


class NotNow(Exception):
    """No host can be started at present; try again at `until`."""

    def __init__(self, until: datetime) -> None:
        """Take when to try again."""
        super().__init__(until)
        self.until = until


class TookTooLong(Exception):
    """The call was not answered in time; the host was ended."""


class Slot:
    """Holds one host at a time."""

    def __init__(self, spec: str, *, clock: Clock) -> None:
        """Take ``module:name``; nothing is started yet."""
        self._spec = spec
        self._clock = clock
        self._host: HostClient | None = None
        self._starting = asyncio.Lock()
        self._failures = 0
        self._not_before: datetime | None = None
        self._jitter = Random()  # noqa: S311  (spreads starts, guards nothing)
        self.fault: str | None = None
        """Why the last start failed."""

    async def host(self) -> HostClient:
        """Return the running host; start one if there is none.

        Raises:
            NotNow: it was started in vain a moment ago.
            BadSettings: it cannot be started.
        """
        async with self._starting:
            if self._host is not None and self._host.is_alive:
                return self._host
            if self._not_before is not None and self._clock.now() < self._not_before:
                raise NotNow(self._not_before)
            return await self._start()

    async def call(self, call: Call, *, seconds: float) -> Answer:
        """Run a handler.

        Raises:
            TookTooLong: it did not answer in time. A thread cannot be stopped, so the host was ended as a whole.
            HostGone: the host ended meanwhile.
            NotNow: no host can be started at present.
        """
        try:
            host = await self.host()
        except BadSettings:
            raise NotNow(self._not_before or self._clock.now()) from None
        try:
            async with asyncio.timeout(seconds):
                return await host.call(call)
        except TimeoutError:
            await host.stop()
            raise TookTooLong from None

    async def stop(self) -> None:
        """End the host, if there is one."""
        host, self._host = self._host, None
        if host is not None:
            await host.stop()

    async def _start(self) -> HostClient:
        try:
            self._host = await start_host(self._spec)
        except BadSettings as error:
            self._failures += 1
            wait = backoff(self._failures, base=_FIRST_WAIT, cap=_LONGEST_WAIT, jitter=self._jitter)
            self._not_before, self.fault = self._clock.now() + wait, error.message
            raise
        self._failures, self._not_before, self.fault = 0, None, None
        return self._host
