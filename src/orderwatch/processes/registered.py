"""What people decided, kept in memory and read again when the registry's revision moves."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from orderwatch.domain.notifications import Channel, Route
from orderwatch.domain.registered import Registered as Entry
from orderwatch.domain.registered import Spec, is_slug
from orderwatch.domain.sources import Source
from orderwatch.kit.clock import Clock
from orderwatch.storage.registry.registry import Registry
from orderwatch.storage.registry.specs import SpecStore

Result = TypeVar("Result")

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
        self._looked_at: float | None = None
        self._look: asyncio.Future[None] | None = None
        self._refreshing = asyncio.Lock()
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
        """Return a source that was registered before this was called, by whichever process.

        Asks the registry ten times a second at most: who comes meanwhile waits for the next time, all of them together.
        """
        if not is_slug(name):
            return None
        if self._look is None:
            self._look = asyncio.ensure_future(self._look_soon())
        # Shielded: a sender that goes away must not take the answer away from those who wait with it.
        await asyncio.shield(self._look)
        return self.source(name)

    async def refresh(self) -> bool:
        """Read again if the revision has moved; say whether it had."""
        # One at a time: a slow one that began earlier must not put back what it saw.
        async with self._refreshing:
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

    async def _look_soon(self) -> None:
        if self._looked_at is not None:
            await self._clock.sleep(max(0.0, self._looked_at + _LOOK_SECONDS - self._clock.monotonic()))
        # Who comes from now on may have been registered after what is read here.
        self._look = None
        self._looked_at = self._clock.monotonic()
        await self.refresh()


class Announced(Generic[Spec]):
    """The registry's sources, channels or routes, with each change of them known to this process at once."""

    def __init__(self, store: SpecStore[Spec], cache: RegisteredCache) -> None:
        """Take what keeps them, and what must know."""
        self._store = store
        self._cache = cache
        self.entries = store.entries
        self.get = store.get

    async def create(self, spec: Spec, *, by: str) -> Entry[Spec]:
        """Register a new one."""
        return await self._known(self._store.create(spec, by=by))

    async def replace(self, spec: Spec, *, by: str) -> Entry[Spec]:
        """Put one in the place of another."""
        return await self._known(self._store.replace(spec, by=by))

    async def delete(self, name: str, *, by: str) -> None:
        """Delete one."""
        return await self._known(self._store.delete(name, by=by))

    async def restore(self, name: str, *, by: str) -> Entry[Spec]:
        """Bring back the one that was deleted last under a name."""
        return await self._known(self._store.restore(name, by=by))

    async def _known(self, change: Awaitable[Result]) -> Result:
        result = await change
        await self._cache.refresh()
        return result
