"""What the runner needs of the store."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from orderwatch.domain.events import Event
from orderwatch.domain.notifications import Draft
from orderwatch.domain.orders import Order


class Run(Struct, frozen=True, kw_only=True):
    """One handler to run for one event."""

    id: int
    handler: str
    tries: int
    event: Event
    order: Order | None


class RunStore(Protocol):
    """Runs that wait, durably."""

    async def claim(self, *, now: datetime, until: datetime, limit: int) -> list[Run]:
        """Return up to `limit` due runs, which nobody else gets before `until`."""
        ...

    async def succeed(self, run: Run, drafts: Sequence[Draft], *, now: datetime) -> None:
        """Forget a run that went well, and put what it wants told into the outbox, in one transaction."""
        ...

    async def fail(self, run: Run, error: str, *, due: datetime | None) -> None:
        """Note a failed try; the next is at `due`, or never: then it is dead, and waits for a person."""
        ...

    async def next_due(self) -> datetime | None:
        """Return when the next run is due; None when none waits."""
        ...
