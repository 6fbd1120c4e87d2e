"""What a reader is sent first: what it missed, or a snapshot; and from where it then follows the hub."""

import asyncio

from msgspec import Struct

from orderwatch.domain.errors import Unavailable
from orderwatch.kit.clock import Clock
from orderwatch.live.follower import LATEST, MOST_CHANGES, MOST_OPEN
from orderwatch.live.frames import RETRY, changes_frames, resumed_frame, snapshot_frame
from orderwatch.live.hub import Dropped, Hub, Reader
from orderwatch.live.ports import ChangeSource, StatsSource

_SNAPSHOT_SECONDS = 1.0
_TRIES = 3


class Snapshot(Struct, frozen=True):
    """A snapshot that several readers may begin with."""

    number: int
    data: bytes
    made_at: float


class Openings:
    """Opens streams without a gap. Many that open together share one snapshot."""

    def __init__(self, source: ChangeSource, stats: StatsSource, hub: Hub, *, clock: Clock) -> None:
        """Take where changes come from, and the hub that readers then follow."""
        self._source = source
        self._stats = stats
        self._hub = hub
        self._clock = clock
        self._snapshot: Snapshot | None = None
        self._turn = asyncio.Lock()

    async def open(self, last: int | None, *, dropped: Dropped) -> tuple[bytes, Reader]:
        """Return the first bytes of a stream and its reader; call it within `hub.interest`.

        `last` is the number that the reader says it has everything up to.

        Raises:
            Unavailable: the store cannot be read now.
        """
        if last is not None:
            resumed = await self._resume(last, dropped)
            if resumed:
                return resumed
        for _ in range(_TRIES):
            snapshot = await self._fresh_snapshot()
            reader = self._hub.join(snapshot.number, dropped=dropped)
            if reader:
                return RETRY + snapshot.data, reader
            self._snapshot = None
        raise Unavailable("Changes come faster than a snapshot can be taken.")

    async def _resume(self, last: int, dropped: Dropped) -> tuple[bytes, Reader] | None:
        if last > self._hub.number and last > await self._source.latest():
            return None  # The number of another store, or of one that was set up anew.
        opening = RETRY + resumed_frame(at=self._clock.now(), after=last)
        reader = self._hub.join(last, dropped=dropped)
        if reader:
            return opening, reader
        async with self._turn:
            changes = await self._source.after(last, limit=MOST_CHANGES)
        reader = self._hub.join(changes.number, dropped=dropped) if changes else None
        return (opening + changes_frames(changes), reader) if changes and reader else None

    async def _fresh_snapshot(self) -> Snapshot:
        async with self._turn:
            kept = self._snapshot
            if kept is None or self._clock.monotonic() - kept.made_at > _SNAPSHOT_SECONDS:
                kept = self._snapshot = await self._take_snapshot()
            return kept

    async def _take_snapshot(self) -> Snapshot:
        made_at = self._clock.monotonic()
        board = await self._source.board(most_open=MOST_OPEN, latest=LATEST)
        stats = await self._stats.stats(readers=self._hub.interested)
        return Snapshot(board.number, snapshot_frame(board, at=self._clock.now(), stats=stats), made_at)
