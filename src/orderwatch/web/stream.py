"""The live stream over HTTP: server-sent events. Plain ASGI, for each of its writes is made for every reader."""

import asyncio
from contextlib import suppress
from urllib.parse import parse_qs

from starlette.datastructures import Headers

from orderwatch.domain.errors import NotSignedIn, Unavailable
from orderwatch.kit.clock import Clock
from orderwatch.live.frames import bye_frame
from orderwatch.live.hub import Hub, Reader
from orderwatch.live.opening import Openings
from orderwatch.web.asgi import HeaderList, Receive, Scope, Send, refuse
from orderwatch.web.auth.identify import Identifier

_HEADERS: HeaderList = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # A proxy that gathers the answer would hold the events back.
    (b"x-content-type-options", b"nosniff"),
)
_CHECK_SECONDS = 60.0
_BYE_SECONDS = 1.0
_MOST_DIGITS = 18


class StreamApp:
    """An ASGI application for ``GET /api/v1/stream``. Call the hub's `close` when the server is to end."""

    def __init__(self, *, hub: Hub, openings: Openings, identifier: Identifier, clock: Clock) -> None:
        """Take the hub, which a follower feeds, and what opens streams onto it."""
        self._hub = hub
        self._openings = openings
        self._identifier = identifier
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one stream until its reader goes, is signed out, is too slow, or the server ends."""
        if scope["method"] != "GET":
            detail = "The stream is read with GET."
            await refuse(send, 405, code="method_not_allowed", detail=detail, headers=[(b"allow", b"GET")])
            return
        headers = Headers(raw=scope["headers"])
        ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        try:
            await self._identifier.need(headers)
            with self._hub.interest():
                last = _last_id(headers, scope)
                opening, reader = await self._openings.open(last, dropped=lambda reason: _settle(ended, reason))
                try:
                    await self._serve(opening, reader, headers, ended, receive, send)
                finally:
                    self._hub.leave(reader)
        except NotSignedIn as error:
            bearer = [(b"www-authenticate", b"Bearer")]
            await refuse(send, 401, code=error.code, detail=error.message, headers=bearer)
        except Unavailable as error:
            wait = [(b"retry-after", b"%d" % error.retry_after_seconds)]
            await refuse(send, 503, code=error.code, detail=error.message, headers=wait)

    async def _serve(  # noqa: PLR0917  (the parts of one stream)
        self,
        opening: bytes,
        reader: Reader,
        headers: Headers,
        ended: asyncio.Future[str],
        receive: Receive,
        send: Send,
    ) -> None:
        tasks = [
            asyncio.ensure_future(_write(opening, reader, send)),
            asyncio.ensure_future(_until_gone(receive)),
            asyncio.ensure_future(self._until_signed_out(headers, ended)),
        ]
        try:
            await asyncio.wait((*tasks, ended), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        if ended.done() and ended.result() != "slow":
            # A reader that is too slow would not take this either; it sees the connection end, and comes back.
            with suppress(TimeoutError):
                async with asyncio.timeout(_BYE_SECONDS):
                    await send({"type": "http.response.body", "body": bye_frame(ended.result())})

    async def _until_signed_out(self, headers: Headers, ended: asyncio.Future[str]) -> None:
        while await self._may_look(headers):
            await self._clock.sleep(_CHECK_SECONDS)
        _settle(ended, "signed_out")

    async def _may_look(self, headers: Headers) -> bool:
        try:
            return await self._identifier.find(headers) is not None
        except Unavailable:  # Nobody knows at present: whoever was let in stays until somebody does.
            return True


async def _write(opening: bytes, reader: Reader, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
    await send({"type": "http.response.body", "body": opening, "more_body": True})
    while True:
        try:
            data = await reader.next()
        except Unavailable:  # It was dropped in this very moment.
            return
        await send({"type": "http.response.body", "body": data, "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _settle(ended: asyncio.Future[str], reason: str) -> None:
    if not ended.done():
        ended.set_result(reason)


def _last_id(headers: Headers, scope: Scope) -> int | None:
    """Return the number that the reader has everything up to, None when it does not say or it is none of ours."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    said = headers.get("last-event-id") or query.get("last_event_id", [""])[0]
    return int(said) if said.isascii() and said.isdigit() and len(said) <= _MOST_DIGITS else None
