"""How a source is: what comes, how fast, how late, what is refused, and what is new in it."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

MOST_WORDS = 500
"""Words and keys that are kept of one source."""


class Lag(Struct, frozen=True, kw_only=True):
    """Received less occurred, over the latest events that say when they happened; None where none does."""

    p50_seconds: float | None = None
    p95_seconds: float | None = None
    events: int = 0


class Signatures(Struct, frozen=True, kw_only=True):
    """Requests that did not prove where they come from."""

    failures: int = 0
    """In the last hour."""
    of: int = 0
    """Events and failures of the last hour together."""
    last_at: datetime | None = None
    """The last failure of the past day."""
    failing_since: datetime | None = None
    """The first failure since anything was taken, within the past day; None where something was taken after it."""
    failures_since: int = 0
    """How many there were since then: one alone may be anybody's."""
    worked_until: datetime | None = None
    """When the source's last request was taken before that: it had worked, so a secret was changed, perhaps."""


class SourceHealth(Struct, frozen=True, kw_only=True):
    """One source, now. Counts without a time are of all that is kept."""

    last_received_at: datetime | None = None
    per_minute: float = 0.0
    """Events in the mean over the last five complete minutes."""
    usual_per_minute: float | None = None
    """At this time of day, in the mean over the past days; None in the first day."""
    usual_days: int = 0
    """Of how many days; at most 14."""
    lag: Lag = Lag()
    signatures: Signatures = Signatures()
    events: int = 0
    duplicates: int = 0
    conflicts: int = 0
    unreadable: int = 0
    unknown: int = 0
    """Events whose type nobody knows."""
    rejected: int = 0
    """Refused requests that wait in the quarantine."""
    news: int = 0
    """Words and keys that are new since yesterday."""


class SeenWord(Struct, frozen=True, kw_only=True):
    """A word for what happened, or a key that no field has taken."""

    kind: Literal["event", "field"]
    word: str
    meaning: str | None
    """The canonical event type that it was taken for; None for a key."""
    first_at: datetime
    receipt: int
    """The one that said it first."""
    is_new: bool
    """It came within the past day, and more than a day after the source's first."""
