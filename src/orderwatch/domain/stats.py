"""The figures of the live board."""

from datetime import datetime

from msgspec import Struct


class EventRate(Struct, frozen=True, kw_only=True):
    """Distinct events by the minute they were received in."""

    last: int
    """In the last complete minute."""
    series: tuple[int, ...]
    """In each of the last 60 complete minutes, oldest first."""


class Cancelled(Struct, frozen=True, kw_only=True):
    """How many of the orders that ended were cancelled."""

    cancelled: int
    ended: int
    share: float | None


class TimeToAccept(Struct, frozen=True, kw_only=True):
    """From placed to accepted; None where no order was."""

    p50_seconds: float | None
    p90_seconds: float | None
    orders: int


class OnTime(Struct, frozen=True, kw_only=True):
    """How many of the delivered orders that had a promise kept it."""

    on_time: int
    delivered: int
    share: float | None


class SourceLight(Struct, frozen=True, kw_only=True):
    """Whether a source is still talking."""

    source: str
    enabled: bool = True
    last_received_at: datetime | None
    per_minute: float
    events: int
    unreadable: int


class Progress(Struct, frozen=True, kw_only=True):
    """How far the worker is behind the journal."""

    lag_seconds: float
    """Age of the oldest receipt that is not processed; 0 when there is none."""
    behind: int
    """About how many receipts wait."""
    worker_seen_at: datetime | None


class Stats(Struct, frozen=True, kw_only=True):
    """All figures of the live board at one moment."""

    at: datetime
    open: int
    by_status: dict[str, int]
    events_per_minute: EventRate
    ended_60_min: int
    cancelled_30_min: Cancelled
    time_to_accept: TimeToAccept
    on_time_60_min: OnTime
    sources: tuple[SourceLight, ...]
    pipeline: Progress
    readers: int = 0


class Activity(Struct, frozen=True, kw_only=True):
    """What a source has sent."""

    last_received_at: datetime | None = None
    events: int = 0
    duplicates: int = 0
    conflicts: int = 0
    unreadable: int = 0
    rejected: int = 0
    """How many refused requests wait in the quarantine."""
    per_minute: float = 0.0
    """Events in the mean over the last five complete minutes."""


class Totals(Struct, frozen=True, kw_only=True):
    """What the metrics tell of the store."""

    progress: Progress
    orders: dict[str, int]
    """By status."""
    notifications: dict[str, int]
    """By status."""
    tries: dict[tuple[str, str], int]
    """Tries at sending, by channel and outcome."""
    handler_runs: dict[str, int]
    """By status."""
    quarantine: dict[str, int]
    """Refused requests that wait, by code."""
    dropped: dict[str, int]
    """Refused requests that were thrown away, by code."""
    unreadable: int
