"""Hands the same bytes to every open stream. Pure: no clock, no store, no network.

All streams read from one short ring of chunks, each at its own place, so a reader costs a number and a future. One
that is so slow that the ring has moved past its place is dropped, never waited for.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from itertools import islice

from msgspec import Struct

from orderwatch.domain.errors import Unavailable

_MOST_READERS = 1000
_MOST_CHUNKS = 256
_MOST_BYTES = 16 * 1024 * 1024
_EVERYBODY = -1

Dropped = Callable[[str], None]


class Chunk(Struct, frozen=True):
    """Bytes that bring whoever has all up to the state's transaction `after` to `number`."""

    after: int
    number: int
    data: bytes


class Reader:
    """One open stream's place in the ring."""

    def __init__(self, hub: "Hub", *, place: int, number: int, dropped: Dropped) -> None:
        """Begin at `place`, with all up to the transaction `number` known; see `Hub.join`."""
        self._hub = hub
        self._news: asyncio.Future[None] | None = None
        self._number = number
        self.place = place
        self.dropped = dropped

    async def next(self) -> bytes:
        """Return all that came since the last call; waits while there is nothing.

        Raises:
            Unavailable: the reader has been dropped.
        """
        while True:
            while self.place == self._hub.end:
                self._news = asyncio.get_running_loop().create_future()
                await self._news
            chunks = self._hub.since(self.place)
            self.place = self._hub.end
            # A chunk that was read before what the reader began with would set it back.
            data = b"".join(c.data for c in chunks if not c.after < c.number <= self._number)
            if data:
                return data

    def wake(self) -> None:
        """Let `next` go on."""
        if self._news is not None and not self._news.done():
            self._news.set_result(None)


class Hub:
    """The ring and its readers. A chunk's place is its number among all chunks of this process."""

    def __init__(
        self, *, most_readers: int = _MOST_READERS, most_chunks: int = _MOST_CHUNKS, most_bytes: int = _MOST_BYTES
    ) -> None:
        """Take the bounds; a reader may be as far behind as the ring is long."""
        self._most_readers = most_readers
        self._most_chunks = most_chunks
        self._most_bytes = most_bytes
        self._ring: deque[Chunk] = deque()
        self._bytes = 0
        self._readers: set[Reader] = set()
        self._interested = 0
        self._closed = False
        self.end = 0
        """The place after the latest chunk."""
        self.number = 0
        """The state's transaction that the latest chunk brings its readers up to."""

    @property
    def interested(self) -> int:
        """Return how many streams are open or opening."""
        return self._interested

    @contextmanager
    def interest(self) -> Generator[None]:
        """Count as a stream: what changes from here on is kept in the ring, so that `join` finds it.

        Raises:
            Unavailable: there are too many, or the server is ending.
        """
        if self._closed or self._interested >= self._most_readers:
            reason = "The server is ending." if self._closed else f"{self._most_readers} live streams are open already."
            raise Unavailable(reason, retry_after_seconds=5)
        self._interested += 1
        try:
            yield
        finally:
            self._interested -= 1

    def join(self, number: int, *, dropped: Dropped) -> Reader | None:
        """Return a reader who gets all that brings more than `number`; None when the ring does not reach back so far.

        `dropped` is called once with the reason when the stream must end: ``slow`` or ``shutdown``.
        """
        reach = self._ring[0].after if self._ring else self.number
        if number < reach:
            return None
        missing = sum(chunk.number > number for chunk in self._ring)
        reader = Reader(self, place=self.end - missing, number=number, dropped=dropped)
        self._readers.add(reader)
        if self._closed:
            self._drop(reader, "shutdown")
        return reader

    def leave(self, reader: Reader) -> None:
        """Forget `reader`; nothing happens when it is forgotten already."""
        self._readers.discard(reader)

    def since(self, place: int) -> list[Chunk]:
        """Return the chunks from `place` on.

        Raises:
            Unavailable: the ring has moved past it; the reader has been told so by `dropped`.
        """
        missing = self.end - place
        if missing > len(self._ring):
            raise Unavailable("The reader is too slow.")
        return list(islice(self._ring, len(self._ring) - missing, None))

    def skip(self, number: int) -> None:
        """Move on to `number` without telling anybody; only right while nobody is interested."""
        self._ring.clear()
        self._bytes = 0
        self.number = number

    def publish(self, data: bytes, *, number: int) -> None:
        """Hand `data` to everybody; it brings them up to `number`."""
        self._append(Chunk(self.number, number, data))

    def replace(self, data: bytes, *, number: int) -> None:
        """Hand `data` to everybody in place of all that they have not read yet."""
        self.skip(number)
        for reader in self._readers:
            reader.place = self.end
        self._append(Chunk(_EVERYBODY, number, data))

    def close(self) -> None:
        """End all streams, and open no more."""
        self._closed = True
        for reader in list(self._readers):
            self._drop(reader, "shutdown")

    def _append(self, chunk: Chunk) -> None:
        self._ring.append(chunk)
        self._bytes += len(chunk.data)
        self.end += 1
        self.number = chunk.number
        while len(self._ring) > self._most_chunks or (self._bytes > self._most_bytes and len(self._ring) > 1):
            self._bytes -= len(self._ring.popleft().data)
        start = self.end - len(self._ring)
        for reader in list(self._readers):
            if reader.place < start:
                self._drop(reader, "slow")
            else:
                reader.wake()

    def _drop(self, reader: Reader, reason: str) -> None:
        self._readers.discard(reader)
        reader.dropped(reason)
