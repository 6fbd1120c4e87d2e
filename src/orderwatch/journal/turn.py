"""Who may write where the journal lies: groups, queued one behind another, or one other writer alone.

Two writers of one SQLite file starve each other, so whoever else writes there (the quarantine) waits for its turn here.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Turn:
    """Shared by groups; `async with turn` is for one other writer alone, before whom no new group begins."""

    def __init__(self) -> None:
        """Begin with nobody writing."""
        self._groups = 0
        self._others = 0
        self._other_writes = False
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def group(self) -> AsyncGenerator[None]:
        """Wait until no other writer writes or waits; several groups may be within, for the journal queues them."""
        if self._others:
            async with self._changed:
                await self._changed.wait_for(lambda: not self._others)
        self._groups += 1
        try:
            yield
        finally:
            self._groups -= 1
            if self._others:
                await self._tell()

    async def __aenter__(self) -> None:
        """Wait until nobody writes, and keep everybody else out."""
        self._others += 1
        try:
            async with self._changed:
                await self._changed.wait_for(lambda: not self._groups and not self._other_writes)
        except BaseException:
            self._others -= 1
            await self._tell()
            raise
        self._other_writes = True

    async def __aexit__(self, *_: object) -> None:
        """Let the others in."""
        self._other_writes = False
        self._others -= 1
        await self._tell()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()
