"""What the journal's stage needs of a store. Small, so that a partitioned log fits it."""

from collections.abc import Callable, Sequence
from typing import Protocol

from orderwatch.domain.receipts import Ack, Receipt, Submission

MOST_READ_BYTES = 8 * 1024 * 1024
"""Of bodies and headers in one reading. What is made of them takes many times as much memory."""

Take = Callable[[], Sequence[Submission]]
"""Gives the submissions of a group; may give none."""


class Journal(Protocol):
    """The durable, append-only, ordered log of receipts."""

    async def append(self, take: Take) -> list[Ack]:
        """Write what `take` gives in one transaction and return one ack for each, in their order, once on disk.

        `take` is called once, when the turn to write has come, so that a group holds all that came until then. It may
        be called in another thread.

        Raises:
            Unavailable: nothing of it was written (disk full, database gone); safe to try again.
        """
        ...

    async def read(self, *, after: int, limit: int) -> list[Receipt]:
        """Return up to `limit` receipts with positions above `after`, rising. Never skips one that commits later.

        Fewer where they are long, so that memory is bounded, but one where there is one.
        """
        ...

    async def last_position(self) -> int:
        """Return the highest position, 0 when empty."""
        ...
