"""The platforms that a source can be of."""

from collections.abc import Sequence

from fastapi import APIRouter, Depends
from starlette.responses import Response

from orderwatch.domain.pages import Page
from orderwatch.domain.platforms import Platform
from orderwatch.web.api.answers import whole
from orderwatch.web.api.describing import Described
from orderwatch.web.auth.guard import Guard


def providers_router(platforms: Sequence[Platform], guard: Guard, described: Described) -> APIRouter:
    """Return the endpoint; `platforms` do not change while the server runs."""
    router = APIRouter(prefix="/api/v1/providers", tags=["sources"], dependencies=[Depends(guard.viewer)])

    @router.get("", **described(Page[Platform]))
    async def list_providers() -> Response:
        """List the platforms by title: how sure we are of each, and what to paste where."""
        return whole(platforms)

    return router
