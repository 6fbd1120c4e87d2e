"""Wires the parts together and runs them: the one place that knows all of them."""

import asyncio
import contextlib
import sys
from collections.abc import Callable

import msgspec
import structlog
import uvloop

from orderwatch.config import Settings
from orderwatch.domain.errors import BadSettings
from orderwatch.domain.people import Role
from orderwatch.handlers.client import start_host
from orderwatch.kit.clock import Clock, SystemClock
from orderwatch.processes.banner import banner
from orderwatch.processes.language import chosen_language
from orderwatch.processes.lasting import lasting
from orderwatch.processes.lease import FileLease
from orderwatch.processes.logs import configure
from orderwatch.processes.opening import Store, begin_state, open_store
from orderwatch.processes.receiver import open_receiver
from orderwatch.processes.server import bind, make_server
from orderwatch.processes.supervisor import Supervisor
from orderwatch.storage.state.state import JOURNAL
from orderwatch.web.direct_protocol import direct_protocol

_SWITCH_SECONDS = 0.0005
"""How long a thread may keep the interpreter: the journal's thread must not hold up the event loop (ADR 2)."""


def serve(settings: Settings) -> int:
    """Run the server until it is asked to end; return the exit code.

    Raises:
        BadSettings: it cannot start; nothing was changed.
    """
    clock = SystemClock()
    configure(settings.log_format, clock)
    sys.setswitchinterval(_SWITCH_SECONDS)
    uvloop.run(_serve(settings, clock))
    return 0


async def _serve(settings: Settings, clock: Clock) -> None:
    lease = FileLease(settings.folder / "serve.lock")
    if not await lease.take():
        holder = lease.holder()
        raise BadSettings([f"another Orderwatch (process {holder}) serves the folder {settings.folder} already"])
    try:
        listener = bind(settings)
        if settings.handlers:
            await _try_handlers(settings.handlers)
        async with open_store(settings, clock, migrate=True) as store:
            await begin_state(store)
            supervisor = Supervisor(settings, clock)
            async with open_receiver(settings, store, clock, ring=supervisor.ring) as receiver:
                supervisor.rung = receiver.state_changed

                def ending() -> None:
                    # A signal reaches the whole group: the worker may be gone before this process has finished.
                    supervisor.expect_end()
                    receiver.ending()

                protocol = direct_protocol(settings.request_seconds, receiver.taker)
                server = make_server(receiver.app, protocol=protocol, ending=ending)
                worker = asyncio.create_task(lasting("supervisor", supervisor.run, clock=clock))
                await _greet(settings, store)
                await server.serve(sockets=[listener])
                await receiver.drain()
                await supervisor.stop()
                worker.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await worker
    finally:
        await lease.release()


async def _try_handlers(spec: str) -> None:
    """Load the user's handlers once, so that what is wrong with them is told before anything is served."""
    host = await start_host(spec)
    await host.stop()


async def _greet(settings: Settings, store: Store) -> None:
    invite = None
    if not await store.registry.users.list():
        invite = (await store.registry.invites.create(Role.ADMIN, by="serve")).secret
    is_open = settings.is_loopback if settings.open_webhook is None else settings.open_webhook
    text = banner(
        base_url=settings.base_url,
        invite=f"{settings.base_url}/login?invite={invite}" if invite else None,
        is_open=is_open,
        language=chosen_language(settings.language),
    )
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def rebuild(settings: Settings, progress: Callable[[int, int], None]) -> int:
    """Make the state anew from the journal, telling nobody; return how many receipts that were.

    `progress` is called with receipts done and receipts in all. May be broken off: the next worker goes on with it.

    Raises:
        BadSettings: a server is running on this store; it must be stopped first.
    """
    configure(settings.log_format, SystemClock())
    return uvloop.run(_rebuild(settings, progress))


async def _rebuild(settings: Settings, progress: Callable[[int, int], None]) -> int:
    # What only the worker needs would make every start of the server slower.
    from orderwatch.processes.wiring import open_worker, worker_lease  # noqa: PLC0415

    clock = SystemClock()
    async with open_store(settings, clock, migrate=True) as store:
        lease = worker_lease(settings, store)
        if not await lease.take():
            raise BadSettings(["a server is running on this store; stop it, rebuild, and start it again"])
        try:
            async with open_worker(without_handlers(settings), store, clock, committed=lambda: None) as worker:
                done, last = 0, await store.journal.last_position()
                await worker.state.reset(quiet_until=last)
                while await worker.follower.step():
                    done = await worker.state.mark(JOURNAL)
                    progress(done, last)
                structlog.get_logger("rebuild").info("state made anew", receipts=done)
                return done
        finally:
            await lease.release()


def without_handlers(settings: Settings) -> Settings:
    """Return the settings without the user's handlers, which a rebuild must not run."""
    return msgspec.structs.replace(settings, handlers=None)
