"""One stream of events: of the account, a source, a region of it, or a store."""

from collections.abc import Sequence
from math import exp, log, sqrt

from msgspec import Struct, field

from orderwatch.domain.findings import Finding, Scope
from orderwatch.rules.baseline import Baseline
from orderwatch.rules.calendar import DAY
from orderwatch.rules.flow_settings import FlowSettings
from orderwatch.rules.likelihood import poisson_upper_tail
from orderwatch.rules.track import Track, Window

STORE_STEP = 5
_LEAST_PAGE_WEIGHT = 7.0
_LEAST_WARN_WEIGHT = 4.0
_BUDGET_DAYS = 30
# A store closes for a day as it likes, and looks the same then: it must be that much surer before it pages.
_STORE_PAGE_WEIGHT = log(20)
_SURELY_OVER = 0.05
_SPREAD_AFTER_DAYS = 3


class Firing(Struct, kw_only=True):
    """A finding that holds, and what speaks for its end."""

    finding: Finding
    began: int
    """The first minute of the window that made it fire."""
    fired: int
    peak: float = 0.0
    """The most that it has weighed."""
    back: float = 0.0
    """What speaks, in nats, for the stream having come back."""
    would_page: bool = False
    lasting: bool = False
    """Whether a surge has gone on for so long that it is learnt."""


class Block(Struct, frozen=True):
    """Minutes that wait to be learnt: not before it is sure that they lie in no fault."""

    minute: int
    week_minute: int
    count: float
    minutes: float


class Trial(Struct, kw_only=True):
    """The stream's own false alarms, measured while it was young."""

    days: float = 0.0
    pages: int = 0
    over: bool = False
    """Whether it is done with."""

    def exceeds(self, false_pages: float) -> bool:
        """Say whether so many pages could hardly have come by chance from a stream within its budget."""
        expected = false_pages * self.days / _BUDGET_DAYS
        return self.pages > 1 and poisson_upper_tail(self.pages, expected=expected) < _SURELY_OVER


class Stream(Struct, kw_only=True):
    """All that is known of a stream. Changed only by the functions of this stage."""

    scope: Scope
    step: int = 1
    """How many minutes it is looked at together."""
    keep: float = 1.0
    """What share of its level it keeps over a step."""
    begun: int
    """The minute of its first event."""
    baseline: Baseline
    track: Track | None = None
    """None for a store that has too few events to be judged."""
    plan: list[float] = []
    """What is expected in each step of the present UTC day."""
    doubts: list[float] = []
    """The relative variance of that, by how little is known of it."""
    page_weight: float = 0.0
    warn_weight: float = 0.0
    false_pages: float = 1.0
    may_page: bool = True
    enabled: bool = True
    firing: Firing | None = None
    surge: Firing | None = None
    relearn_days: int = 0
    """For how many days more even faults are learnt, after a change that has lasted."""
    recovered: bool = False
    """Whether a page of it ended with the last step."""
    closed: bool = False
    filling: int = 0
    """Events of the step that is not over."""
    block: int = 0
    """Events of the block that is not over."""
    spoilt: bool = False
    """Whether a part of that block lies in a fault."""
    waiting: list[Block] = []
    hour: int = 0
    hour_spoilt: bool = True
    """Whether a part of the hour lies in a fault, or before its first event."""
    trial: Trial = field(default_factory=Trial)

    @property
    def is_store(self) -> bool:
        """Say whether it is a store's."""
        return self.step == STORE_STEP

    @property
    def is_down(self) -> bool:
        """Say whether a fault of it is known, by its baseline."""
        return self.firing is not None and not self.firing.finding.evidence.learning

    @property
    def is_unusual(self) -> bool:
        """Say whether it is not itself, so that its level stands still."""
        return self.is_down or self.surge is not None

    @property
    def is_faulty(self) -> bool:
        """Say whether what it does is so unusual that the baseline must not learn it.

        What only warns is learnt, or what is unusual again each day would never become usual.
        """
        if self.relearn_days:
            return False
        return self.is_out or (self.surge is not None and not self.surge.lasting)

    @property
    def is_out(self) -> bool:
        """Say whether its fault is beyond a warning: what lies below it has the same one."""
        return self.firing is not None and self.firing.would_page

    def age_days(self, minute: int) -> float:
        """Return how long it is known."""
        return (minute - self.begun) / DAY

    def is_learning(self, minute: int, settings: FlowSettings) -> bool:
        """Say whether too little is known to judge it."""
        return minute - self.begun < settings.learning_days * DAY

    def is_over_budget(self) -> bool:
        """Say whether its own trial forbids it to page."""
        return self.trial.exceeds(self.false_pages)

    def why_not_page(self) -> str:
        """Return why it may only warn: ``settings`` or ``over_budget``; nothing where it may page."""
        if not self.may_page:
            return "settings"
        return "over_budget" if self.is_over_budget() else ""

    def set_limits(self, settings: FlowSettings, *, per_day: float) -> None:
        """Take its limits; `per_day` is how many events come to all streams that share the budget.

        About as many windows are tried as there are events, and one is wrong as rarely as e to the minus weight.
        """
        scope = self.scope
        limits = settings.limits_of(source=scope.source, region=scope.region, store_id=scope.store_id)
        self.keep = exp(-log(2) * self.step / settings.half_life_minutes)
        self.enabled, self.may_page, self.false_pages = limits.enabled, limits.may_page, limits.false_pages
        trials = max(1.0, per_day * _BUDGET_DAYS)
        weight = max(_LEAST_PAGE_WEIGHT, log(trials / limits.false_pages))
        self.warn_weight = max(_LEAST_WARN_WEIGHT, weight - log(limits.warnings_per_page))
        self.page_weight = weight + (_STORE_PAGE_WEIGHT if self.is_store else 0.0)

    def count(self, events: int) -> None:
        """Take events of the present minute."""
        self.filling += events
        self.block += events
        self.hour += events

    def spoil(self, since: int) -> None:
        """Learn nothing from the minutes `since` then."""
        if self.relearn_days:
            return
        self.waiting = [block for block in self.waiting if block.minute + block.minutes <= since]
        self.spoilt = self.hour_spoilt = True

    def close_block(self, begin: int, *, week_minute: int, minutes: int, delay: int) -> None:
        """End the block of `minutes` that began with `begin`; learn what has waited for `delay` blocks."""
        if not self.spoilt:
            self.waiting.append(Block(begin, week_minute, float(self.block), float(minutes)))
        self.block, self.spoilt = 0, self.is_faulty
        while self.waiting and self.waiting[0].minute <= begin - delay * minutes:
            ripe = self.waiting.pop(0)
            self.baseline.learn(ripe.count, week_minute=ripe.week_minute, minutes=ripe.minutes)

    def close_hour(self, minute: int) -> None:
        """End the hour before `minute`: learn how far it was from what was expected."""
        if self.track is not None and not self.hour_spoilt and self.age_days(minute) >= _SPREAD_AFTER_DAYS:
            begin = (minute - 60) % DAY // self.step
            places = range(begin, begin + 60 // self.step)
            expected = sum(self.plan[place] for place in places)
            doubt = sum(self.plan[place] * sqrt(self.doubts[place]) for place in places)
            self.baseline.learn_spread(self.hour, expected=expected, doubt=doubt**2)
        self.hour, self.hour_spoilt = 0, self.is_faulty


def rest_of(window: Window, children: Sequence[Stream], *, step: int) -> tuple[float, float]:
    """Return what came and what was expected in `window` without the `children`."""
    came, wanted = window.actual, window.expected
    for child in children:
        track = child.track
        if track is None:
            continue
        steps = min(track.at, -(-window.steps * step // child.step), len(track.actual) - 1)
        actual, expected = track.totals(steps)
        came -= actual
        wanted -= expected * track.level(steps)
    return max(0.0, came), max(0.0, wanted)
