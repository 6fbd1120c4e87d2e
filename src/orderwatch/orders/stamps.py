"""Which of two events counts: later ones, and among those of one moment the one that is further along."""

from collections.abc import Iterable
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar

from msgspec import Struct

from orderwatch.domain.events import Event, EventType

Stamp: TypeAlias = tuple[datetime, int, int, str]
"""When it happened, rank of its type, index within its receipt, key. No two distinct events have the same."""

_ASCENDING = (
    EventType.UNKNOWN,
    EventType.ORDER_CREATED,
    EventType.ORDER_ACCEPTED,
    EventType.ORDER_MODIFIED,
    EventType.ORDER_PREPARING,
    # A courier who goes, then the one who comes: both are often told of the same second.
    EventType.COURIER_UNASSIGNED,
    EventType.COURIER_ASSIGNED,
    EventType.COURIER_AT_PICKUP,
    EventType.ORDER_READY,
    EventType.ORDER_PICKED_UP,
    EventType.COURIER_LOCATION,
    EventType.ETA_CHANGED,
    EventType.ORDER_NEARBY,
    # Ends come after everything else, so that nothing of the same moment reopens one.
    EventType.ORDER_REJECTED,
    EventType.ORDER_CANCELLED,
    EventType.ORDER_FAILED,
    EventType.ORDER_DELIVERED,
    EventType.ORDER_RETURNED,
    EventType.ORDER_REFUNDED,
)
RANKS = {kind: rank for rank, kind in enumerate(_ASCENDING)}
"""Rank of each type that tells of an order. Part of the stored state: a change asks for a rebuild."""

T = TypeVar("T")


class Register(Struct, Generic[T], frozen=True, array_like=True):
    """A value and the event that said it; of two, the later one stays."""

    stamp: Stamp
    value: T


def stamp_of(event: Event) -> Stamp:
    """Return the event's place among all others of its order."""
    return (event.occurred_at, RANKS.get(event.type, 0), event.index, event.key)


def later(a: Register[T] | None, b: Register[T] | None) -> Register[T] | None:
    """Return the register that counts."""
    if a is None or (b is not None and b.stamp > a.stamp):
        return b
    return a


def latest(stamps: Iterable[Stamp | None]) -> Stamp | None:
    """Return the highest of `stamps`, None when there is none."""
    return max((stamp for stamp in stamps if stamp is not None), default=None)
