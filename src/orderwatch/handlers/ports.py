"""What the runner needs of the store."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from orderwatch.domain.events import Event
from orderwatch.domain.notifications import Draft
from orderwatch.domain.orders import Order
from orderwatch.kit.claims import Want


class Run(Struct, frozen=True, kw_only=True):
    """One handler to run for one event."""

    id: int
    handler: str
    tries: int
    last_error: str | None
    event: Event
    order: Order | None


class Done(Struct, frozen=True, kw_only=True):
    """A run that went well: it is forgotten, and what it wants told goes into the outbox."""

    id: int
    drafts: Sequence[Draft] = ()


class Failed(Struct, frozen=True, kw_only=True):
    """A run that did not go well. The next try is at `due`, or never: then it is dead, and waits for a person."""

    id: int
    tries: int
    error: str | None
    due: datetime | None


class RunStore(Protocol):
    """Runs that wait, durably."""

    async def next_due(self, handlers: Sequence[str]) -> Mapping[str, datetime]:
        """Return when the next run of each handler is due; a handler for which none waits is left out."""
        ...

    async def turn(self, results: Sequence[Done | Failed], *, wants: Sequence[Want], now: datetime) -> list[Run]:
        """Write down how runs went and claim what is wanted (by handler) and due, in one transaction."""
        ...

    async def strangers(self, known: Sequence[str]) -> list[str]:
        """Return the handlers not in `known` for which runs wait."""
        ...
