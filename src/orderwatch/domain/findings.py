"""What a rule has seen, with what it rests on. Alerts are made of findings."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class RuleName(StrEnum):
    """The flow rules. Those of stores are the same tests on a store's own stream."""

    PLATFORM_SILENCE = "platform_silence"
    """Nothing, or next to nothing, comes from a platform, one of its regions, or from all of them."""
    PLATFORM_DROP = "platform_drop"
    """Much less comes than should."""
    STORE_SILENCE = "store_silence"
    STORE_DROP = "store_drop"
    SURGE = "surge"
    """Far more comes than should."""


class Severity(StrEnum):
    """Whether it can wait."""

    WARN = "warn"
    PAGE = "page"


class Level(StrEnum):
    """How wide a scope is: each holds those after it."""

    ACCOUNT = "account"
    """All sources together."""
    PLATFORM = "platform"
    """One source, or, where `Scope.region` is set, that region of it."""
    STORE = "store"
    ORDER = "order"


class Scope(Struct, frozen=True, kw_only=True):
    """What a finding is about."""

    level: Level
    source: str | None = None
    region: str | None = None
    store_id: str | None = None
    order_id: str | None = None


class Ending(StrEnum):
    """Why a finding holds no more."""

    RECOVERED = "recovered"
    ESCALATED = "escalated"
    """It goes on as another finding, of a higher severity."""
    INSIDE = "inside"
    """A wider scope has the same fault, and holds it inside."""
    NEW_NORMAL = "new_normal"
    """It has lasted so long that it is what is usual from now on."""
    CLOSED = "closed"
    """The store was closed."""


class Evidence(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a finding rests on: counts of events in the window that told the most."""

    expected: float
    actual: int
    window_minutes: int
    since: datetime
    """When the window begins: about when the fault did."""
    usual_per_hour: float = 0.0
    """What the stream's baseline says of this hour."""
    level: float = 1.0
    """How far the hour before the window was from the baseline: 1 is as usual."""
    weight: float = 0.0
    """The log-likelihood ratio, in nats, of the fault against a usual day."""
    peak_weight: float = 0.0
    """The most that it has weighed, once it is over."""
    page_weight: float = 0.0
    """The `weight` from which on the rule pages."""
    steadiness: float = 0.0
    """Shape of the Gamma distribution of the stream's own swings; a relative variance of 1 / steadiness."""
    learning: bool = False
    """The baseline is not known yet: a fixed number of minutes was the limit."""
    held_back: str = ""
    """Why it may only warn: ``learning``, ``over_budget`` or ``settings``."""
    trial_days: float = 0.0
    """Over how many days the stream's own false alarms were measured."""
    trial_pages: int = 0
    """How many pages it would have sent in them."""
    inside: Scope | None = None
    ending: Ending | None = None


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that a rule saw. Identified by (`rule`, `severity`, `scope`, `fired_at`)."""

    rule: RuleName
    severity: Severity
    scope: Scope
    fired_at: datetime
    resolved_at: datetime | None = None
    evidence: Evidence
