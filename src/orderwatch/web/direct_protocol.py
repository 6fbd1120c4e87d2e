"""uvicorn's HTTP protocol, with a short way for plain webhooks: no scope, no task, no messages between them."""

import asyncio
from asyncio.events import TimerHandle
from typing import Any, Protocol

import structlog
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from orderwatch.web.asgi import HeaderList
from orderwatch.web.direct import Reply
from orderwatch.web.http_protocol import BoundedProtocol

_BEGINNINGS = (b"/in/", b"/webhook")


class Taker(Protocol):
    """Takes plain webhooks."""

    def take(self, target: bytes, headers: HeaderList, body: bytes, reply: Reply) -> bool:
        """Take a whole POST and answer it by `reply` later; or return False."""
        ...


class DirectCycle:
    """A request that was taken directly, in the place where uvicorn looks for the one that is under way."""

    message_event = asyncio.Event()
    """Set by uvicorn when the sender goes away; nobody waits for it."""

    def __init__(self, protocol: "DirectProtocol") -> None:
        """Begin without an answer."""
        self._protocol = protocol
        self.response_complete = False
        self.disconnected = False
        self.keep_alive = True

    def reply(self, status: int, headers: HeaderList, body: bytes) -> None:
        """Write the whole response, unless the sender went away."""
        self.response_complete = True
        self._protocol.reply(self, status, headers, body)


class DirectProtocol(BoundedProtocol):
    """Tries the short way with each POST to a webhook's address that comes whole in one piece.

    What is not taken there goes the long way from its beginning, as if this class were not there.
    """

    taker: Taker
    parser: Any  # pyright: ignore[reportIncompatibleVariableOverride]  (typed as None until it is lost)
    cycle: Any  # pyright: ignore[reportIncompatibleVariableOverride]  (uvicorn's, or ours)
    _held: bytes | None = None
    """The body so far, while it is not known which way the request goes."""
    _idle_since: float = 0.0
    _idle_timer: TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time."""
        if self._idle_timer is not None:
            self._idle_timer.cancel()
            self._idle_timer = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; a request that it did not end goes the long way."""
        super().data_received(data)
        if self._held is not None and not self._refused:
            self._go_the_long_way()

    def on_headers_complete(self) -> None:
        """Hold a request that may be plain until it is whole."""
        if self._may_be_plain():
            self.note_headers_complete()
            self._held = b""
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Hold the body with its request."""
        if self._held is None:
            super().on_body(body)
        else:
            self._went_on = True
            self._held += body

    def on_message_complete(self) -> None:
        """Take the request, or let it go the long way."""
        if self._held is not None and not self._is_taken(self._held):
            self._go_the_long_way()
        if self._held is None:
            super().on_message_complete()
        else:
            self._held = None
            self._in_body = False

    def on_response_complete(self) -> None:
        """Note when the connection began to idle."""
        self._idle_since = self.loop.time()
        super().on_response_complete()

    def reply(self, cycle: DirectCycle, status: int, headers: HeaderList, body: bytes) -> None:
        """Write a whole response, and go on with what waits behind it."""
        if cycle.disconnected or self.transport.is_closing():
            return
        head = b"".join(b"%s: %s\r\n" % header for header in (*self.server_state.default_headers, *headers))
        length = b"" if status == 204 else b"content-length: %d\r\n" % len(body)  # noqa: PLR2004
        end = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
        self._plain.write(b"%s%s%s%s%s" % (STATUS_LINE[status], head, length, end, body))
        if not cycle.keep_alive:
            self._plain.close()
        elif self.pipeline:
            self.on_response_complete()
        else:
            self._idle_from_now()

    def _idle_from_now(self) -> None:
        # One timer a connection looks whether it idles. uvicorn's is set and cancelled with every request.
        self.server_state.total_requests += 1
        self._idle_since = self.loop.time()
        if self._idle_timer is None:
            self._idle_timer = self.loop.call_later(self.timeout_keep_alive, self._check_idle)

    def _check_idle(self) -> None:
        self._idle_timer = None
        idles = self.cycle.response_complete and not self._in_headers and not self._in_body
        left = self._idle_since + self.timeout_keep_alive - self.loop.time() if idles else self.timeout_keep_alive
        if left > 0:
            self._idle_timer = self.loop.call_later(left, self._check_idle)
        else:
            self.timeout_keep_alive_handler()

    def _may_be_plain(self) -> bool:
        return (
            self.url.startswith(_BEGINNINGS)
            and (self.cycle is None or self.cycle.response_complete)
            and self.parser.get_method() == b"POST"
            and self.parser.get_http_version() == "1.1"
            and not self.expect_100_continue
            and not self.parser.should_upgrade()
        )

    def _is_taken(self, body: bytes) -> bool:
        if not self.parser.should_keep_alive():
            return False
        cycle = DirectCycle(self)
        try:
            if not self.taker.take(self.url, self.headers, body, cycle.reply):
                return False
        except Exception:  # noqa: BLE001  (whatever it is)
            # httptools would make the sender's fault of it; the long way answers a fault of ours as what it is.
            structlog.get_logger("intake").exception("the short way failed")
            return False
        self.cycle = cycle
        return True

    def _go_the_long_way(self) -> None:
        body, self._held = self._held, None
        super().on_headers_complete()
        if body:
            super().on_body(body)


def direct_protocol(header_seconds: float, taker: Taker) -> type[DirectProtocol]:
    """Return the protocol with its time and its taker; uvicorn takes a class, not an object."""
    return type("DirectProtocol", (DirectProtocol,), {"header_seconds": header_seconds, "taker": taker})
