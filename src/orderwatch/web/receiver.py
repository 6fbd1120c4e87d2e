"""Everything that the receiver serves, behind one door. Plain ASGI, so that a webhook meets no framework."""

from msgspec import Struct

from orderwatch.web.asgi import App, Receive, Scope, Send, refuse
from orderwatch.web.headers import secured

STREAM = "/api/v1/stream"


class Rooms(Struct, frozen=True, kw_only=True):
    """What lies behind the door; each is an ASGI application."""

    intake: App
    """``/webhook`` and ``/in/…``."""
    stream: App
    """``/api/v1/stream``."""
    api: App
    """The rest of ``/api``, and ``/openapi.json``."""
    metrics: App
    """``/metrics``."""
    health: App
    """``/healthz`` and ``/readyz``."""
    page: App
    """Everything else."""


def create_receiver(rooms: Rooms) -> App:
    """Return the application that sends each request to its room. Answers to browsers carry the security headers."""
    api, page = secured(rooms.api), secured(rooms.page)
    by_path = {
        "/webhook": rooms.intake,
        STREAM: rooms.stream,
        "/healthz": rooms.health,
        "/readyz": rooms.health,
        "/metrics": rooms.metrics,
        "/openapi.json": api,
        "/api": api,
    }

    async def receiver(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # Neither websockets nor a lifespan: `app` starts and ends what there is.
            return
        path: str = scope["path"]
        room = by_path.get(path)
        if room is None:
            room = _room(path, rooms.intake, api, page)
        await room(scope, receive, send)

    return receiver


def _room(path: str, intake: App, api: App, page: App) -> App:
    if path.startswith("/in/"):
        return intake
    if path.startswith("/api/"):
        return _no_such_path if "\0" in path else api  # No id has a NUL, and PostgreSQL fails on one.
    return page


async def _no_such_path(_scope: Scope, _receive: Receive, send: Send) -> None:
    await refuse(send, 404, code="not_found", detail="There is no such path.")
