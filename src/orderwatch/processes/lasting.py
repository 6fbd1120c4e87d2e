"""Parts of a process that must not end without a word."""

from collections.abc import Awaitable, Callable

import structlog

from orderwatch.kit.clock import Clock

_PAUSE_SECONDS = 1.0


async def lasting(name: str, part: Callable[[], Awaitable[None]], *, clock: Clock) -> None:
    """Run `part` until it returns. A fault of ours in it is logged, and it begins again."""
    log = structlog.get_logger("parts")
    while True:
        try:
            return await part()
        except Exception:
            log.exception("part failed, beginning it again", part=name)
        await clock.sleep(_PAUSE_SECONDS)
