"""uvicorn's HTTP protocol, with bounds on what comes before a request reaches us: slow and endless headers."""

import asyncio
from asyncio.events import TimerHandle
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from orderwatch.web.problems import CONTENT_TYPE, problem

_MOST_HEADER_BYTES = 64 * 1024
_LINGER_SECONDS = 1.0


class JoinedWrites:
    """A transport that holds a response's head until its body comes: one packet and one system call for both."""

    def __init__(self, transport: asyncio.Transport) -> None:
        """Take the real transport."""
        self._transport = transport
        self._head = b""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (whatever the transport has)
        """Pass on everything else."""
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write `data`, or keep it if it is a head; a body follows each head, if only an empty one."""
        if self._head:
            data, self._head = self._head + data, b""
        elif data.startswith(b"HTTP/1.1 ") and not data.startswith(b"HTTP/1.1 100"):
            self._head = data
            return
        self._transport.write(data)

    def close(self) -> None:
        """Write what is held, and close."""
        if self._head:
            self._transport.write(self._head)
        self._transport.close()


class BoundedProtocol(HttpToolsProtocol):
    """Ends a connection whose headers are not complete in time, or do not end.

    A request that comes in one piece, as nearly all do, costs it no timer and no counting.
    """

    header_seconds: float = 10.0
    _deadline: TimerHandle | None = None
    _in_headers: bool = False
    _header_bytes: int = 0
    _refused: bool = False
    _plain: asyncio.Transport

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Start the time for the first request's headers."""
        super().connection_made(transport)
        self._plain = transport
        self.transport = JoinedWrites(transport)  # pyright: ignore[reportAttributeAccessIssue]
        self._deadline = self.loop.call_later(self.header_seconds, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time."""
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, and start the time if it ends within a request's headers."""
        if self._refused:
            return
        super().data_received(data)
        if not self._in_headers:
            self._header_bytes = 0
            return
        self._header_bytes += len(data)
        if self._header_bytes > _MOST_HEADER_BYTES:
            self._refuse(431, "headers_too_large", f"The headers are longer than {_MOST_HEADER_BYTES:,} bytes.")
        elif self._deadline is None:
            self._deadline = self.loop.call_later(self.header_seconds, self._too_slow)

    def on_message_begin(self) -> None:
        """Note that headers come."""
        self._in_headers = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Stop the time: the application bounds the rest."""
        self._in_headers = False
        self._disarm()
        super().on_headers_complete()

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        self._refuse(408, "timeout", f"The request's headers were not complete after {self.header_seconds:g} s.")

    def _refuse(self, status: int, code: str, detail: str) -> None:
        if self._refused or self.transport.is_closing():
            return
        body = problem(status, code=code, detail=detail)
        head = b"%scontent-type: %s\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
        self._plain.write(head % (STATUS_LINE[status], CONTENT_TYPE, len(body)) + body)
        # To close while the sender still sends would reset the connection, and the answer with it.
        self._refused = True
        self._plain.write_eof()
        self.loop.call_later(_LINGER_SECONDS, self._plain.close)


def bounded_protocol(header_seconds: float) -> type[BoundedProtocol]:
    """Return the protocol with its time; uvicorn takes a class, not an object."""
    return type("BoundedProtocol", (BoundedProtocol,), {"header_seconds": header_seconds})
