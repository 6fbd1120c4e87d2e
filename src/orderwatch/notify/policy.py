"""What follows from one try. Pure."""

from datetime import datetime, timedelta
from random import Random

from msgspec import Struct

from orderwatch.domain.notifications import (
    Attempt,
    Draft,
    NotificationStatus,
    Outcome,
    Rejected,
    Retry,
    Sent,
)
from orderwatch.kit.backoff import backoff
from orderwatch.notify.ports import Due, Result

KEPT_ATTEMPTS = 20
_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=30)
_LONGEST_DETAIL = 500
_AFTER = " after "
"""Joins a cause and the channels that gave up on it. Neither sources, handlers nor channels can have a space."""
_NAMES: dict[type[Outcome], str] = {Sent: "sent", Retry: "retry", Rejected: "rejected"}


class RetryPolicy(Struct, frozen=True, kw_only=True):
    """How long to go on trying, and who is told instead."""

    lasts: timedelta
    """From the first try on, so that the time in which nothing could be sent at all does not count."""
    fallback: str | None = None


class Try(Struct, frozen=True, kw_only=True):
    """One try, as it went."""

    outcome: Outcome
    at: datetime
    took: timedelta


def judge(due: Due, tried: Try, policy: RetryPolicy, *, jitter: Random) -> Result:
    """Return what the try does to the notification."""
    outcome, tries = tried.outcome, due.tries + 1
    next_at = tried.at + _wait(outcome, tries, jitter)
    give_up_at = due.give_up_at or tried.at + policy.lasts
    status = _status(outcome, is_over=next_at > give_up_at)
    return Result(
        id=due.id,
        channel=due.channel,
        outcome=_NAMES[type(outcome)],
        status=status,
        attempts=(*due.attempts, _attempt(tried))[-KEPT_ATTEMPTS:],
        tries=tries,
        due_at=next_at,
        give_up_at=give_up_at,
        finished_at=None if status is NotificationStatus.PENDING else tried.at,
        fallback=_fallback(due, policy) if status is NotificationStatus.FAILED else None,
    )


def _status(outcome: Outcome, *, is_over: bool) -> NotificationStatus:
    if isinstance(outcome, Sent):
        return NotificationStatus.SENT
    if isinstance(outcome, Rejected) or is_over:
        return NotificationStatus.FAILED
    return NotificationStatus.PENDING


def _wait(outcome: Outcome, tries: int, jitter: Random) -> timedelta:
    if not isinstance(outcome, Retry):
        return timedelta(0)
    ours = backoff(tries, base=_FIRST_WAIT, cap=_LONGEST_WAIT, jitter=jitter)
    return max(ours, outcome.after) if outcome.after is not None else ours


def _attempt(tried: Try) -> Attempt:
    return Attempt(
        at=tried.at,
        outcome=_NAMES[type(tried.outcome)],
        detail=_readable(tried.outcome.detail),
        took_ms=round(tried.took.total_seconds() * 1000),
    )


def _readable(detail: str) -> str:
    # It comes from the other side: no half characters, which no database takes, and no control characters.
    return "".join(c if c.isprintable() else " " for c in detail[:_LONGEST_DETAIL])


def _fallback(due: Due, policy: RetryPolicy) -> Draft | None:
    cause, *gave_up = due.cause.split(_AFTER)
    gave_up = [*gave_up, due.channel]
    # Two channels may be each other's fallback; when both have given up, nobody is left.
    if policy.fallback is None or policy.fallback in gave_up:
        return None
    return Draft(
        cause=_AFTER.join([cause, *gave_up]),
        channel=policy.fallback,
        route=due.route,
        message=due.message,
        source=due.source,
        order_id=due.order_id,
    )
