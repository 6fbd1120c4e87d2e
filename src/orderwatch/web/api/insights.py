"""The figures of the live board; and alerts and rules, of which there are none yet."""

from collections.abc import Callable

from fastapi import APIRouter, Depends
from starlette.responses import Response

from orderwatch.domain.pages import Page
from orderwatch.domain.stats import Stats
from orderwatch.web.api.answers import answer, whole
from orderwatch.web.api.describing import Described
from orderwatch.web.api.ports import StatsReader
from orderwatch.web.auth.guard import Guard


def insights_router(stats: StatsReader, readers: Callable[[], int], guard: Guard, described: Described) -> APIRouter:
    """Return the endpoints; `readers` tells how many streams are open."""
    router = APIRouter(prefix="/api/v1", dependencies=[Depends(guard.viewer)])

    @router.get("/insights/summary", tags=["insights"], **described(Stats))
    async def summary() -> Response:
        """Show the figures of the live board."""
        return answer(await stats.read(readers=readers()))

    @router.get("/alerts", tags=["alerts"], **described(Page[dict[str, str]]))
    async def list_alerts() -> Response:
        """List alerts. This version has no rules, so nothing is judged and nothing fires."""
        return whole([])

    @router.get("/rules", tags=["alerts"], **described(Page[dict[str, str]]))
    async def list_rules() -> Response:
        """List rules. This version has none."""
        return whole([])

    return router
