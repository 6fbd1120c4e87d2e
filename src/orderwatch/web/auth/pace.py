"""Keeps one caller of the API from taking the server away from the others, and from the webhooks."""

from math import ceil

from orderwatch.domain.errors import TooMany
from orderwatch.domain.people import Caller
from orderwatch.kit.clock import Clock

_MOST_CALLERS = 10_000


class Pace:
    """Lets each caller ask so many times a minute, at once if it likes; what it has used comes back in time."""

    def __init__(self, *, clock: Clock, per_minute: int) -> None:
        """Take the bound; 0 is none."""
        self._clock = clock
        self._most = per_minute
        self._left: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, caller: Caller) -> None:
        """Let a request of `caller` pass.

        Raises:
            TooMany: it has asked too often.
        """
        if not self._most:
            return
        key, now = (caller.via, caller.name), self._clock.monotonic()
        left, at = self._left.get(key, (float(self._most), now))
        left = min(float(self._most), left + (now - at) * self._most / 60)
        if left < 1:
            wait = max(1, ceil((1 - left) * 60 / self._most))
            raise TooMany(f"More than {self._most} requests a minute. Wait a little.", retry_after_seconds=wait)
        if len(self._left) >= _MOST_CALLERS:
            self._left.clear()
        self._left[key] = (left - 1, now)
