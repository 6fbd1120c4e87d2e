"""What people decided, kept in memory and read again when the registry's revision moves."""

from collections.abc import Sequence

from msgspec import Struct

from orderwatch.domain.notifications import Channel, Route
from orderwatch.domain.sources import Source
from orderwatch.storage.registry.registry import Registry


class Registered(Struct, frozen=True, kw_only=True):
    """One revision of it."""

    revision: int
    sources: dict[str, Source]
    channels: Sequence[Channel]
    routes: Sequence[Route]


class RegisteredCache:
    """Asks for the revision each time, and for the rest only when that has moved."""

    def __init__(self, registry: Registry) -> None:
        """Take the registry; nothing is read yet."""
        self._registry = registry
        self._now = Registered(revision=-1, sources={}, channels=(), routes=())

    @property
    def current(self) -> Registered:
        """Return what was read last."""
        return self._now

    def source(self, name: str) -> Source | None:
        """Return a source as it was read last; None where there is none, or it is switched off."""
        source = self._now.sources.get(name)
        return source if source is not None and source.enabled else None

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
