"""Who is told what, by which way, and how it went."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct


class Channel(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to reach people or machines. `kind` names a folder of `channels`; `settings` are that kind's own."""

    name: str
    kind: str
    settings: dict[str, Any] = {}
    enabled: bool = True
    fallback: str | None = None
    """The channel to try when this one has given up."""


class Route(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which events go to which channels. Empty filters match everything."""

    name: str
    event_types: tuple[str, ...] = ("order.created",)
    sources: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    enabled: bool = True


class Message(Struct, frozen=True, kw_only=True):
    """What a channel is given to send. `title` and `text` are for people, `payload` for machines."""

    title: str
    text: str
    payload: dict[str, Any] = {}
    severity: str = "info"
    link: str | None = None


class NotificationStatus(StrEnum):
    """A notification's life."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    """Rejected, or given up after the last retry."""


class Draft(Struct, frozen=True, kw_only=True):
    """A notification before it is in the outbox. `cause` is unique per channel: the same one is never made twice."""

    cause: str
    channel: str
    route: str | None
    message: Message
    source: str | None = None
    order_id: str | None = None


class Attempt(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One try at sending."""

    at: datetime
    outcome: str
    """``sent``, ``retry`` or ``rejected``."""
    detail: str = ""
    took_ms: int = 0


class Sent(Struct, frozen=True, kw_only=True):
    """The channel took it."""

    detail: str = ""


class Retry(Struct, frozen=True, kw_only=True):
    """It may work later; `after` is what the other side asked for, if it did."""

    detail: str
    after: timedelta | None = None


class Rejected(Struct, frozen=True, kw_only=True):
    """It will never work as it is."""

    detail: str


Outcome = Sent | Retry | Rejected


class Notification(Struct, frozen=True, kw_only=True):
    """A notification as the outbox has it, for people to look at."""

    id: int
    cause: str
    channel: str
    kind: str | None = None
    """The channel's kind; None when it exists no more."""
    route: str | None
    source: str | None
    order_id: str | None
    title: str
    text: str
    severity: str
    link: str | None
    status: NotificationStatus
    tries: int
    attempts: tuple[Attempt, ...] = ()
    created_at: datetime
    due_at: datetime
    finished_at: datetime | None
