"""Wires the worker's parts together."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from msgspec import Struct

from orderwatch.config import Settings
from orderwatch.handlers.runner import Runner
from orderwatch.kit.clock import Clock
from orderwatch.notify.dispatcher import Dispatcher
from orderwatch.processes.commands import CommandFollower
from orderwatch.processes.doorbell import Wakeup
from orderwatch.processes.follower import Follower
from orderwatch.processes.lanes import Lanes
from orderwatch.processes.language import chosen_language
from orderwatch.processes.lease import FileLease, Lease, PostgresLease
from orderwatch.processes.opening import Store
from orderwatch.processes.pipelines import Pipelines
from orderwatch.processes.registered import RegisteredCache
from orderwatch.storage.handler_runs import HandlerRunStore
from orderwatch.storage.outbox import OutboxStore
from orderwatch.storage.reading.receipts import ReceiptReader
from orderwatch.storage.state.state import StateStore
from orderwatch.storage.state_writer import StateWriter

_POSTGRES_LEASE = 0x6F77_776B


class Worker(Struct, frozen=True, kw_only=True):
    """The worker's parts."""

    follower: Follower
    dispatcher: Dispatcher
    runner: Runner | None
    commands: CommandFollower
    state: StateStore
    outbox: OutboxStore
    journal_news: Wakeup

    def news(self) -> None:
        """Look at the store: the receiver rang."""
        self.journal_news.set()
        self.commands.poke()


@asynccontextmanager
async def open_worker(
    settings: Settings, store: Store, clock: Clock, *, committed: Callable[[], None]
) -> AsyncGenerator[Worker]:
    """Wire a worker; the handlers' host ends with it. `committed` is called after each change of the state.

    Raises:
        BadSettings: the handlers cannot be loaded.
    """
    outbox_news, handler_news = Wakeup(clock), Wakeup(clock)

    def after_commit() -> None:
        outbox_news.set()
        handler_news.set()
        committed()

    engine = store.engines.state
    writer = StateWriter(engine, committed=after_commit)
    outbox = OutboxStore(engine, writer)
    runs = HandlerRunStore(engine, writer, outbox=outbox)
    state = StateStore(engine, writer, outbox=outbox, runs=runs)
    registered = RegisteredCache(store.registry, clock=clock)
    await registered.refresh()
    lanes = Lanes(registered, settings=settings, clock=clock)
    language = chosen_language(settings.language)
    runner = await _runner(settings, runs, lanes, clock, handler_news)
    pipelines = Pipelines(
        registered, settings=settings, language=language, match=runner.match if runner else lambda _: ()
    )
    follower = Follower(
        journal=store.journal,
        receipts=ReceiptReader(store.engines.journal),
        state=state,
        pipeline=pipelines.current,
        clock=clock,
    )
    commands = CommandFollower(
        store.registry.commands, state=state, outbox=outbox, runs=runs, clock=clock, language=language
    )
    try:
        yield Worker(
            follower=follower,
            dispatcher=Dispatcher(outbox, lanes=lanes.current, clock=clock, nap=outbox_news),
            runner=runner,
            commands=commands,
            state=state,
            outbox=outbox,
            journal_news=Wakeup(clock),
        )
    finally:
        if runner is not None:
            await runner.stop()


async def _runner(settings: Settings, runs: HandlerRunStore, lanes: Lanes, clock: Clock, nap: Wakeup) -> Runner | None:
    if not settings.handlers:
        return None
    runner = Runner(settings.handlers, runs, clock=clock, nap=nap, default_channels=lanes.default_channels)
    await runner.start()
    return runner


def worker_lease(settings: Settings, store: Store) -> Lease:
    """Return the right to be the one worker of the store."""
    if settings.database:
        return PostgresLease(store.engines.state, _POSTGRES_LEASE)
    return FileLease(settings.folder / "worker.lock")
