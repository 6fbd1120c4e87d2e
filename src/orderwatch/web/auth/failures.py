"""Slows down whoever guesses passwords."""

from collections import OrderedDict, deque
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from orderwatch.domain.errors import TooMany
from orderwatch.kit.clock import Clock

_WINDOW = timedelta(minutes=15)
_BOUNDS = {"both": 10, "peer": 50, "name": 200}
_MOST_KEYS = 10_000


class Failures:
    """Counts failures of the last quarter of an hour, in memory: of a name from a peer, of a peer, of a name.

    The first bound that is reached refuses further tries, right ones too, until the oldest failure is old enough. The
    one for a name alone is wide: else anybody could lock a person out. Of very many keys the least recently failed
    are forgotten, so that memory is bounded.
    """

    def __init__(self, *, clock: Clock, bounds: Mapping[str, int] = MappingProxyType(_BOUNDS)) -> None:
        """Take the clock, and the bounds for ``both``, ``peer`` and ``name``."""
        self._clock = clock
        self._bounds = bounds
        self._failed: OrderedDict[tuple[str, str, str], deque[float]] = OrderedDict()

    def check(self, *, name: str, peer: str) -> None:
        """Let a try pass.

        Raises:
            TooMany: there were too many failures.
        """
        now = self._clock.monotonic()
        for key in _keys(name, peer):
            times = self._failed.get(key)
            while times and now - times[0] >= _WINDOW.total_seconds():
                times.popleft()
            if times and len(times) >= self._bounds[key[0]]:
                wait = int(times[0] + _WINDOW.total_seconds() - now) + 1
                raise TooMany("Too many wrong tries. Wait, or ask an admin.", retry_after_seconds=wait)

    def note(self, *, name: str, peer: str) -> None:
        """Count a failure."""
        for key in _keys(name, peer):
            times = self._failed.setdefault(key, deque(maxlen=self._bounds[key[0]]))
            times.append(self._clock.monotonic())
            self._failed.move_to_end(key)
        while len(self._failed) > _MOST_KEYS:
            self._failed.popitem(last=False)


def _keys(name: str, peer: str) -> tuple[tuple[str, str, str], ...]:
    return (("both", name, peer), ("peer", "", peer), ("name", name, ""))
