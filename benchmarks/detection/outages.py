"""Made outages: events taken out of a day."""

from random import Random
from typing import NamedTuple

from benchmarks.detection.recorded import Happened
from orderwatch.rules.calendar import DAY

MINUTES = 120


class Outage(NamedTuple):
    fold: int
    begin: int
    share_lost: float


def busy_begins(days: list[list[Happened]]) -> list[int]:
    """Return the minutes from which on two hours hold more than two hours of a mean day."""
    profile = [0.0] * DAY
    for day in days:
        for event in day:
            profile[event.minute] += 1 / len(days)
    mean = sum(profile) * MINUTES / DAY
    return [begin for begin in range(DAY - 2 * MINUTES) if sum(profile[begin : begin + MINUTES]) > mean]


def draw(days: list[list[Happened]], *, each: int, share_lost: float, random: Random) -> list[Outage]:
    begins = busy_begins(days)
    return [Outage(fold, random.choice(begins), share_lost) for fold in range(len(days)) for _ in range(each)]


def without(day: list[Happened], outage: Outage, random: Random) -> list[Happened]:
    end = outage.begin + MINUTES
    return [event for event in day if not (outage.begin <= event.minute < end and random.random() < outage.share_lost)]
