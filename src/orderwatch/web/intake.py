"""The webhook endpoints: ``/webhook`` and ``/in/{source}[/rest]``. Plain ASGI: this is the hot path."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

import msgspec
from msgspec import Struct

from orderwatch.domain.errors import (
    OrderwatchError,
    TooLarge,
    Unavailable,
    Unreadable,
    UnsupportedMedia,
    WrongSignature,
)
from orderwatch.domain.receipts import Ack, ReceiptKind, Rejection
from orderwatch.domain.sources import Source, Verification
from orderwatch.intake import cloudevents
from orderwatch.intake.accept import Intake, Request, media_type, secret_headers
from orderwatch.intake.door import Answer, Door
from orderwatch.intake.headers import Headers
from orderwatch.intake.ports import IntakeMetrics, Quarantine, Sources, Writer
from orderwatch.kit.clock import Clock
from orderwatch.web.asgi import HeaderList, Receive, Scope, Send, answer, refuse
from orderwatch.web.bodies import Disconnected, discard, expand, read_body
from orderwatch.web.problems import CONTENT_TYPE, problem

Response: TypeAlias = tuple[int, HeaderList, bytes]
"""Status, headers and body."""
DEFAULT_SOURCE = "default"
_PREFIX = "/in/"
_JSON = ((b"content-type", b"application/json"),)
_CLOSE = (b"connection", b"close")
_LINGER_SECONDS = 2.0
_METHODS: Mapping[bool, tuple[str, ...]] = {True: ("POST",), False: ("POST", "PUT", "GET")}
_STATUS: Mapping[type[OrderwatchError], int] = {
    Unreadable: 400,
    WrongSignature: 401,
    UnsupportedMedia: 415,
}
_OUTCOMES: Mapping[ReceiptKind, str] = {
    ReceiptKind.EVENT: "stored",
    ReceiptKind.REPLAY: "stored",
    ReceiptKind.DUPLICATE: "duplicate",
    ReceiptKind.CONFLICT: "conflict",
}
_QUARANTINED = (Unreadable, WrongSignature, UnsupportedMedia)


class Limits(Struct, frozen=True, kw_only=True):
    """What a request may take."""

    max_body_bytes: int
    request_seconds: float
    open_default: bool
    """Whether the source `default` is taken unsigned while it is set to open."""


class _Call(Struct, frozen=True):
    """One request, as far as it was read."""

    source: Source
    scope: Scope
    headers: Headers
    body: bytes
    receive: Receive
    send: Send


class IntakeApp:
    """An ASGI application for the webhook endpoints."""

    def __init__(
        self,
        *,
        intake: Intake,
        sources: Sources,
        writer: Writer,
        quarantine: Quarantine,
        metrics: IntakeMetrics,
        limits: Limits,
        clock: Clock,
    ) -> None:
        """Take what decides, what writes and what counts."""
        self._intake = intake
        self._sources = sources
        self._writer = writer
        self._quarantine = quarantine
        self._metrics = metrics
        self._limits = limits
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        began = self._clock.monotonic()
        name, is_default = _source_name(scope)
        try:
            source = self._sources.source(name) or await self._sources.look_again(name)
        except Unavailable as error:
            await _send(send, unavailable(error))
            return
        if source is None:
            await self._no_source(send, name, is_default=is_default)
            return
        if scope["method"] == "OPTIONS":
            await self._consent(scope, send, is_default=is_default)
            return
        door = self._intake.door(source)
        methods = door.methods if door else _METHODS[is_default]
        if scope["method"] not in methods:
            allowed = ", ".join((*methods, "OPTIONS"))
            detail = f"Send webhooks with {allowed.partition(',')[0]}."
            await refuse(send, 405, code="method_not_allowed", detail=detail, headers=[(b"allow", allowed.encode())])
            return
        outcome = await self._take(source, scope, receive, send)
        self._metrics.received(source.name, outcome, self._clock.monotonic() - began)

    async def _take(self, source: Source, scope: Scope, receive: Receive, send: Send) -> str:
        headers, body = Headers(scope["headers"]), b""
        try:
            async with asyncio.timeout(self._limits.request_seconds):
                body = await read_body(receive, limit=self._limits.max_body_bytes)
            request = self._request(source, scope, headers, body)
            check_open(source, self._limits)
            if self._intake.needs_keys(source):
                await self._intake.prepare(source, request)
            greeting = self._intake.greet(source, request)
            if greeting is not None:
                await _send(send, told(greeting))
                return "handshake"
            submissions = self._intake.accept(source, request)
            # A batch of CloudEvents may be empty (JSON format, section 4.3): then there are no acks.
            acks = await self._writer.submit(submissions)
        except Disconnected:
            return "disconnected"
        except TimeoutError:
            seconds = self._limits.request_seconds
            detail = f"The request was not complete after {seconds:g} s."
            await refuse(send, 408, code="timeout", detail=detail, headers=[_CLOSE])
            return "timeout"
        except OrderwatchError as error:
            await self._refuse(error, _Call(source, scope, headers, body, receive, send))
            return error.code
        await _send(send, success(source, acks, self._intake.door(source)))
        return outcome_of(acks)

    def _request(self, source: Source, scope: Scope, headers: Headers, body: bytes) -> Request:
        encoding = (headers.get("content-encoding") or "identity").lower()
        if encoding != "identity":
            if not source.allow_compressed:
                raise UnsupportedMedia("Compressed bodies are refused; the source's allow_compressed lets them in.")
            body = expand(body, encoding, limit=self._limits.max_body_bytes)
        return Request(
            method=scope["method"],
            path=_path(scope),
            headers=headers,
            body=body,
            received_at=self._clock.now(),
        )

    async def _refuse(self, error: OrderwatchError, call: _Call) -> None:
        if isinstance(error, Unavailable):
            await _send(call.send, unavailable(error))
            return
        if isinstance(error, TooLarge):
            await self._refuse_unread(error, call)
            return
        status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400)
        if isinstance(error, _QUARANTINED):
            door = self._intake.door(call.source)
            await self._quarantine.add(_rejection(error, status, call, received_at=self._clock.now(), door=door))
        await refuse(call.send, status, code=error.code, detail=error.message)

    async def _refuse_unread(self, error: TooLarge, call: _Call) -> None:
        # The answer goes at once. Then what still comes is thrown away for a while: to close the connection under
        # a sender that sends would reset it, and the answer with it.
        body = problem(413, code=error.code, detail=error.message)
        headers = [(b"content-type", CONTENT_TYPE), (b"content-length", b"%d" % len(body)), _CLOSE]
        await call.send({"type": "http.response.start", "status": 413, "headers": headers})
        await call.send({"type": "http.response.body", "body": body, "more_body": True})
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LINGER_SECONDS):
                await discard(call.receive)
        await call.send({"type": "http.response.body", "body": b""})

    async def _no_source(self, send: Send, name: str, *, is_default: bool) -> None:
        self._metrics.received("", "no_source", 0.0)
        hint = (
            "It is switched off." if is_default else "Add it on the page under Sources, or with: orderwatch source add"
        )
        await refuse(send, 404, code="no_source", detail=f"There is no source “{name[:63]}” here. {hint}")

    async def _consent(self, scope: Scope, send: Send, *, is_default: bool) -> None:
        allow: HeaderList = [(b"allow", ", ".join((*_METHODS[is_default], "OPTIONS")).encode())]
        consent = cloudevents.consent(Headers(scope["headers"]))
        await answer(send, 200, b"", [*allow, *(consent or ())])


def check_open(source: Source, limits: Limits) -> None:
    """Refuse unsigned webhooks where other machines could send them.

    Raises:
        WrongSignature: the source `default` takes signed requests only, and has no secret yet.
    """
    is_closed = source.name == DEFAULT_SOURCE and not limits.open_default
    if is_closed and source.verification is Verification.OPEN:
        raise WrongSignature(
            "This server can be reached from other machines, so /webhook takes signed requests only. Set a secret "
            "for the source “default” on the page under Sources, or with: orderwatch source secret default. "
            "Or let everybody in with open_webhook = true (ORDERWATCH_OPEN_WEBHOOK)."
        )


def success(source: Source, acks: Sequence[Ack], door: Door | None) -> Response:
    """Return the answer to webhooks that are on disk: the first receipt, and whether everything was known already."""
    status = source.success_status or (door.success_status if door else 200)
    if status == 204:  # noqa: PLR2004
        return 204, (), b""
    if door and door.answer:
        return told(msgspec.structs.replace(door.answer, status=status))
    if not acks:
        return status, _JSON, b'{"status":"success"}'
    duplicate = b',"duplicate":true' if outcome_of(acks) == "duplicate" else b""
    body = b'{"status":"success","receipt":%d%s}' % (acks[0].position, duplicate)
    return status, _JSON, body


def told(reply: Answer) -> Response:
    """Return an answer in the platform's own words."""
    # What a handshake repeats came from whoever asked: no browser may take it for a page.
    headers = ((b"content-type", reply.media.encode()), (b"x-content-type-options", b"nosniff"))
    return reply.status, headers, b"" if reply.status == 204 else reply.body  # noqa: PLR2004


def unavailable(error: Unavailable) -> Response:
    """Return the answer when nothing can be written now."""
    after = (b"retry-after", b"%d" % error.retry_after_seconds)
    return 503, [(b"content-type", CONTENT_TYPE), after], problem(503, code=error.code, detail=error.message)


def outcome_of(acks: Sequence[Ack]) -> str:
    """Return the word under which a request with these acks is counted."""
    if len(acks) == 1:
        return _OUTCOMES[acks[0].kind]
    kinds = {ack.kind for ack in acks}
    if ReceiptKind.CONFLICT in kinds:
        return "conflict"
    return "duplicate" if kinds == {ReceiptKind.DUPLICATE} else "stored"


async def _send(send: Send, response: Response) -> None:
    status, headers, body = response
    await answer(send, status, body, headers)


def _source_name(scope: Scope) -> tuple[str, bool]:
    path: str = scope["path"]
    if path.startswith(_PREFIX):
        return path[len(_PREFIX) :].partition("/")[0], False
    return DEFAULT_SOURCE, True


def _path(scope: Scope) -> str:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope.get("query_string") or b""
    return (raw + b"?" + query if query else raw).decode("latin-1")


def _rejection(
    error: OrderwatchError, status: int, call: _Call, *, received_at: datetime, door: Door | None
) -> Rejection:
    source, headers, path = call.source, call.headers, _path(call.scope)
    secret = (source.hmac.header, source.token.header, *secret_headers(source, door))
    return Rejection(
        source=source.name,
        code=error.code,
        reason=error.message,
        status=status,
        body=call.body,
        headers=headers.kept(secret=secret),
        proof=headers.proof(secret=secret, path=path if door and door.hides_path else None),
        method=call.scope["method"],
        path=door.shown(path, proved=False) if door else path,
        content_type=media_type(headers),
        received_at=received_at,
    )
