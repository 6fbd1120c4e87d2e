"""Recorded events as counts by the minute, and the span of time that they tell of."""

from collections import Counter
from collections.abc import Iterator
from statistics import median

from msgspec import Struct

from orderwatch.domain.events import EventType
from orderwatch.rules.calendar import DAY, day_of
from orderwatch.rules.state import MinuteCounts, Origin

NOT_COUNTED = frozenset(
    {
        EventType.COURIER_LOCATION,
        EventType.ETA_CHANGED,
        EventType.STORE_OPENED,
        EventType.STORE_CLOSED,
        EventType.STORE_OFFLINE,
        EventType.SOURCE_HEARTBEAT,
    }
)
"""What comes by a timer of its own, and would hide that orders do not come."""
_GAP_DAYS = 14
_STRAGGLERS_AFTER = 0.2
_STRAGGLERS_BEFORE = 0.02
_LEAST_DAYS = 3


class Span(Struct, frozen=True):
    """From one minute up to another, and how many events lie outside."""

    begin: int
    end: int
    outside: int


class Recording:
    """What came, by minute and origin, in any order of adding."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.events = 0
        self._counts: dict[int, dict[Origin, int]] = {}
        self._doors: dict[int, list[tuple[Origin, bool]]] = {}

    def add(self, kind: EventType, *, origin: Origin, minute: int) -> None:
        """Take an event in."""
        if kind in NOT_COUNTED:
            if kind in {EventType.STORE_CLOSED, EventType.STORE_OPENED}:
                self._doors.setdefault(minute, []).append((origin, kind is EventType.STORE_CLOSED))
            return
        counts = self._counts.get(minute)
        if counts is None:
            self._counts[minute] = {origin: 1}
        else:
            counts[origin] = counts.get(origin, 0) + 1
        self.events += 1

    def minutes(self) -> Iterator[tuple[int, MinuteCounts]]:
        """Yield the minutes in which something came, rising."""
        for minute in sorted(self._counts.keys() | self._doors.keys()):
            doors = self._doors.get(minute, ())
            yield (
                minute,
                MinuteCounts(
                    events=self._counts.get(minute, {}),
                    closed=tuple(origin for origin, closed in doors if closed),
                    opened=tuple(origin for origin, closed in doors if not closed),
                ),
            )

    def span(self) -> Span | None:
        """Return the time that the recording tells of; None when it is empty.

        Stray events do not widen it: those with impossible times, far from all others, and the last orders of a
        recording that ends, which would make its end look like an outage.
        """
        totals = {minute: sum(counts.values()) for minute, counts in sorted(self._counts.items())}
        if not totals:
            return None
        kept = _without_stragglers(max(_pieces(totals), key=lambda piece: sum(piece.values())))
        begin, last = next(iter(kept)), next(reversed(kept))
        following = any(last < minute < day_of(last) + 2 * DAY for minute in totals)
        end = day_of(last) + DAY if following else last + 1
        return Span(begin, end, self.outside(begin, end))

    def outside(self, begin: int, end: int) -> int:
        """Return how many events lie before `begin` or from `end` on."""
        return sum(sum(counts.values()) for minute, counts in self._counts.items() if not begin <= minute < end)


def _pieces(totals: dict[int, int]) -> list[dict[int, int]]:
    """Cut where nothing comes for weeks."""
    pieces: list[dict[int, int]] = []
    before = None
    for minute, count in totals.items():
        if before is None or minute - before > _GAP_DAYS * DAY:
            pieces.append({})
        pieces[-1][minute] = count
        before = minute
    return pieces


def _without_stragglers(totals: dict[int, int]) -> dict[int, int]:
    days: dict[int, Counter[int]] = {}
    for minute, count in totals.items():
        days.setdefault(day_of(minute), Counter())[minute % DAY] += count
    order = sorted(days)
    first, last = 0, len(order) - 1
    while last - first >= _LEAST_DAYS and _is_thin(days, order, last, share=_STRAGGLERS_AFTER):
        last -= 1
    while last - first >= _LEAST_DAYS and _is_thin(days, order, first, share=_STRAGGLERS_BEFORE):
        first += 1
    return {minute: count for minute, count in totals.items() if order[first] <= minute < order[last] + DAY}


def _is_thin(days: dict[int, Counter[int]], order: list[int], place: int, *, share: float) -> bool:
    """Say whether a day has less than a `share` of what others have in the part of the day that it covers."""
    day = days[order[place]]
    low, high = (min(day), DAY) if place == 0 else (0, max(day))
    usual = median(
        sum(count for minute, count in days[other].items() if low <= minute <= high)
        for other in order
        if other != order[place]
    )
    return day.total() < share * usual
