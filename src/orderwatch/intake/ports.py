"""What intake needs of others."""

from collections.abc import Sequence
from typing import Protocol

from orderwatch.domain.receipts import Ack, Rejection, Submission
from orderwatch.domain.sources import Source


class Sources(Protocol):
    """Where registered senders are looked up; in memory, for every webhook asks."""

    def source(self, name: str) -> Source | None:
        """Return the source, None when there is none or it is switched off."""
        ...

    async def look_again(self, name: str) -> Source | None:
        """Return the source if it was registered a moment ago, by this process or another."""
        ...


class KeyFetcher(Protocol):
    """Gets the sets of keys that platforms publish."""

    async def fetch(self, address: str) -> bytes:
        """Return what stands at `address`.

        Raises:
            Unavailable: nothing, or not what could be a set of keys.
        """
        ...


class Writer(Protocol):
    """Puts submissions into the journal."""

    async def submit(self, submissions: Sequence[Submission]) -> list[Ack]:
        """Return one ack for each, once all are on disk.

        Raises:
            Unavailable: nothing was acknowledged.
        """
        ...


class Quarantine(Protocol):
    """Keeps what was refused."""

    async def add(self, rejection: Rejection) -> None:
        """Keep `rejection`, or count it as dropped when there is no room; never raises."""
        ...


class IntakeMetrics(Protocol):
    """What is counted of every webhook."""

    def received(self, source: str, outcome: str, seconds: float) -> None:
        """Note one request: ``stored``, ``duplicate``, ``conflict``, or the code of its refusal; and its time."""
        ...
