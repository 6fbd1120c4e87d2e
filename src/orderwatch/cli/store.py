"""Opens the store for a verb that works on it beside the server."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from orderwatch.config import Settings
from orderwatch.kit.clock import SystemClock
from orderwatch.processes.opening import Store, open_store

T = TypeVar("T")

BY = "command line"
"""Who did it, for the audit."""


def in_store(settings: Settings, work: Callable[[Store], Awaitable[T]]) -> T:
    """Open the store (made and migrated where it is not), do `work` in it, close it, and return what came of it.

    Safe while the server runs.
    """

    async def run() -> T:
        async with open_store(settings, SystemClock(), migrate=True) as store:
            return await work(store)

    return asyncio.run(run())
