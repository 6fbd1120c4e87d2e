"""What the journal's stage needs of a store. Small, so that a partitioned log fits it."""

from collections.abc import Sequence
from typing import Protocol

from orderwatch.domain.receipts import Ack, Receipt, Submission


class Journal(Protocol):
    """The durable, append-only, ordered log of receipts."""

    async def append(self, submissions: Sequence[Submission]) -> list[Ack]:
        """Write all of `submissions` in one transaction and return one ack for each, in their order, once on disk.

        Raises:
            Unavailable: nothing of it was written (disk full, database gone); safe to try again.
        """
        ...

    async def read(self, *, after: int, limit: int) -> list[Receipt]:
        """Return up to `limit` receipts with positions above `after`, rising. Never skips one that commits later."""
        ...

    async def last_position(self) -> int:
        """Return the highest position, 0 when empty."""
        ...
