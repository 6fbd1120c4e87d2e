"""How many orders a town places, by hour and weekday."""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

# Peaks by local hour: (when, how broad in hours, how high).
_PEAKS = ((12.2, 0.9, 1.0), (18.9, 1.3, 1.35), (15.0, 3.0, 0.25), (22.0, 1.2, 0.3))
_NIGHT = 0.02
# Monday to Sunday. Fridays and weekends eat in; Sunday's dinner counts most.
_WEEKDAYS = (0.88, 0.86, 0.92, 0.97, 1.15, 1.2, 1.12)


def intensity(local: datetime) -> float:
    """Return how busy the town is at a local time, where 1 is about the top of an average lunch."""
    hour = local.hour + local.minute / 60 + local.second / 3600
    bumps = sum(high * math.exp(-(_around(hour - when) ** 2) / (2 * broad**2)) for when, broad, high in _PEAKS)
    return (_NIGHT + bumps) * _WEEKDAYS[local.weekday()]


def arrivals(start: datetime, end: datetime, *, per_day: float, zone: ZoneInfo, random: Random) -> Iterator[datetime]:
    """Yield the moments from `start` to before `end` at which orders are placed, about `per_day` on an average day."""
    # Thinning: a steady stream at the highest rate, of which each moment is kept with its own share.
    highest = max(_WEEKDAYS) * _HIGHEST
    per_second = per_day / _AVERAGE_DAY_SECONDS * highest
    moment = start
    while per_second > 0:
        moment += timedelta(seconds=random.expovariate(per_second))
        if moment >= end:
            return
        if random.random() * highest < intensity(moment.astimezone(zone)):
            yield moment


def _around(hours: float) -> float:
    """Return the distance in hours around the clock."""
    return (hours + 12) % 24 - 12


def _day(step_minutes: int) -> Iterator[float]:
    monday = datetime(2024, 1, 1)  # noqa: DTZ001  (only its hours are looked at)
    for minutes in range(0, 24 * 60, step_minutes):
        yield intensity(monday + timedelta(minutes=minutes)) / _WEEKDAYS[0]


_HIGHEST = max(_day(5)) * 1.01
_AVERAGE_DAY_SECONDS = sum(_day(5)) * 300 * (sum(_WEEKDAYS) / 7)
