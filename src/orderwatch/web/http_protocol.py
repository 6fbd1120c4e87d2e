"""uvicorn's HTTP protocol, with bounds on what is neither body nor ours to read: slow and endless headers, trailers."""

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
        """Write `data`, or keep it if it is a head: until its body comes, or `flush` says that there is none."""
        if self._head:
            data, self._head = self._head + data, b""
        elif data.startswith(b"HTTP/1.1 ") and not data.startswith(b"HTTP/1.1 100"):
            self._head = data
            return
        self._transport.write(data)

    def flush(self) -> None:
        """Write what is held."""
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head)

    def close(self) -> None:
        """Write what is held, and close."""
        self.flush()
        self._transport.close()


class BoundedProtocol(HttpToolsProtocol):
    """Ends a connection whose headers are not complete in time, or do not end; trailers are nothing to us.

    A request that comes in one piece, as nearly all do, costs it no timer and no counting.
    """

    header_seconds: float = 10.0
    _deadline: TimerHandle | None = None
    _in_headers: bool = False
    _in_body: bool = False
    _went_on: bool = False
    """Whether the latest bytes ended the headers, or held some of the body."""
    _header_bytes: int = 0
    _refused: bool = False
    _plain: asyncio.Transport
    _joined: JoinedWrites

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Start the time for the first request's headers."""
        super().connection_made(transport)
        self._plain = transport
        self._joined = JoinedWrites(transport)
        self.transport = self._joined  # pyright: ignore[reportAttributeAccessIssue]
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
        went_on, self._went_on = self._went_on, False
        if not self._in_headers and (went_on or not self._in_body):
            self._header_bytes = 0
            return
        self._header_bytes += len(data)
        if self._header_bytes > _MOST_HEADER_BYTES:
            self._refuse(431, "headers_too_large", f"The headers are longer than {_MOST_HEADER_BYTES:,} bytes.")
        elif self._in_headers and self._deadline is None:
            self._deadline = self.loop.call_later(self.header_seconds, self._too_slow)

    def on_message_begin(self) -> None:
        """Note that headers come."""
        self._in_headers = True
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, and drop a trailer: whoever sends them without end would fill the memory."""
        if self._in_headers:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Stop the time: the application bounds the rest."""
        self.note_headers_complete()
        super().on_headers_complete()

    def note_headers_complete(self) -> None:
        """Stop the time."""
        self._in_headers, self._in_body, self._went_on = False, True, True
        if self._deadline is not None:
            self._disarm()

    def on_body(self, body: bytes) -> None:
        """Note that the body goes on."""
        self._went_on = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that nothing more belongs to the request."""
        self._in_body = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Write a head that no body followed, as of an answer to HEAD."""
        self._joined.flush()
        super().on_response_complete()

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
        if self._in_body and not self.cycle.response_complete:
            # Somebody is at it: for them, the sender has gone away.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        body = problem(status, code=code, detail=detail)
        head = b"%scontent-type: %s\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
        self._plain.write(head % (STATUS_LINE[status], CONTENT_TYPE, len(body)) + body)
        # To close while the sender still sends would reset the connection, and the answer with it.
        self._refused = True
        self._plain.write_eof()
        self.loop.call_later(_LINGER_SECONDS, self._plain.close)
