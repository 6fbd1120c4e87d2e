"""The pipeline as the registry has it now: made anew when sources, channels or routes change."""

from collections.abc import Callable, Iterable

from orderwatch.config import Settings
from orderwatch.domain.events import Event
from orderwatch.normalise.reader import Reader
from orderwatch.notify.routes import Router
from orderwatch.pipeline import Pipeline
from orderwatch.processes.registered import RegisteredCache
from orderwatch.providers.catalog import open_catalog


class Pipelines:
    """Gives the pipeline for the next run."""

    def __init__(
        self, registered: RegisteredCache, *, settings: Settings, language: str, match: Callable[[Event], Iterable[str]]
    ) -> None:
        """Take what is registered; `match` says which handlers want an event."""
        self._registered = registered
        self._settings = settings
        self._language = language
        self._match = match
        self._providers = open_catalog(settings.providers).providers
        self._pipeline: Pipeline | None = None
        self._revision = -1

    async def current(self) -> Pipeline:
        """Return the pipeline; asks the registry first, so that a source added a moment ago is known."""
        await self._registered.refresh()
        # Compared here: the dispatcher asks the same cache, and may have been the first to see a change.
        if self._pipeline is None or self._registered.current.revision != self._revision:
            self._revision = self._registered.current.revision
            self._pipeline = self._make()
        return self._pipeline

    def _make(self) -> Pipeline:
        now = self._registered.current
        router = Router(
            routes=now.routes, channels=now.channels, language=self._language, base_url=self._settings.base_url
        )
        reader = Reader(sources=now.sources, providers=self._providers)
        return Pipeline(read=reader.read, route=router.drafts, match=self._match)
