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


class RetryPolicy(Struct, frozen=True, kw_only=True):
    """How long to go on trying, and who is told instead."""

    lasts: timedelta
    fallback: str | None = None


class Try(Struct, frozen=True, kw_only=True):
    """One try, as it went."""

    outcome: Outcome
    at: datetime
    took: timedelta


def judge(due: Due, tried: Try, policy: RetryPolicy, *, jitter: Random) -> Result:
    """Return what the try does to the notification."""
    outcome, tries = tried.outcome, due.tries + 1
    wait = _wait(outcome, tries, jitter)
    gives_up = isinstance(outcome, Rejected) or tried.at + wait > due.created_at + policy.lasts
    status = NotificationStatus.PENDING
    if isinstance(outcome, Sent):
        status = NotificationStatus.SENT
    elif gives_up:
        status = NotificationStatus.FAILED
    return Result(
        id=due.id,
        status=status,
        attempts=(*due.attempts, _attempt(tried))[-KEPT_ATTEMPTS:],
        tries=tries,
        due_at=tried.at + wait,
        finished_at=None if status is NotificationStatus.PENDING else tried.at,
        fallback=_fallback(due, policy) if status is NotificationStatus.FAILED else None,
    )


def _wait(outcome: Outcome, tries: int, jitter: Random) -> timedelta:
    if not isinstance(outcome, Retry):
        return timedelta(0)
    ours = backoff(tries, base=_FIRST_WAIT, cap=_LONGEST_WAIT, jitter=jitter)
    return max(ours, outcome.after) if outcome.after is not None else ours


def _attempt(tried: Try) -> Attempt:
    names: dict[type[Outcome], str] = {Sent: "sent", Retry: "retry", Rejected: "rejected"}
    return Attempt(
        at=tried.at,
        outcome=names[type(tried.outcome)],
        detail=tried.outcome.detail,
        took_ms=round(tried.took.total_seconds() * 1000),
    )


def _fallback(due: Due, policy: RetryPolicy) -> Draft | None:
    if policy.fallback is None or policy.fallback == due.channel:
        return None
    return Draft(
        cause=f"{due.cause}>{due.channel}",
        channel=policy.fallback,
        route=due.route,
        message=due.message,
        source=due.source,
        order_id=due.order_id,
    )
