"""The worker's process: ``python -m orderwatch.processes.worker SOCKET``, its settings as JSON on standard input.

Follows the journal, sends notifications, runs handlers, carries out commands. Ends when the receiver is gone.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Coroutine
from datetime import timedelta

import msgspec
import structlog
import uvloop
from sqlalchemy.exc import SQLAlchemyError

from orderwatch.config import Settings
from orderwatch.domain.errors import OrderwatchError
from orderwatch.kit.clock import Clock, SystemClock
from orderwatch.processes.doorbell import Doorbell
from orderwatch.processes.lease import Lease
from orderwatch.processes.logs import configure
from orderwatch.processes.opening import open_store
from orderwatch.processes.wiring import Worker, open_worker, worker_lease
from orderwatch.storage.state.state import heartbeat

_HEARTBEAT_SECONDS = 5.0
_NICENESS = 10
_LEASE_SECONDS = 1.0
_PRUNE_SECONDS = 3600.0
_KEEP_NOTIFICATIONS = timedelta(days=30)


async def main(end: socket.socket, settings: Settings, clock: Clock) -> None:
    """Work until asked to end, or until the receiver is gone."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    # Ctrl-C reaches the whole group: the receiver ends first and then asks this process to.
    loop.add_signal_handler(signal.SIGINT, lambda: None)
    async with open_store(settings, clock, migrate=False) as store:
        lease = worker_lease(settings, store)
        # Listened to from the start: a worker that still waits for the lease must end with its receiver too.
        doorbell = Doorbell(end, rung=lambda: None, gone=stop.set)
        doorbell.listen()
        try:
            if not await _take(lease, stop, clock):
                return
            async with open_worker(settings, store, clock, committed=doorbell.ring) as worker:
                doorbell.rung = worker.news
                await _work(worker, lease, stop, clock)
        finally:
            await lease.release()


async def _take(lease: Lease, stop: asyncio.Event, clock: Clock) -> bool:
    log = structlog.get_logger("worker")
    said = False
    while not await lease.take():
        if not said:
            log.warning("another worker holds the lease, waiting for it")
            said = True
        await clock.sleep(_LEASE_SECONDS)
        if stop.is_set():
            return False
    return True


async def _work(worker: Worker, lease: Lease, stop: asyncio.Event, clock: Clock) -> None:
    parts: list[Coroutine[object, object, None]] = [
        worker.follower.run(worker.journal_news),
        worker.dispatcher.run(),
        worker.commands.run(),
        _beat(worker, lease, stop, clock),
        _prune(worker, clock),
    ]
    if worker.runner is not None:
        parts.append(worker.runner.run())
    tasks = [asyncio.create_task(part) for part in parts]
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in done - {stopping}:
        # A part that ended by itself has failed: the supervisor starts the worker anew.
        task.result()
    with contextlib.suppress(SQLAlchemyError, OrderwatchError, TimeoutError):
        async with asyncio.timeout(3):
            await worker.dispatcher.finish()


async def _beat(worker: Worker, lease: Lease, stop: asyncio.Event, clock: Clock) -> None:
    while True:
        if not await lease.holds():
            stop.set()
            return
        with contextlib.suppress(SQLAlchemyError, OSError):
            await heartbeat(worker.state, clock.now())
        await clock.sleep(_HEARTBEAT_SECONDS)


async def _prune(worker: Worker, clock: Clock) -> None:
    while True:
        await clock.sleep(_PRUNE_SECONDS)
        with contextlib.suppress(SQLAlchemyError, OSError):
            await worker.outbox.prune(before=clock.now() - _KEEP_NOTIFICATIONS)


def _run() -> None:
    settings = msgspec.json.decode(sys.stdin.buffer.read(), type=Settings)
    clock = SystemClock()
    configure(settings.log_format, clock)
    # Where both want the same core, taking webhooks goes first: what waits in the journal is safe.
    os.nice(_NICENESS)
    try:
        uvloop.run(main(socket.socket(fileno=int(sys.argv[1])), settings, clock))
    except OrderwatchError as error:
        structlog.get_logger("worker").error("worker cannot start", reason=error.message)
        sys.exit(1)


if __name__ == "__main__":
    _run()
