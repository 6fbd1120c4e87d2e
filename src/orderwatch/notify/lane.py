"""One channel as the dispatcher uses it."""

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

    def room(self, in_hand: int) -> int:
        """Return how many more may be claimed."""
        return self.concurrency * _DEPTH - in_hand if self.concurrency else _INLINE_LIMIT


class Nobody:
    """Stands for a channel that is not there."""

    async def send(self, due: Due) -> Outcome:
        """Refuse, with the reason."""
        return Rejected(detail=f"There is no channel “{due.channel}” any more, or it is switched off.")
