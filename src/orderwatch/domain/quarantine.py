"""What was refused, and what was taken and could not be understood, side by side."""

from datetime import datetime
from typing import Literal

from msgspec import Struct


class Quarantined(Struct, frozen=True, kw_only=True):
    """One row of the quarantine's list, without its body."""

    id: str
    """``q-`` and the number of a refused request, or ``r-`` and the position of an unreadable receipt."""
    kind: Literal["rejected", "unreadable"]
    received_at: datetime
    source: str
    code: str
    reason: str
    status: int | None
    """The HTTP status that was answered; None for a receipt, which was answered well."""
    method: str | None
    path: str | None
    content_type: str | None
    size: int
    truncated: bool = False
    receipt: int | None = None
    resubmitted_at: datetime | None = None
    resubmitted_as: int | None = None


class Resubmitted(Struct, frozen=True, kw_only=True):
    """What came of submitting a quarantined request again."""

    id: str
    outcome: Literal["accepted", "duplicate", "refused"]
    receipt: int | None = None
    code: str | None = None
    reason: str | None = None
