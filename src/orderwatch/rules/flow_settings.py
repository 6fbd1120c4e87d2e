"""What can be set of the flow rules. The defaults are measured: see docs/detection.md."""

from typing import Annotated

from msgspec import Meta, Struct

Positive = Annotated[float, Meta(gt=0)]
Share = Annotated[float, Meta(gt=0, lt=1)]


class FlowLimits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of one stream, or of all."""

    enabled: bool = True
    may_page: bool = True
    """Whether it may page at all, or only warn."""
    false_pages: Annotated[float, Meta(ge=0.001, le=1000)] = 1.0
    """Budget: how many false pages in 30 days one may cost. The stores of a platform have one budget together."""
    warnings_per_page: Annotated[float, Meta(ge=1, le=1000)] = 10.0
    """How many times as often as a page a false warning may come."""


class FlowOverride(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits for what has this source, region and store; None means any. The last one that fits counts."""

    source: str | None = None
    region: str | None = None
    store_id: str | None = None
    limits: FlowLimits


class FlowSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All flow rules."""

    limits: FlowLimits = FlowLimits()
    overrides: tuple[FlowOverride, ...] = ()
    zone: str = "UTC"
    """IANA zone whose hours and weekdays the baseline goes by."""
    learning_days: Annotated[int, Meta(ge=1, le=60)] = 7
    """How long a stream only learns."""
    trial_days: Annotated[int, Meta(ge=2, le=90)] = 14
    """Until when after its start a stream's own false alarms are measured."""
    silence_share: Share = 0.02
    """What still comes through when a stream counts as silent."""
    drop_share: Share = 0.3
    """What still comes through when a stream counts as dropped."""
    surge_factor: Annotated[float, Meta(gt=1.2, le=100)] = 3.0
    half_life_minutes: Annotated[float, Meta(ge=5, le=10_000)] = 60.0
    """Of the slow level: how soon a stream's present strength is forgotten."""
    memory_days: Annotated[float, Meta(ge=3, le=1000)] = 28.0
    """Of the baseline: after so many days an observation counts half."""
    fixed_minutes: Annotated[int, Meta(ge=5, le=1440)] = 30
    """Silence of a lively platform that warns while it is learning."""

    def limits_of(self, *, source: str | None, region: str | None, store_id: str | None) -> FlowLimits:
        """Return the limits of a stream."""
        found = self.limits
        for entry in self.overrides:
            asked = ((entry.source, source), (entry.region, region), (entry.store_id, store_id))
            if all(wanted is None or wanted == has for wanted, has in asked):
                found = entry.limits
        return found
