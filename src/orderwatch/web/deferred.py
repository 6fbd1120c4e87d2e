"""An application that is made when it is first asked."""

import asyncio
from collections.abc import Callable

from orderwatch.web.asgi import App, Receive, Scope, Send


class Deferred:
    """Stands in for an application whose import costs much: a webhook need not wait for the API's framework."""

    def __init__(self, make: Callable[[], App]) -> None:
        """Take what makes it; called in a thread, once if it succeeds."""
        self._make = make
        self._making: asyncio.Future[App] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, once the application is made."""
        if self._making is None or (self._making.done() and self._making.exception() is not None):
            self._making = asyncio.ensure_future(asyncio.to_thread(self._make))
        # Shielded: a reader that goes away must not take the application away from those who wait with it.
        app = await asyncio.shield(self._making)
        await app(scope, receive, send)
