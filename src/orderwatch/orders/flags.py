"""Why an order deserves a second look: what follows from its events together."""

from collections.abc import Mapping
from datetime import datetime
from itertools import combinations

from orderwatch.domain.flags import Flag
from orderwatch.domain.orders import TERMINAL, OrderStatus
from orderwatch.orders.state import State, Step

_BEFORE: Mapping[str, tuple[str, ...]] = {
    "accepted": ("created",),
    "courier.assigned": ("created",),
    "courier.at_pickup": ("accepted", "courier.assigned"),
    "preparing": ("accepted",),
    "ready": ("preparing",),
    "picked_up": ("ready", "courier.at_pickup"),
    "nearby": ("picked_up",),
    "delivered": ("nearby",),
}
"""What must have happened before each step, in an order in which every step stands after those that it names."""

_FOLLOW_UPS = frozenset(
    {
        (OrderStatus.FAILED, OrderStatus.DELIVERED),
        (OrderStatus.FAILED, OrderStatus.RETURNED),
        (OrderStatus.DELIVERED, OrderStatus.RETURNED),
    }
)
_ENDS = tuple(status for status in OrderStatus if status in TERMINAL)


def flags_of(state: State) -> tuple[str, ...]:
    """Return the codes of `domain.flags` that hold for the order, sorted."""
    flags = set(state.flags)
    if state.is_known and "created" not in state.steps:
        flags.add(Flag.MISSING_CREATED.value)
    if _is_impossible(state.steps):
        flags.add(Flag.IMPOSSIBLE_SEQUENCE.value)
    if _has_two_outcomes(state.steps):
        flags.add(Flag.TWO_OUTCOMES.value)
    if state.facts.total is not None and state.facts.total.value < 0:
        flags.add(Flag.NEGATIVE_TOTAL.value)
    return tuple(sorted(flags))


def _is_impossible(steps: Mapping[str, Step]) -> bool:
    """Say whether a step first happened before one that must precede it, over missing steps too."""
    reached: dict[str, datetime] = {name: step.first for name, step in steps.items()}
    for name, before in _BEFORE.items():
        earliest = max((reached[other] for other in before if other in reached), default=None)
        if earliest is None:
            continue
        if name in steps and steps[name].first < earliest:
            return True
        reached.setdefault(name, earliest)
    return False


def _has_two_outcomes(steps: Mapping[str, Step]) -> bool:
    ends = [status for status in _ENDS if status in steps]
    return any(not _follows(a, b, steps) and not _follows(b, a, steps) for a, b in combinations(ends, 2))


def _follows(first: OrderStatus, then: OrderStatus, steps: Mapping[str, Step]) -> bool:
    return (first, then) in _FOLLOW_UPS and steps[first].last[0] <= steps[then].first
