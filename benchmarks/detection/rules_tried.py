"""The rules that are compared. Each learns from days and says at which minutes of another day it would page."""

from bisect import bisect_left
from itertools import pairwise
from math import log
from typing import Protocol

from benchmarks.detection.outages import MINUTES
from benchmarks.detection.recorded import Happened, counts_of
from orderwatch.domain.findings import Finding, Severity
from orderwatch.kit.clock import EPOCH
from orderwatch.rules.calendar import DAY, minute_of
from orderwatch.rules.flow_settings import FlowSettings
from orderwatch.rules.state import MinuteCounts, Watch, decode, encode
from orderwatch.rules.watch import step

QUIET_MINUTES = 120
"""Pages closer together than this are one."""
# A Monday at 10:00 UTC, as the first of the recorded days.
START = minute_of(EPOCH) + 4 * DAY + 600


class Rule(Protocol):
    def learn(self, days: list[list[Happened]]) -> None: ...

    def pages(self, day: list[Happened]) -> list[int]: ...


class FixedSilence:
    """No event for so many minutes in busy hours: the longest such silence of the days it learns from, and one more."""

    def learn(self, days):
        hours = [0.0] * 24
        for day in days:
            for event in day:
                hours[event.minute // 60] += 1
        self.busy = {hour for hour, events in enumerate(hours) if events > sum(hours) / 24}
        self.limit = 0
        self.limit = 1 + max(most for day in days for most in self._silences(day))

    def _silences(self, day):
        minutes = [event.minute for event in day if event.minute // 60 in self.busy]
        return [later - sooner for sooner, later in pairwise(minutes) if later // 60 - sooner // 60 <= 1] or [0]

    def pages(self, day):
        last, found = None, []
        came = {event.minute for event in day}
        for minute in range(DAY):
            busy = minute // 60 in self.busy
            if minute in came or not busy:
                last = minute
            elif last is not None and minute - last == self.limit:
                found.append(minute + 1)
        return found


class HalfOfLastWeek:
    """Under half of the same 30 minutes a week ago, where there were at least ten events."""

    def learn(self, days):
        self.before = [event.minute for event in days[-7]]

    def pages(self, day):
        now = [event.minute for event in day]
        found: list[int] = []
        for minute in range(30, DAY):
            usual = _between(self.before, minute - 30, minute)
            if usual >= 10 and _between(now, minute - 30, minute) < usual / 2:
                found.append(minute)
        return _apart(found)


class ExpectedSilence:
    """Silence of 16 expected events, by the mean of each hour of the day."""

    def learn(self, days):
        self.rate = [0.0] * 24
        for day in days:
            for event in day:
                self.rate[event.minute // 60] += 1 / len(days) / 60

    def pages(self, day):
        came, missed, found = {event.minute for event in day}, 0.0, []
        for minute in range(DAY):
            before, missed = missed, 0.0 if minute in came else missed + self.rate[minute // 60]
            if before < 16 <= missed:
                found.append(minute + 1)
        return found


class Bound:
    """What nobody can beat: the rate of each minute is known, nothing swings, and every event tells all it can.

    An outage tells, on average, as many nats an expected event as `nats` says; it is found once they reach what a page
    takes, at one false one in 30 days.
    """

    def learn(self, days):
        self.rate = [0.0] * DAY
        for day in days:
            for event in day:
                for minute in range(event.minute - 10, event.minute + 11):
                    self.rate[minute % DAY] += 1 / len(days) / 21
        self.weight = log(30 * sum(self.rate))

    def minutes(self, begin: int, share_lost: float) -> int | None:
        told = 0.0
        for minute in range(MINUTES):
            told += nats(share_lost) * self.rate[begin + minute]
            if told >= self.weight:
                return minute + 1
        return None


def nats(share_lost: float) -> float:
    """Return the mean log-likelihood ratio of an outage, for each event that is expected."""
    left = 1 - share_lost
    return share_lost + (left * log(left) if left else 0.0)


class Orderwatch:
    """The product's own rules, stepped minute by minute. `nested`: with regions and stores."""

    def __init__(self, *, nested: bool = False, settings: FlowSettings | None = None):
        self.nested, self.settings = nested, settings or FlowSettings()

    def learn(self, days):
        self.start = START - len(days) * DAY
        watch = Watch(trial_until=START)
        for number, day in enumerate(days):
            _run(watch, counts_of(day, nested=self.nested), self.start + number * DAY, self.settings)
        self.state = encode(watch)

    def findings(self, day) -> list[Finding]:
        found = _run(decode(self.state), counts_of(day, nested=self.nested), START, self.settings)
        return [finding for finding in found if finding.resolved_at is None]

    def pages(self, day):
        return [minute_of(f.fired_at) - START for f in self.findings(day) if f.severity is Severity.PAGE]


def _run(watch: Watch, counts: dict[int, MinuteCounts], begin: int, settings: FlowSettings) -> list[Finding]:
    nothing = MinuteCounts()
    found: list[Finding] = []
    for minute in range(DAY):
        found += step(watch, counts.get(minute, nothing), begin + minute, settings)
    return found


def _between(minutes: list[int], begin: int, end: int) -> int:
    return bisect_left(minutes, end) - bisect_left(minutes, begin)


def _apart(minutes: list[int]) -> list[int]:
    return [now for before, now in pairwise([-QUIET_MINUTES - 1, *minutes]) if now - before > 1]
