"""How each source is, and what is new in what it says."""

from fastapi import APIRouter, Depends
from starlette.responses import Response

from orderwatch.domain.health import SeenWord, SourceHealth
from orderwatch.domain.pages import Page
from orderwatch.domain.sources import Source
from orderwatch.web.api.answers import answer, whole
from orderwatch.web.api.describing import Described
from orderwatch.web.api.params import Name
from orderwatch.web.api.ports import HealthReader, SpecKeeper
from orderwatch.web.auth.guard import Guard


def health_router(health: HealthReader, sources: SpecKeeper[Source], guard: Guard, described: Described) -> APIRouter:
    """Return the endpoints under one source."""
    router = APIRouter(prefix="/api/v1/sources", tags=["sources"], dependencies=[Depends(guard.viewer)])

    @router.get("/{name}/health", **described(SourceHealth, problems=(404,)))
    async def show_health(name: Name) -> Response:
        """Show what comes, how fast, how late, and what is refused."""
        await sources.get(name)
        return answer((await health.read()).get(name, SourceHealth()))

    @router.get("/{name}/words", **described(Page[SeenWord], problems=(404,)))
    async def list_words(name: Name) -> Response:
        """List the words and keys that were seen, newest first, the latest 200."""
        await sources.get(name)
        return whole(await health.words(name))

    return router
