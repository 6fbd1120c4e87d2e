"""One channel as the dispatcher uses it, and what it has in hand."""

from collections import deque
from datetime import datetime

from msgspec import Struct

from orderwatch.domain.notifications import Outcome, Rejected
from orderwatch.notify.policy import RetryPolicy
from orderwatch.notify.ports import Due, Sender

_INLINE_LIMIT = 500
_DEPTH = 3
"""Claimed notifications for each try that may be under way: enough that a slot never waits for the next claim."""


class Lane(Struct, frozen=True, kw_only=True):
    """One channel's sender, and how it is used."""

    sender: Sender
    policy: RetryPolicy
    concurrency: int = 4
    """Tries under way at a time; 0: at once, in the dispatcher's own turn, for channels that never wait."""

    def room(self, hand: "Hand | None") -> int:
        """Return how many more may be claimed."""
        if self.concurrency == 0:
            return _INLINE_LIMIT
        return self.concurrency * _DEPTH - (len(hand.claims) if hand else 0)


class Hand:
    """What is claimed for one channel and not tried to its end: some under way, the rest waiting for a slot."""

    def __init__(self) -> None:
        """Begin empty."""
        self.claims: dict[int, datetime] = {}
        """Number → until when it is ours."""
        self.waiting: deque[Due] = deque()
        self.running = 0

    def take(self, due: Due, *, until: datetime) -> None:
        """Add a claimed notification; one that is in hand already only has its claim renewed."""
        if due.id not in self.claims:
            self.waiting.append(due)
        self.claims[due.id] = until

    def next(self, lane: Lane, *, needs: datetime) -> Due | None:
        """Return one to begin with, if there is a slot for it; it counts as under way from then on.

        Those whose claim ends before `needs` are let go: somebody else may have them before a try would be over.
        """
        while self.waiting and self.running < lane.concurrency:
            due = self.waiting.popleft()
            if self.claims[due.id] >= needs:
                self.running += 1
                return due
            del self.claims[due.id]
        return None

    def done(self, due: Due) -> None:
        """Say that a try is over."""
        self.running -= 1
        del self.claims[due.id]

    def let_go(self) -> None:
        """Forget what waits; it will be due again when its claim has ended."""
        for due in self.waiting:
            del self.claims[due.id]
        self.waiting.clear()


class Nobody:
    """Stands for a channel that is not there."""

    async def send(self, due: Due) -> Outcome:
        """Refuse, with the reason."""
        return Rejected(detail=f"There is no channel “{due.channel}” any more, or it is switched off.")
