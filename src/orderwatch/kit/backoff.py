"""How long to wait before the next try."""

from datetime import timedelta
from random import Random


def backoff(attempt: int, *, base: timedelta, cap: timedelta, jitter: Random) -> timedelta:
    """Return the wait before try number `attempt` + 1: doubling from `base` to `cap`, spread over ±20 %.

    `attempt` counts the tries made so far, from 1.
    """
    doubled = base * 2 ** min(attempt - 1, 32)
    return min(doubled, cap) * jitter.uniform(0.8, 1.2)
