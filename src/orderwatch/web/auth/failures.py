"""Slows down whoever guesses passwords."""

from collections import OrderedDict, deque
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from types import MappingProxyType

from orderwatch.domain.errors import NotAllowed, NotSignedIn, OrderwatchError, TooMany
from orderwatch.kit.clock import Clock

LONGEST_NAME = 100
_SITE_BITS = 64
"""Of an IPv6 address, what a provider gives to one customer as a rule."""
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

    @contextmanager
    def trying(self, *, name: str, peer: str) -> Generator[None]:
        """Let a try pass; it counts from its beginning, so that many at once are no more than one after another.

        It is forgotten again unless it ends in `NotSignedIn` or `NotAllowed`.

        Raises:
            TooMany: there were too many failures.
        """
        self.check(name=name, peer=peer)
        self.note(name=name, peer=peer)
        try:
            yield
        except (NotSignedIn, NotAllowed):
            raise
        except OrderwatchError:
            self._forget(name=name, peer=peer)
            raise
        self._forget(name=name, peer=peer)

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

    def _forget(self, *, name: str, peer: str) -> None:
        for key in _keys(name, peer):
            times = self._failed.get(key)
            if times:
                times.pop()
            if not times:
                self._failed.pop(key, None)


def _keys(name: str, peer: str) -> tuple[tuple[str, str, str], ...]:
    # Nobody has a longer name, and what is kept of one must be bounded.
    name, peer = name[:LONGEST_NAME], _network(peer)
    return (("both", name, peer), ("peer", "", peer), ("name", name, ""))


def _network(peer: str) -> str:
    try:
        address = ip_address(peer)
    except ValueError:
        return peer
    return str(int(address) >> _SITE_BITS) if isinstance(address, IPv6Address) else peer
