"""Runs the demo: prepares a store, starts the server as a child, sends it traffic, and clears up."""

import asyncio
import contextlib
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Sequence
from pathlib import Path
from random import SystemRandom

import uvloop
from msgspec import Struct

from orderwatch.cli.looking import is_served
from orderwatch.cli.pump import Pump
from orderwatch.cli.sources_made import fresh_secret
from orderwatch.cli.store import BY
from orderwatch.cli.target import Target, open_client
from orderwatch.cli.terminal import Terminal
from orderwatch.config import Settings
from orderwatch.domain.errors import BadSettings, Conflict
from orderwatch.domain.notifications import Route
from orderwatch.domain.sources import Verification
from orderwatch.kit.clock import SystemClock
from orderwatch.processes.opening import open_store
from orderwatch.simulate.platforms import Platform, platforms
from orderwatch.simulate.show import Show, perform
from orderwatch.simulate.towns import TOWNS

_CONNECTIONS = 8
_LOOK_SECONDS = 0.1
_STOP_SECONDS = 12.0
# Not to the log: it would push the address of the page out of sight.
_ROUTES = (
    Route(name="new-orders", sources=("own-shop",), channels=("browser",)),
    Route(
        name="trouble",
        event_types=("order.cancelled", "order.rejected", "order.failed"),
        channels=("browser",),
    ),
)


class Stage(Struct, frozen=True, kw_only=True):
    """What the options say."""

    town: str
    seed: int
    speed: float
    config: Path | None


def run_demo(settings: Settings, stage: Stage, terminal: Terminal) -> int:
    """Serve and send until somebody ends it, and return the server's exit code.

    Raises:
        BadSettings: an option has a value that it cannot have.
    """
    if stage.town not in TOWNS:
        raise BadSettings([f"--town {stage.town}: there are {', '.join(TOWNS)}"])
    if settings.port == 0:
        raise BadSettings(["--port 0: the demo must know its port; take one such as 8000"])
    return uvloop.run(_run(settings, stage, terminal))


async def _run(settings: Settings, stage: Stage, terminal: Terminal) -> int:
    senders = platforms(_secrets())
    await _prepare(settings, senders)
    server = await _start(settings, stage)
    ended = asyncio.ensure_future(server.wait())
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, _end, server)
    traffic = asyncio.create_task(_send(settings, stage, senders, terminal))
    try:
        await asyncio.wait((ended, traffic), return_when=asyncio.FIRST_COMPLETED)
        if traffic.done() and not traffic.cancelled():
            traffic.result()
            terminal.note("The demo has told all it had; the server runs on.")
        return await ended
    finally:
        traffic.cancel()
        await asyncio.gather(traffic, return_exceptions=True)
        await _stop(server)


def _secrets() -> dict[str, str]:
    standard = fresh_secret(Verification.STANDARD_WEBHOOKS)
    return {
        "swift-table": standard,
        "magpie-eats": fresh_secret(Verification.HMAC),
        "own-shop": fresh_secret(Verification.TOKEN),
    }


async def _prepare(settings: Settings, senders: Sequence[Platform]) -> None:
    async with open_store(settings, SystemClock(), migrate=True) as store:
        sources, routes = store.registry.sources, store.registry.routes
        for sender in senders:
            try:
                await sources.create(sender.source, by=BY)
            except Conflict:
                await sources.replace(sender.source, by=BY)
        known = {route.name for route in await routes.specs()}
        for route in _ROUTES:
            await (routes.replace(route, by=BY) if route.name in known else routes.create(route, by=BY))


async def _start(settings: Settings, stage: Stage) -> Process:
    options = ["--host", settings.host, "--port", str(settings.port), "--data", settings.data]
    options += ["--config", str(stage.config)] if stage.config else []
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "orderwatch", "serve", *options)


async def _send(settings: Settings, stage: Stage, senders: Sequence[Platform], terminal: Terminal) -> None:
    clock = SystemClock()
    while not await is_served(settings.base_url):
        await clock.sleep(_LOOK_SECONDS)
    terminal.note("The demo begins: three platforms, a rush hour, some trouble. Everything in it is made up.")
    show = Show(town=TOWNS[stage.town], platforms=tuple(senders), seed=stage.seed, speed=stage.speed, day=clock.now())
    target = Target(base_url=settings.base_url, sources={sender.source.name: sender.source for sender in senders})
    async with open_client(settings.base_url, connections=_CONNECTIONS) as client:
        pump = Pump(client, target, clock=clock, jitter=SystemRandom())
        webhooks = perform(show, now=clock.now())
        await pump.run(webhooks, connections=_CONNECTIONS, paced=True, done=lambda _: None)


def _end(server: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        server.terminate()


async def _stop(server: Process) -> None:
    _end(server)
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await server.wait()
    except TimeoutError:
        server.kill()
        await server.wait()
