"""What the dispatcher needs of the outbox and of the channels."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from orderwatch.domain.notifications import Attempt, Draft, Message, NotificationStatus, Outcome
from orderwatch.kit.claims import Want


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
    give_up_at: datetime | None = None
    """Set by the first try: from then on it is not tried any longer."""


class Result(Struct, frozen=True, kw_only=True):
    """What one try did to a notification."""

    id: int
    channel: str
    outcome: str
    """``sent``, ``retry`` or ``rejected``: what the try itself came to, for the sums."""
    status: NotificationStatus
    attempts: tuple[Attempt, ...]
    tries: int
    due_at: datetime
    give_up_at: datetime
    finished_at: datetime | None
    fallback: Draft | None = None
    """Goes into the outbox with the same commit, when this channel has given up."""


class Outbox(Protocol):
    """Notifications that wait, durably."""

    async def next_due(self, channels: Sequence[str]) -> Mapping[str, datetime]:
        """Return when the next one of each channel is due; a channel for which none waits is left out."""
        ...

    async def turn(self, results: Sequence[Result], *, wants: Sequence[Want], now: datetime) -> list[Due]:
        """Write down what came of tries and claim what is wanted (by channel) and due, in one transaction.

        A notification that is marked sent or failed stays so, whatever else is reported of it.
        """
        ...

    async def strangers(self, known: Sequence[str]) -> list[str]:
        """Return the channels not in `known` for which notifications wait."""
        ...


class Sender(Protocol):
    """One channel, ready to send."""

    async def send(self, due: Due) -> Outcome:
        """Try once. What can be told apart comes back as a value; anything raised counts as `Retry`."""
        ...
