"""uvicorn's HTTP protocol, with bounds on what comes before a request reaches us: slow and endless headers."""

import asyncio
from asyncio.events import TimerHandle

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from orderwatch.web.problems import CONTENT_TYPE, problem

_MOST_HEADER_BYTES = 64 * 1024


class HeadersTooLarge(Exception):
    """Raised within the parser, which ends the connection."""


class BoundedProtocol(HttpToolsProtocol):
    """Ends a connection whose headers are not complete in time, or do not end."""

    header_seconds: float = 10.0
    _deadline: TimerHandle | None = None
    _header_bytes: int = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Start the time for the first request's headers."""
        super().connection_made(transport)
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the time."""
        self._disarm()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Start the time for this request's headers, unless it runs since the connection was made."""
        self._header_bytes = 0
        if self._deadline is None:
            self._arm()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Count the address."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Stop the time: the application bounds the rest."""
        self._disarm()
        super().on_headers_complete()

    def _count(self, size: int) -> None:
        self._header_bytes += size
        if self._header_bytes > _MOST_HEADER_BYTES:
            raise HeadersTooLarge

    def _arm(self) -> None:
        self._deadline = self.loop.call_later(self.header_seconds, self._too_slow)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self._deadline = None
        if self.transport.is_closing():
            return
        detail = f"The request's headers were not complete after {self.header_seconds:g} s."
        body = problem(408, code="timeout", detail=detail)
        head = b"HTTP/1.1 408 Request Timeout\r\ncontent-type: %s\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
        self.transport.write(head % (CONTENT_TYPE, len(body)) + body)
        self.transport.close()


def bounded_protocol(header_seconds: float) -> type[BoundedProtocol]:
    """Return the protocol with its time; uvicorn takes a class, not an object."""
    return type("BoundedProtocol", (BoundedProtocol,), {"header_seconds": header_seconds})
