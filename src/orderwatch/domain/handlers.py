"""Runs of the user's own Python, for people to look at."""

from datetime import datetime

from msgspec import Struct


class DeadRun(Struct, frozen=True, kw_only=True):
    """A run that has given up; it waits to be run again or dismissed."""

    id: int
    handler: str
    receipt: int
    index: int
    source: str
    order_id: str | None
    type: str
    tries: int
    created_at: datetime
    last_error: str | None
