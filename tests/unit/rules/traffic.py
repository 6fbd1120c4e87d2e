"""Made-up traffic for the flow rules, by the minute."""

from collections import Counter
from collections.abc import Iterator, Mapping
from random import Random

from orderwatch.domain.findings import Finding
from orderwatch.rules.calendar import DAY, minute_of, moment_of
from orderwatch.rules.flow_settings import FlowSettings
from orderwatch.rules.state import MinuteCounts, Origin, Watch
from orderwatch.rules.watch import step

MONDAY = minute_of(moment_of(0)) + 4 * DAY + 52 * 7 * DAY
OPEN, CLOSE = 9 * 60, 21 * 60


def per_minute(rates: Mapping[Origin, float], *, seed: int, begin: int, minutes: int) -> Iterator[MinuteCounts]:
    """Yield Poisson counts at `rates` in open hours, the same for the same seed and begin."""
    random = Random(seed * 1_000_003 + begin)
    for minute in range(begin, begin + minutes):
        counts: Counter[Origin] = Counter()
        if OPEN <= minute % DAY < CLOSE:
            for origin, rate in rates.items():
                left = random.expovariate(rate) if rate else 1.0
                while left < 1:
                    counts[origin] += 1
                    left += random.expovariate(rate)
        yield MinuteCounts(events=counts)


def run(
    watch: Watch,
    rates: Mapping[Origin, float],
    *,
    begin: int,
    minutes: int,
    settings: FlowSettings | None = None,
    seed: int = 1,
) -> list[Finding]:
    """Step through made-up minutes and return all that was found."""
    found: list[Finding] = []
    for offset, counts in enumerate(per_minute(rates, seed=seed, begin=begin, minutes=minutes)):
        found += step(watch, counts, begin + offset, settings or FlowSettings())
    return found
