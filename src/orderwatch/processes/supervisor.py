"""Keeps the worker running beside the receiver: whatever happens to it, webhooks keep being taken."""

import asyncio
import contextlib
import os
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import Callable
from datetime import timedelta
from random import Random

import msgspec
import structlog

from orderwatch.config import Settings
from orderwatch.kit.backoff import backoff
from orderwatch.kit.clock import Clock
from orderwatch.processes.doorbell import Doorbell

_FIRST_WAIT = timedelta(milliseconds=200)
_LONGEST_WAIT = timedelta(seconds=10)
_STEADY_SECONDS = 60.0
_STOP_SECONDS = 6.0
_ONE_ARENA = {"MALLOC_ARENA_MAX": "1"}
"""glibc keeps memory apart for each thread otherwise; the worker's threads take turns, and it saves them 2 MB."""


class Supervisor:
    """Starts the worker, starts it again when it dies, and ends it with the receiver."""

    def __init__(self, settings: Settings, clock: Clock, *, python: str = sys.executable) -> None:
        """Take what the worker is told; `python` runs it."""
        self._settings = settings
        self._python = python
        self._clock = clock
        self.rung: Callable[[], None] = lambda: None
        """Called when the worker has changed the state."""
        self._log = structlog.get_logger("supervisor")
        self._process: Process | None = None
        self._doorbell: Doorbell | None = None
        self._stopping = False
        self.restarts = 0

    def ring(self) -> None:
        """Tell the worker that there are new receipts."""
        if self._doorbell is not None:
            self._doorbell.ring()

    @property
    def worker_pid(self) -> int | None:
        """Return the running worker's process id."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def run(self) -> None:
        """Keep a worker alive until `stop`."""
        jitter, failures = Random(), 0  # noqa: S311  (spreads restarts, guards nothing)
        while not self._stopping:
            began = self._clock.monotonic()
            try:
                code = await self._run_once()
            except (
                OSError
            ) as error:  # Too many files or processes, or no memory: that passes, and the worker is needed.
                code = str(error)
            if self._stopping:
                return
            self.restarts += 1
            failures = 1 if self._clock.monotonic() - began > _STEADY_SECONDS else failures + 1
            wait = backoff(failures, base=_FIRST_WAIT, cap=_LONGEST_WAIT, jitter=jitter)
            self._log.error("worker ended, starting it again", code=code, wait_seconds=round(wait.total_seconds(), 1))
            await self._clock.sleep(wait.total_seconds())

    def expect_end(self) -> None:
        """Start no worker any more: the server is ending."""
        self._stopping = True

    async def stop(self) -> None:
        """Ask the worker to finish what it holds; end it if it does not."""
        self._stopping = True
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _STOP_SECONDS)
        except TimeoutError:
            self._log.warning("worker did not end in time, killing it", pid=process.pid)
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def _changed(self) -> None:
        self.rung()

    async def _run_once(self) -> int:
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._process = process = await self._start(theirs)
            self._doorbell = doorbell = Doorbell(ours, rung=self._changed, gone=lambda: None)
            doorbell.listen()
            try:
                # By standard input, not as an argument: a database address holds a password.
                await process.communicate(msgspec.json.encode(self._settings))
            finally:
                self._doorbell = None
                doorbell.close()
        return process.returncode or 0

    async def _start(self, end: socket.socket) -> Process:
        return await asyncio.create_subprocess_exec(
            self._python,
            "-m",
            "orderwatch.processes.worker",
            str(end.fileno()),
            stdin=asyncio.subprocess.PIPE,
            pass_fds=[end.fileno()],
            env=_ONE_ARENA | os.environ,
        )
