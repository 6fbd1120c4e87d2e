"""Measure how well outages are found: ``python -m benchmarks.detection [--each 8] [--seed 4]``.

Every rule learns from all recorded days but the one it is tried on, in an order that keeps weekdays: for a day, from
the thirteen that follow it (and begin again), after the same weekday of the other week.
"""

import argparse
from random import Random
from statistics import median
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from benchmarks.detection.outages import MINUTES, draw, without
from benchmarks.detection.recorded import Happened, days_of, read
from benchmarks.detection.rules_tried import Bound, ExpectedSilence, FixedSilence, HalfOfLastWeek, Orderwatch

RULES = {
    "silence of a fixed time, tuned": FixedSilence,
    "under half of last week": HalfOfLastWeek,
    "silence of 16 expected events": ExpectedSilence,
    "orderwatch": Orderwatch,
}
STREAMS = {"whole stream": None, "Palo Alto": "Palo Alto", "Mountain View": "Mountain View", "San Jose": "San Jose"}
NEVER = 10**6


class Found(NamedTuple):
    share: float
    minutes: float
    """Median over all outages, those that were not found counted as longest."""


class Tried(NamedTuple):
    false_pages: float
    """In 30 days."""
    total: Found
    drop: Found


def learning_days(days: list[list[Happened]], tried: int, *, weeks: int = 2) -> list[list[Happened]]:
    """Return the days before the one `tried`, weekdays kept, itself left out."""
    span = range(7 * weeks, 0, -1)
    return [days[(tried - back) % 14] if back != 14 else days[(tried + 7) % 14] for back in span]


def measure(rule, days: list[list[Happened]], *, each: int, seed: int, weeks: int = 2) -> Tried:
    random = Random(seed)
    outages = draw(days, each=each, share_lost=1.0, random=random), draw(days, each=each, share_lost=0.7, random=random)
    false, waits = 0, ([], [])
    for fold, day in enumerate(days):
        rule.learn(learning_days(days, fold, weeks=weeks))
        false += len(rule.pages(day))
        for made, wait in zip(outages, waits, strict=True):
            for outage in (o for o in made if o.fold == fold):
                pages = rule.pages(without(day, outage, random))
                wait.append(min((p - outage.begin for p in pages if 0 < p - outage.begin <= MINUTES), default=NEVER))
    return Tried(false * 30 / len(days), *(_found(wait) for wait in waits))


def bound(days: list[list[Happened]], *, each: int, seed: int) -> Tried:
    """Return what could be reached at most on the same outages."""
    random, waits = Random(seed), []
    for share_lost in (1.0, 0.7):
        wait = []
        for outage in draw(days, each=each, share_lost=share_lost, random=random):
            ideal = Bound()
            ideal.learn(learning_days(days, outage.fold))
            wait.append(ideal.minutes(outage.begin, share_lost) or NEVER)
        waits.append(wait)
    return Tried(1.0, *(_found(wait) for wait in waits))


def _found(waits: list[int]) -> Found:
    return Found(sum(wait < NEVER for wait in waits) / len(waits), median(waits))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=8, help="outages of each kind on each of the 14 days")
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--weeks", type=int, default=2, choices=(1, 2), help="weeks of history")
    options = parser.parse_args()
    events = read()
    table = Table(
        "stream", "rule", "false pages in 30 days", "total found", "median min", "70 % drops found", "median min"
    )
    for stream, region in STREAMS.items():
        days = days_of([event for event in events if region is None or event.region == region])
        for name, rule in RULES.items():
            tried = measure(rule(), days, each=options.each, seed=options.seed, weeks=options.weeks)
            table.add_row(stream, name, f"{tried.false_pages:.1f}", *_cells(tried.total), *_cells(tried.drop))
        best = bound(days, each=options.each, seed=options.seed)
        table.add_row(stream, "the bound", "1.0", *_cells(best.total), *_cells(best.drop))
    console = Console(width=120)
    console.print(table)
    _clean(days_of(events), console, weeks=options.weeks)


def _cells(found: Found) -> tuple[str, str]:
    return f"{found.share:.0%}", "–" if found.minutes >= NEVER else f"{found.minutes:.0f}"


def _clean(days: list[list[Happened]], console: Console, *, weeks: int) -> None:
    """Say what the rules of all levels together find on days to which nothing was done."""
    rule = Orderwatch(nested=True)
    found = []
    for fold, day in enumerate(days):
        rule.learn(learning_days(days, fold, weeks=weeks))
        found += [(fold, finding) for finding in rule.findings(day)]
    table = Table("rule", "severity", "in 30 days", title="Clean days, all levels together")
    for key in sorted({(f.rule.value, f.severity.value) for _, f in found}):
        count = sum((f.rule.value, f.severity.value) == key for _, f in found)
        table.add_row(*key, f"{count * 30 / len(days):.1f}")
    console.print(table)
    for fold, finding in found:
        if finding.severity == "page":
            console.print(
                f"day {fold}: {finding.rule} {finding.scope.region} {finding.scope.store_id} {finding.evidence}"
            )


if __name__ == "__main__":
    main()
