"""Wires the receiver: what takes webhooks, answers the API and feeds the open streams."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TypedDict

from msgspec import Struct
from sqlalchemy.exc import SQLAlchemyError

from orderwatch import __version__
from orderwatch.config import Settings
from orderwatch.domain.errors import OrderwatchError
from orderwatch.intake.accept import Intake
from orderwatch.intake.keyring import Keyring
from orderwatch.intake.ports import KeyFetcher
from orderwatch.journal.appender import Appender
from orderwatch.journal.turn import Turn
from orderwatch.kit.clock import Clock
from orderwatch.live.follower import Follower
from orderwatch.live.hub import Hub
from orderwatch.live.opening import Openings
from orderwatch.orders.timeline import timeline
from orderwatch.processes.checked import CheckedChannels
from orderwatch.processes.doorbell import Wakeup
from orderwatch.processes.language import chosen_language
from orderwatch.processes.lasting import lasting
from orderwatch.processes.opening import Store
from orderwatch.processes.platform_keys import HttpKeyFetcher
from orderwatch.processes.registered import Announced, RegisteredCache
from orderwatch.providers.catalog import Catalog, open_catalog
from orderwatch.providers.platforms import platforms_of
from orderwatch.storage.probe import JournalProbe
from orderwatch.storage.quarantine import Bounds, QuarantineStore
from orderwatch.storage.reading.activity import ActivityReader
from orderwatch.storage.reading.changes import ChangeReader
from orderwatch.storage.reading.handlers import DeadRunReader
from orderwatch.storage.reading.health import HealthReader
from orderwatch.storage.reading.insights import StatsReader
from orderwatch.storage.reading.notifications import NotificationReader
from orderwatch.storage.reading.orders import OrderReader
from orderwatch.storage.reading.progress import ProgressReader
from orderwatch.storage.reading.quarantine import QuarantineReader
from orderwatch.storage.reading.receipts import ReceiptReader
from orderwatch.storage.reading.totals import TotalsReader
from orderwatch.web.api.parts import ApiParts
from orderwatch.web.api.shapes import ServerFacts
from orderwatch.web.asgi import App
from orderwatch.web.auth.cookies import SessionCookie
from orderwatch.web.auth.csrf import SiteGuard
from orderwatch.web.auth.guard import Guard
from orderwatch.web.auth.identify import Identifier
from orderwatch.web.auth.pace import Pace
from orderwatch.web.auth.proxies import Proxies
from orderwatch.web.deferred import Deferred
from orderwatch.web.direct import DirectIntake
from orderwatch.web.health import HealthApp
from orderwatch.web.intake import IntakeApp, Limits
from orderwatch.web.metrics import Metrics, MetricsApp
from orderwatch.web.page import PageApp
from orderwatch.web.receiver import Rooms, create_receiver
from orderwatch.web.resubmission import Resubmission
from orderwatch.web.stream import StreamApp

_REFRESH_SECONDS = 0.5


class Receiver(Struct, frozen=True, kw_only=True):
    """The wired receiver."""

    app: App
    taker: DirectIntake
    """Takes plain webhooks before `app` is asked."""
    state_changed: Callable[[], None]
    """To be called when the worker has changed the state."""
    ending: Callable[[], None]
    """To be called when the server is asked to end: open streams are told, and end."""
    drain: Callable[[], Awaitable[None]]
    """Returns when everything that was taken is on disk and answered."""


@asynccontextmanager
async def open_receiver(
    settings: Settings,
    store: Store,
    clock: Clock,
    *,
    ring: Callable[[], None],
    key_fetcher: KeyFetcher | None = None,
) -> AsyncGenerator[Receiver]:
    """Wire a receiver; `ring` tells the worker that there is something new.

    `key_fetcher` gets the keys that platforms publish; by HTTPS where none is given.
    """
    turn, metrics, bell, hub = Turn(), Metrics(), Wakeup(clock), Hub()
    registered = RegisteredCache(store.registry, clock=clock)
    await registered.refresh()
    appender = Appender(
        store.journal, max_pending=settings.max_pending, clock=clock, metrics=metrics, turn=turn, committed=ring
    )
    bounds = Bounds(
        rows=settings.quarantine_rows,
        bytes=settings.quarantine_bytes,
        age=timedelta(days=settings.quarantine_days),
    )
    quarantine = QuarantineStore(store.engines.journal, vault=store.vault, bounds=bounds, clock=clock, turn=turn)
    catalog = open_catalog(settings.providers)
    keyring = Keyring(key_fetcher or HttpKeyFetcher(allow_private=settings.allow_private_targets), clock=clock)
    stage = _stage(settings, catalog, keyring)
    webhooks = _Webhooks(registered, appender, quarantine, metrics, stage, catalog)
    stats, changes = StatsReader(store.engines, clock=clock), ChangeReader(store.engines)
    health = HealthReader(store.engines, clock=clock)
    identifier = _identifier(settings, store)
    taking = _taking(settings, webhooks, clock)
    rooms = Rooms(
        intake=IntakeApp(quarantine=quarantine, **taking),
        stream=StreamApp(
            hub=hub, openings=Openings(changes, stats, hub, clock=clock), identifier=identifier, clock=clock
        ),
        api=Proxies(settings.proxies).behind(
            Deferred(
                lambda: _make_api(
                    _api_parts(settings, store, webhooks, health, stats=stats, hub=hub, clock=clock),
                    Guard(
                        identifier, SiteGuard(settings.base_url), Pace(clock=clock, per_minute=settings.api_per_minute)
                    ),
                )
            )
        ),
        metrics=MetricsApp(
            metrics=metrics,
            health=health,
            totals=TotalsReader(store.engines, clock=clock),
            readers=hub,
            identifier=None if settings.is_loopback else identifier,
        ),
        health=HealthApp(
            probe=JournalProbe(store.engines.journal, clock=clock, turn=turn),
            progress=ProgressReader(store.engines, clock=clock),
            clock=clock,
            version=__version__,
        ),
        page=PageApp(),
    )

    async def drain() -> None:
        await appender.close()
        await quarantine.close()

    follower = Follower(changes, stats, hub, clock=clock, bell=bell)
    tasks = [
        asyncio.create_task(lasting("live", follower.run, clock=clock)),
        asyncio.create_task(lasting("registered", lambda: _keep_fresh(registered, clock), clock=clock)),
    ]
    try:
        yield Receiver(
            app=create_receiver(rooms),
            taker=DirectIntake(**taking),
            state_changed=bell.set,
            ending=hub.close,
            drain=drain,
        )
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(keyring.close(), *tasks, return_exceptions=True)


class _Webhooks(Struct, frozen=True):
    """What taking a webhook needs."""

    registered: RegisteredCache
    appender: Appender
    quarantine: QuarantineStore
    metrics: Metrics
    stage: Intake
    catalog: Catalog


def _identifier(settings: Settings, store: Store) -> Identifier:
    registry = store.registry
    cookie = SessionCookie(settings.base_url)
    return Identifier(tokens=registry.tokens, sessions=registry.sessions, cookie=cookie)


def _is_open(settings: Settings) -> bool:
    return settings.is_loopback if settings.open_webhook is None else settings.open_webhook


def _stage(settings: Settings, catalog: Catalog, keyring: Keyring) -> Intake:
    return Intake(
        providers=catalog.providers,
        doors=catalog.doors,
        public_url=settings.base_url,
        max_depth=settings.max_depth,
        keyring=keyring,
    )


class _Taking(TypedDict):
    intake: Intake
    sources: RegisteredCache
    writer: Appender
    metrics: Metrics
    limits: Limits
    clock: Clock


def _taking(settings: Settings, webhooks: _Webhooks, clock: Clock) -> _Taking:
    limits = Limits(
        max_body_bytes=settings.max_body_bytes,
        request_seconds=settings.request_seconds,
        open_default=_is_open(settings),
    )
    return {
        "intake": webhooks.stage,
        "sources": webhooks.registered,
        "writer": webhooks.appender,
        "metrics": webhooks.metrics,
        "limits": limits,
        "clock": clock,
    }


def _api_parts(
    settings: Settings,
    store: Store,
    webhooks: _Webhooks,
    health: HealthReader,
    *,
    stats: StatsReader,
    hub: Hub,
    clock: Clock,
) -> ApiParts:
    engines, registry = store.engines, store.registry
    return ApiParts(
        receipts=ReceiptReader(engines.journal),
        quarantine=QuarantineReader(engines),
        writer=webhooks.appender,
        resubmitter=Resubmission(
            intake=webhooks.stage,
            sources=webhooks.registered,
            writer=webhooks.appender,
            keeper=webhooks.quarantine,
            max_body_bytes=settings.max_body_bytes,
        ),
        orders=OrderReader(engines.state),
        timeline=timeline,
        notifications=NotificationReader(engines),
        dead_runs=DeadRunReader(engines.state),
        stats=stats,
        activity=ActivityReader(engines, clock=clock),
        health=health,
        worker=ProgressReader(engines, clock=clock),
        sources=Announced(registry.sources, webhooks.registered),
        channels=CheckedChannels(registry.channels, webhooks.registered),
        routes=Announced(registry.routes, webhooks.registered),
        users=registry.users,
        sessions=registry.sessions,
        tokens=registry.tokens,
        invites=registry.invites,
        commands=registry.commands,
        audit=registry.audit,
        platforms=platforms_of(webhooks.catalog.declared),
        generic=webhooks.catalog.providers["generic"],
        server=ServerFacts(
            version=__version__,
            base_url=settings.base_url,
            open_webhook=_is_open(settings),
            language=chosen_language(settings.language),
        ),
        readers=lambda: hub.interested,
        clock=clock,
    )


def _make_api(parts: ApiParts, guard: Guard) -> App:
    # Its framework costs 0.4 s and 20 MB: not before somebody asks.
    from orderwatch.web.api.app import create_api  # noqa: PLC0415

    return create_api(parts, guard)


async def _keep_fresh(registered: RegisteredCache, clock: Clock) -> None:
    """Read again what other processes have registered."""
    while True:
        await clock.sleep(_REFRESH_SECONDS)
        with contextlib.suppress(SQLAlchemyError, OrderwatchError, OSError):
            await registered.refresh()
