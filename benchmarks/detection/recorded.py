"""Real deliveries as events in minutes, cut into days that begin when everybody sleeps."""

import csv
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from orderwatch.rules.calendar import DAY, minute_of
from orderwatch.rules.state import MinuteCounts

TABLE = Path(__file__).parents[3] / "shared" / "data" / "food_deliveries_days01-15.csv"
STEPS = ("placed_at", "sent_to_restaurant_at", "courier_at_restaurant_at", "delivered_at")
QUIET_HOUR = 10
"""UTC: when a day of these towns begins."""
SOURCE = "deliveries"


class Happened(NamedTuple):
    minute: int
    region: str | None
    store: str


def read(table: Path = TABLE) -> list[Happened]:
    with table.open(newline="", encoding="utf-8") as lines:
        events = [
            Happened(minute_of(datetime.fromisoformat(row[step])), row["region"] or None, row["restaurant_id"])
            for row in csv.DictReader(lines)
            for step in STEPS
            if row[step]
        ]
    return sorted(events, key=lambda event: event.minute)


def days_of(events: list[Happened]) -> list[list[Happened]]:
    """Return whole days, each as events in minutes since its begin."""
    first = events[0].minute // DAY * DAY + QUIET_HOUR * 60
    days: dict[int, list[Happened]] = {}
    for event in events:
        day, minute = divmod(event.minute - first, DAY)
        days.setdefault(day, []).append(event._replace(minute=minute))
    return [days[day] for day in range(14)]


def counts_of(day: list[Happened], *, nested: bool) -> dict[int, MinuteCounts]:
    """Return the counts of a day by minute; regions and stores only if `nested`."""
    minutes: dict[int, Counter] = {}
    for event in day:
        origin = (SOURCE, event.region, event.store) if nested else (SOURCE, None, None)
        minutes.setdefault(event.minute, Counter())[origin] += 1
    return {minute: MinuteCounts(events=counts) for minute, counts in minutes.items()}
