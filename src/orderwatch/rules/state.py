"""The state of the flow rules, and what goes into it each minute."""

from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct

from orderwatch.rules.stream import Stream

Origin = tuple[str, str | None, str | None]
"""Source, region, store."""


class MinuteCounts(Struct, frozen=True, kw_only=True):
    """What came in one minute, and which stores closed or opened in it."""

    events: Mapping[Origin, int] = {}
    closed: tuple[Origin, ...] = ()
    opened: tuple[Origin, ...] = ()


class Watch(Struct, kw_only=True):
    """The state of the flow rules."""

    minute: int | None = None
    """The last one that was stepped through."""
    trial_until: int | None = None
    """Until when trials run; by default as many days after a stream's begin as the settings say."""
    week_plan: list[int] = []
    """At which minute of the local week each hour of the present UTC day begins."""
    tracked: dict[str, list[str]] = {}
    """By source, the stores that have enough events to be judged today."""
    is_shared: bool = False
    """Whether no platform has nearly all events: else the account is that platform under another name."""
    account: Stream | None = None
    platforms: dict[str, Stream] = {}
    regions: dict[str, dict[str, Stream]] = {}
    stores: dict[str, dict[str, Stream]] = {}

    def wide(self) -> Iterator[Stream]:
        """Yield the streams of the account, the sources and their regions."""
        if self.account is not None:
            yield self.account
        yield from self.platforms.values()
        for group in self.regions.values():
            yield from group.values()

    def streams(self) -> Iterator[Stream]:
        """Yield every stream, wide ones first."""
        yield from self.wide()
        for group in self.stores.values():
            yield from group.values()


def encode(watch: Watch) -> bytes:
    """Return the state as bytes."""
    return msgspec.msgpack.encode(watch)


def decode(state: bytes) -> Watch:
    """Return the state that `encode` made bytes of."""
    return msgspec.msgpack.decode(state, type=Watch)
