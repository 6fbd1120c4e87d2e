"""Opens the store for a verb that works on it beside the server."""

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from msgspec import Struct

from orderwatch.config import Settings
from orderwatch.kit.clock import SystemClock
from orderwatch.storage.engines import Engines, open_engines
from orderwatch.storage.registry.registry import Registry
from orderwatch.storage.schema import prepare
from orderwatch.storage.vault import open_vault

T = TypeVar("T")

BY = "command line"
"""Who did it, for the audit."""


class Store(Struct, frozen=True, kw_only=True):
    """The open store."""

    engines: Engines
    registry: Registry


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncGenerator[Store]:
    """Open the store, made and brought up to date where it is not; safe while the server runs."""
    engines = open_engines(settings.folder, settings.database)
    try:
        await prepare(engines)
        vault = open_vault(settings.folder, secret=os.environ.get("ORDERWATCH_SECRET_KEY"))
        registry = Registry(engines.registry, vault=vault, clock=SystemClock())
        await registry.seed()
        yield Store(engines=engines, registry=registry)
    finally:
        await engines.dispose()


def in_store(settings: Settings, work: Callable[[Store], Awaitable[T]]) -> T:
    """Open the store, do `work` in it, close it, and return what came of it."""

    async def run() -> T:
        async with open_store(settings) as store:
            return await work(store)

    return asyncio.run(run())
