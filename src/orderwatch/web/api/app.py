"""Puts the API together."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.telemetry import TelemetryConfig
from starlette.responses import Response

from orderwatch.domain.health import SourceHealth
from orderwatch.domain.notifications import Channel, Route
from orderwatch.domain.sources import Source
from orderwatch.domain.stats import Activity
from orderwatch.web.api.answers import answer
from orderwatch.web.api.commands import CommandParts, handlers_router, notifications_router
from orderwatch.web.api.describing import Described
from orderwatch.web.api.failing import install_problems
from orderwatch.web.api.health import health_router
from orderwatch.web.api.insights import insights_router
from orderwatch.web.api.mapping import mapping_router
from orderwatch.web.api.orders import OrderParts, orders_router
from orderwatch.web.api.parts import ApiParts
from orderwatch.web.api.people import PeopleParts, tokens_router, users_router
from orderwatch.web.api.providers import providers_router
from orderwatch.web.api.quarantine import QuarantineParts, quarantine_router
from orderwatch.web.api.receipts import ReceiptParts, receipts_router
from orderwatch.web.api.registered import Beside, Kind, nothing_beside, registered_router
from orderwatch.web.api.session import SessionParts, me_router, session_router
from orderwatch.web.api.shapes import ChannelShape, RouteShape, SourceShape
from orderwatch.web.auth.failures import Failures
from orderwatch.web.auth.guard import Guard

# Ours are web.metrics; and nothing of a request may leave the machine because a variable happens to be set.
_NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}


def create_api(parts: ApiParts, guard: Guard) -> FastAPI:
    """Return the API as an ASGI application; `guard` decides who may ask."""
    described = Described()
    api = FastAPI(
        title="Orderwatch",
        version=parts.server.version,
        description="Watches a delivery business through the webhooks that its platforms send. See docs/api.md.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        telemetry=_NO_TELEMETRY,
    )
    install_problems(api)
    session = _session_parts(parts)
    receipts = ReceiptParts(parts.receipts, parts.writer, parts.audit, parts.clock)
    commands = CommandParts(parts.notifications, parts.dead_runs, parts.channels, parts.commands, parts.worker)
    people = PeopleParts(parts.users, parts.tokens, parts.invites, parts.audit, parts.server.base_url)
    sources = Kind("sources", Source, SourceShape, parts.sources, _beside_sources(parts))
    for router in (
        session_router(session, guard, described),
        me_router(session, guard, described),
        orders_router(OrderParts(parts.orders, parts.notifications, parts.timeline, parts.audit), guard, described),
        receipts_router(receipts, guard, described),
        quarantine_router(QuarantineParts(parts.quarantine, parts.resubmitter, receipts), guard, described),
        notifications_router(commands, guard, described),
        handlers_router(commands, guard, described),
        providers_router(parts.platforms, guard, described),
        mapping_router(parts.generic, parts.clock, guard, described),
        health_router(parts.health, parts.sources, guard, described),
        registered_router(sources, guard, described),
        registered_router(Kind("channels", Channel, ChannelShape, parts.channels, nothing_beside), guard, described),
        registered_router(Kind("routes", Route, RouteShape, parts.routes, nothing_beside), guard, described),
        insights_router(parts.stats, parts.readers, guard, described),
        users_router(people, guard, described),
        tokens_router(people, guard, described),
    ):
        api.include_router(router)
    described.install(api)
    api.add_route("/openapi.json", _describe, include_in_schema=False)
    return api


async def _describe(request: Request) -> Response:
    api: FastAPI = request.app
    return answer(api.openapi())


def _session_parts(parts: ApiParts) -> SessionParts:
    failures = Failures(clock=parts.clock)
    return SessionParts(parts.users, parts.sessions, parts.invites, failures, parts.server)


def _beside_sources(parts: ApiParts) -> Beside:
    async def beside() -> Callable[[str], dict[str, Any]]:
        activity, health = await parts.activity.read(), await parts.health.read()
        return lambda name: {
            "address": f"/in/{name}",
            "activity": activity.get(name, Activity()),
            "health": health.get(name, SourceHealth()),
        }

    return beside
