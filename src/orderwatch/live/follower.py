"""Follows the state for all readers of a process together."""

from orderwatch.domain.errors import Unavailable
from orderwatch.kit.clock import Clock
from orderwatch.live.frames import HEARTBEAT, changes_frames, frame, snapshot_frame
from orderwatch.live.hub import Hub
from orderwatch.live.ports import Bell, ChangeSource, StatsSource

MOST_OPEN = 5_000
LATEST = 50
MOST_CHANGES = 10_000

_COALESCE_SECONDS = 0.25
_SHARE_OF_TIME = 1
"""A turn is followed by a pause of so many times its length, so that catching up leaves the core to others."""
_LONGEST_PAUSE = 3.0
_POLL_SECONDS = 0.5
_STATS_SECONDS = 2.0
_QUIET_STATS_SECONDS = 15.0
_HEARTBEAT_SECONDS = 15.0


class Follower:
    """Reads what changed once, encodes it once, and hands it to the hub: the first change at once, then bundled."""

    def __init__(self, source: ChangeSource, stats: StatsSource, hub: Hub, *, clock: Clock, bell: Bell) -> None:
        """Take where changes come from and where they go; `bell` rings when the state may have changed."""
        self._source = source
        self._stats = stats
        self._hub = hub
        self._clock = clock
        self._bell = bell
        self._stats_at = self._beat_at = clock.monotonic()
        self._untold = False

    async def run(self) -> None:
        """Follow until cancelled. Where the store cannot be read for a while, readers wait and miss nothing."""
        while True:
            began = self._clock.monotonic()
            try:
                changed = await self.turn()
            except Unavailable:
                changed = False
            if changed:
                took = self._clock.monotonic() - began
                await self._clock.sleep(max(_COALESCE_SECONDS, min(took * _SHARE_OF_TIME, _LONGEST_PAUSE)))
            await self._bell.wait(_POLL_SECONDS)

    async def turn(self) -> bool:
        """Look once; say whether anything had changed.

        Raises:
            Unavailable: the store cannot be read.
        """
        if not self._hub.interested:
            number, before = await self._source.latest(), self._hub.number
            if not self._hub.interested:  # Who came meanwhile may have begun with an earlier number.
                self._hub.skip(number)
            return number != before
        changes = await self._source.after(self._hub.number, limit=MOST_CHANGES)
        if changes is None:
            await self._replace()
            return True
        data = changes_frames(changes)
        rest = await self._stats_due(changed=bool(data)) + self._heartbeat_due()
        if data or rest:
            self._hub.publish(data + rest, number=max(changes.number, self._hub.number))
        return bool(data)

    async def _replace(self) -> None:
        board = await self._source.board(most_open=MOST_OPEN, latest=LATEST)
        stats = await self._stats.stats(readers=self._hub.interested)
        self._hub.replace(snapshot_frame(board, at=self._clock.now(), stats=stats), number=board.number)

    async def _stats_due(self, *, changed: bool) -> bytes:
        now = self._clock.monotonic()
        # What changed since the figures were last told must still be told after the last change of a burst.
        self._untold = self._untold or changed
        if now - self._stats_at < (_STATS_SECONDS if self._untold else _QUIET_STATS_SECONDS):
            return b""
        self._stats_at, self._untold = now, False
        return frame(b"stats", await self._stats.stats(readers=self._hub.interested))

    def _heartbeat_due(self) -> bytes:
        now = self._clock.monotonic()
        if now - self._beat_at < _HEARTBEAT_SECONDS:
            return b""
        self._beat_at = now
        return HEARTBEAT
