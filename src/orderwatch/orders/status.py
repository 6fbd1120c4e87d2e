"""Where an order is, from the steps that were told."""

from collections.abc import Mapping
from datetime import datetime

from orderwatch.domain.orders import TERMINAL, OrderStatus
from orderwatch.orders.state import Step

_PROGRESS = tuple(status for status in OrderStatus if status not in TERMINAL)
_ENDS = tuple(status for status in OrderStatus if status in TERMINAL)


def status_of(steps: Mapping[str, Step]) -> tuple[OrderStatus, datetime | None]:
    """Return the status and since when; the time is None when no step that makes a status was told.

    The latest end counts, except that a step after a failure takes the order up again (a second try at delivering).
    Without an end it is the furthest step, whenever that was told.
    """
    end = max((status for status in _ENDS if status in steps), key=lambda status: steps[status].last, default=None)
    if end is not None and end is not OrderStatus.FAILED:
        return end, _since(end, steps)
    taken_up = [
        status for status in _PROGRESS if status in steps and (end is None or steps[status].last > steps[end].last)
    ]
    status = taken_up[-1] if taken_up else end
    return (OrderStatus.CREATED, None) if status is None else (status, _since(status, steps))


def _since(status: OrderStatus, steps: Mapping[str, Step]) -> datetime:
    """Return when the step was first told, or last, where another status lay between."""
    step = steps[status]
    ways_out = (*_ENDS, *_PROGRESS) if status is OrderStatus.FAILED else _ENDS
    left = any(
        step.first < steps[other].last[0] < step.last[0] for other in ways_out if other in steps and other != status
    )
    return step.last[0] if left else step.first
