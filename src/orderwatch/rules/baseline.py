"""What is usual: a smooth daily profile, and how each hour of the week differs from it.

Both are Gamma-Poisson means: counts over minutes watched, each shrunken towards the next coarser one as if a few events
had been seen there. What was learnt fades, so that a new observation weighs more than an old one.
"""

from collections.abc import Sequence
from math import exp, log

from msgspec import Struct, field

from orderwatch.rules.calendar import DAY, WEEK_HOURS, WEEK_MINUTES

BIN = 5
"""Minutes that the daily profile lumps together."""
BINS = DAY // BIN
_BINS_PER_HOUR = 60 // BIN
_REACH = 9
_SIGMA = 3.0  # 15 minutes; between 10 and 25 all predict alike.
_TAPS = [exp(-0.5 * (step / _SIGMA) ** 2) for step in range(-_REACH, _REACH + 1)]
_WEEK_PRIOR = 10.0
_DAY_PRIOR = 5.0
_SHIFT = 10
"""By how many minutes the beginning and end of rush hours are uncertain."""
_EDGE = 4.0
"""From how many standard deviations on a bin is believed against the smooth profile."""
_SLOPE_FLOOR = 1e-4
_HEAVIEST = 1e6
_SPREAD_HALF_LIFE_DAYS = 7.0
# Before much is known, a relative variance of 0.1, believed as if some hours with 200 squared events had shown it.
_SPREAD_PRIOR = (20.0, 200.0)
_STEADIEST = 150.0
_UNSTEADIEST = 0.4


def _zeros(count: int) -> list[float]:
    return [0.0] * count


class Baseline(Struct, kw_only=True):
    """What a stream has learnt. Sums are weighted: the latest day weighs `gain`."""

    gain: float = 1.0
    week: list[float] = field(default_factory=lambda: _zeros(WEEK_HOURS))
    """Events in each hour of the week."""
    week_minutes: list[float] = field(default_factory=lambda: _zeros(WEEK_HOURS))
    """Minutes in which it was watched and well."""
    bins: list[float] = []
    """Events in each five minutes of the day. Empty in a stream that takes its profile from the one above it."""
    bin_minutes: list[float] = []
    spread: float = _SPREAD_PRIOR[0]
    spread_weight: float = _SPREAD_PRIOR[1]

    def learn(self, count: float, *, week_minute: int, minutes: float) -> None:
        """Take in that `count` events came in `minutes` that began at `week_minute`."""
        hour = week_minute // 60
        self.week[hour] += count * self.gain
        self.week_minutes[hour] += minutes * self.gain
        if self.bins:
            place = week_minute % DAY // BIN
            self.bins[place] += count * self.gain
            self.bin_minutes[place] += minutes * self.gain

    def learn_spread(self, count: float, *, expected: float, doubt: float) -> None:
        """Take in how far an hour's `count` was from what had been `expected` of it before.

        What chance and the `doubt` about the baseline (a variance) explain is no swing of the stream.
        """
        self.spread += (count - expected) ** 2 - expected - doubt
        self.spread_weight += expected**2

    @property
    def steadiness(self) -> float:
        """Return the shape of the stream's swings: half of what it swings by is the slow level's."""
        if self.spread <= 2 * self.spread_weight / _STEADIEST:
            return _STEADIEST
        return max(_UNSTEADIEST, 2 * self.spread_weight / self.spread)

    @property
    def per_day(self) -> float:
        """Return how many events come on a day, in the mean."""
        watched = sum(self.week_minutes)
        return sum(self.week) / watched * DAY if watched else 0.0

    def fade(self, *, memory_days: float) -> None:
        """Let a day pass: what is learnt from now on weighs a little more."""
        self.gain *= 2 ** (1 / memory_days)
        kept = 2 ** (-1 / _SPREAD_HALF_LIFE_DAYS)
        self.spread = kept * self.spread + (1 - kept) * _SPREAD_PRIOR[0]
        self.spread_weight = kept * self.spread_weight + (1 - kept) * _SPREAD_PRIOR[1]
        if self.gain > _HEAVIEST:
            self._lighten()

    def _lighten(self) -> None:
        for sums in (self.week, self.week_minutes, self.bins, self.bin_minutes):
            sums[:] = [value / self.gain for value in sums]
        self.gain = 1.0


def profiled() -> Baseline:
    """Return an empty baseline with a daily profile of its own."""
    return Baseline(bins=_zeros(BINS), bin_minutes=_zeros(BINS))


def minute_rates(baseline: Baseline, week_minutes: Sequence[int]) -> list[float]:
    """Return the events expected in each minute of a day whose hours begin at `week_minutes` (see `calendar`)."""
    profile = _profile(baseline)
    ratios = _week_ratios(baseline, profile)
    return [
        _between(profile, minute % DAY / BIN - 0.5) * _between(ratios, minute % WEEK_MINUTES / 60 - 0.5)
        for begin in week_minutes
        for minute in range(begin, begin + 60)
    ]


def minute_doubts(baseline: Baseline, week_minutes: Sequence[int], rates: Sequence[float]) -> list[float]:
    """Return the relative variance that the baseline's own uncertainty gives each minute of the day with `rates`.

    It has two parts: few events were seen in this hour of the week, and rush hours begin and end some minutes sooner or
    later than usual, which matters where the profile is steep.
    """
    seen = [1 / (count / baseline.gain + _WEEK_PRIOR) for count in baseline.week]
    logs = [log(rate + _SLOPE_FLOOR) for rate in rates]
    last = len(logs) - 1
    doubts: list[float] = []
    for minute in range(len(rates)):
        low, high = max(0, minute - _SHIFT), min(last, minute + _SHIFT)
        steepness = (logs[high] - logs[low]) / (high - low)
        hour = (week_minutes[minute // 60] + minute % 60) % WEEK_MINUTES // 60
        doubts.append(seen[hour] + (steepness * _SHIFT) ** 2)
    return doubts


def hour_doubts(baseline: Baseline, hours: Sequence[int]) -> list[float]:
    """Return the relative variance that few events seen give each of `hours` of the week, for a store's shares."""
    return [1 / (baseline.week[hour] / baseline.gain + _WEEK_PRIOR) for hour in hours]


def hour_rates(baseline: Baseline) -> list[float]:
    """Return the events expected in a minute of each hour of the week."""
    profile = _profile(baseline)
    ratios = _week_ratios(baseline, profile)
    hours = _hours_of(profile)
    return [hours[hour % 24] * ratio for hour, ratio in enumerate(ratios)]


def _hours_of(profile: Sequence[float]) -> list[float]:
    return [sum(profile[at : at + _BINS_PER_HOUR]) / _BINS_PER_HOUR for at in range(0, BINS, _BINS_PER_HOUR)]


def _profile(baseline: Baseline) -> list[float]:
    """Return the events expected in a minute of each bin of the day.

    Smooth, except where so many events, or so few, were seen in a bin that the smooth profile cannot be true: where
    doors open and shut on the minute.
    """
    counts, minutes = _smooth(baseline.bins), _smooth(baseline.bin_minutes)
    smooth = [count / watched if watched > 0 else 0.0 for count, watched in zip(counts, minutes, strict=True)]
    gain = baseline.gain
    return [
        _edge(rate, count=count / gain, minutes=watched / gain)
        for rate, count, watched in zip(smooth, baseline.bins, baseline.bin_minutes, strict=True)
    ]


def _edge(rate: float, *, count: float, minutes: float) -> float:
    due = rate * minutes
    if (count - due) ** 2 <= _EDGE**2 * (due + 1):
        return rate
    return (count + 1) / (minutes + 1 / rate) if rate > 0 else rate


def _smooth(values: Sequence[float]) -> list[float]:
    around = [*values[-_REACH:], *values, *values[:_REACH]]
    width = 2 * _REACH + 1
    return [sum(map(float.__mul__, _TAPS, around[at : at + width])) for at in range(len(values))]


def _week_ratios(baseline: Baseline, profile: Sequence[float]) -> list[float]:
    prior = _WEEK_PRIOR * baseline.gain
    hours = _hours_of(profile)
    return [
        (count + prior) / (minutes * hours[hour % 24] + prior)
        for hour, (count, minutes) in enumerate(zip(baseline.week, baseline.week_minutes, strict=True))
    ]


def _between(values: Sequence[float], place: float) -> float:
    """Return `values`, a circle, at a fractional `place`."""
    low = int(place // 1)
    part = place - low
    return values[low % len(values)] * (1 - part) + values[(low + 1) % len(values)] * part


def shares(baseline: Baseline, above: Sequence[float], hours: Sequence[int]) -> list[float]:
    """Return, for each of `hours` of the week, what share of the stream above it a stream has.

    `above` is `hour_rates` of that stream. Shrunken twice: hours of the day towards the stream's whole share, hours of
    the week towards hours of the day.
    """
    due = [minutes * rate for minutes, rate in zip(baseline.week_minutes, above, strict=True)]
    gain = baseline.gain
    whole = sum(baseline.week) / max(sum(due), 1e-9)
    found: list[float] = []
    for hour in hours:
        same = range(hour % 24, WEEK_HOURS, 24)
        prior = _DAY_PRIOR * gain
        daily = whole * (sum(baseline.week[h] for h in same) + prior) / (whole * sum(due[h] for h in same) + prior)
        prior = _WEEK_PRIOR * gain
        found.append(daily * (baseline.week[hour] + prior) / (daily * due[hour] + prior))
    return found
