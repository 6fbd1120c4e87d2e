"""What the dispatcher needs of the outbox and of the channels."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from orderwatch.domain.notifications import Attempt, Draft, Message, NotificationStatus, Outcome


class Due(Struct, frozen=True, kw_only=True):
    """A notification whose time has come."""

    id: int
    cause: str
    channel: str
    route: str | None
    source: str | None
    order_id: str | None
    message: Message
    attempts: tuple[Attempt, ...]
    tries: int
    created_at: datetime


class Result(Struct, frozen=True, kw_only=True):
    """What one try did to a notification."""

    id: int
    status: NotificationStatus
    attempts: tuple[Attempt, ...]
    tries: int
    due_at: datetime
    finished_at: datetime | None
    fallback: Draft | None = None
    """Goes into the outbox with the same commit, when this channel has given up."""


class Outbox(Protocol):
    """Notifications that wait, durably."""

    async def claim(self, *, now: datetime, until: datetime, limit: int, without: Sequence[str]) -> list[Due]:
        """Return up to `limit` due ones of channels not in `without`, which nobody else gets before `until`."""
        ...

    async def record(self, results: Sequence[Result], *, now: datetime) -> None:
        """Write down what came of tries, all in one transaction."""
        ...

    async def next_due(self) -> datetime | None:
        """Return when the next one is due; None when none waits."""
        ...


class Sender(Protocol):
    """One channel, ready to send."""

    async def send(self, due: Due) -> Outcome:
        """Try once. What can be told apart comes back as a value; anything raised counts as `Retry`."""
        ...
