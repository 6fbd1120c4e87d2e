"""What people decided, kept in memory and read again when the registry's revision moves."""

from collections.abc import Sequence

from msgspec import Struct

from orderwatch.domain.notifications import Channel, Route
from orderwatch.domain.sources import Source
from orderwatch.kit.clock import Clock
from orderwatch.storage.registry.registry import Registry

_LOOK_SECONDS = 0.1


class Registered(Struct, frozen=True, kw_only=True):
    """One revision of it."""

    revision: int
    sources: dict[str, Source]
    channels: Sequence[Channel]
    routes: Sequence[Route]


class RegisteredCache:
    """Asks for the revision each time, and for the rest only when that has moved."""

    def __init__(self, registry: Registry, *, clock: Clock) -> None:
        """Take the registry; nothing is read yet."""
        self._registry = registry
        self._clock = clock
        self._looked_at = -_LOOK_SECONDS
        self._now = Registered(revision=-1, sources={}, channels=(), routes=())

    @property
    def current(self) -> Registered:
        """Return what was read last."""
        return self._now

    def source(self, name: str) -> Source | None:
        """Return a source as it was read last; None where there is none, or it is switched off."""
        source = self._now.sources.get(name)
        return source if source is not None and source.enabled else None

    async def look_again(self, name: str) -> Source | None:
        """Return a source that may have been registered a moment ago; asks the registry ten times a second at most."""
        now = self._clock.monotonic()
        if now - self._looked_at < _LOOK_SECONDS:
            return None
        self._looked_at = now
        await self.refresh()
        return self.source(name)

    async def refresh(self) -> bool:
        """Read again if the revision has moved; say whether it had."""
        revision = await self._registry.revision()
        if revision == self._now.revision:
            return False
        self._now = Registered(
            revision=revision,
            sources={source.name: source for source in await self._registry.sources.specs()},
            channels=await self._registry.channels.specs(),
            routes=await self._registry.routes.specs(),
        )
        return True
