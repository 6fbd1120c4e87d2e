"""A request's body: counted as it streams in, never cut, expanded within bounds."""

import zlib

from orderwatch.domain.errors import TooLarge, Unreadable, UnsupportedMedia
from orderwatch.web.asgi import Receive

_GZIP_OR_ZLIB = 47
"""zlib's window size, and 32 to tell gzip from zlib by the header."""


class Disconnected(Exception):
    """The sender went away before its body was whole; nobody waits for an answer."""


async def read_body(receive: Receive, *, limit: int) -> bytes:
    """Return the whole body.

    Raises:
        TooLarge: it is longer than `limit`; the rest was not read.
        Disconnected: it never became whole.
    """
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Disconnected
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        if len(body) > limit:
            raise _too_large(limit)
        return body
    return await _read_on(receive, [body], limit=limit)


async def _read_on(receive: Receive, parts: list[bytes], *, limit: int) -> bytes:
    size = len(parts[0])
    while True:
        if size > limit:
            raise _too_large(limit)
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        part: bytes = message.get("body", b"")
        parts.append(part)
        size += len(part)
        if not message.get("more_body"):
            if size > limit:
                raise _too_large(limit)
            return b"".join(parts)


async def discard(receive: Receive) -> None:
    """Throw away what still comes, up to the end of the body or of the connection."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return


def expand(body: bytes, encoding: str, *, limit: int) -> bytes:
    """Return `body` without its compression, bounded by its expanded size.

    Raises:
        UnsupportedMedia: neither gzip nor deflate.
        TooLarge: it would expand to more than `limit`.
        Unreadable: it is torn.
    """
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise UnsupportedMedia(f"The content encoding {encoding[:40]} is not taken; send gzip, deflate or none.")
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        expanded = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise Unreadable(f"The compressed body is torn: {error}.") from error
    if len(expanded) > limit:
        raise _too_large(limit)
    if not unpacker.eof or unpacker.unused_data:
        raise Unreadable("The compressed body is torn: it ends too early or too late.")
    return expanded


def _too_large(limit: int) -> TooLarge:
    return TooLarge(
        f"The body is longer than {limit:,} bytes. Raise max_body_bytes if that is what your platform sends."
    )
