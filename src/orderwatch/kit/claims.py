"""Work that waits in a store, claimed for a while so that nobody else takes it, and what of it is in hand."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """How much due work of one kind (`key`) is wanted, and until when nobody else shall get it."""

    key: str
    limit: int
    until: datetime


class Claims(Generic[T]):
    """What is claimed of one kind and not done: some of it under way, the rest waiting for a slot."""

    def __init__(self) -> None:
        """Begin empty."""
        self._until: dict[int, datetime] = {}
        self._waiting: deque[tuple[int, T]] = deque()
        self._running = 0

    def __len__(self) -> int:
        return len(self._until)

    def take(self, number: int, item: T, *, until: datetime) -> None:
        """Add something claimed; what is in hand already only has its claim renewed."""
        if number not in self._until:
            self._waiting.append((number, item))
        self._until[number] = until

    def next(self, *, slots: int, needs: datetime) -> T | None:
        """Return something to begin with, if one of `slots` is free; it counts as under way from then on.

        What is claimed for less than `needs` is let go: somebody else may have it before this would be over.
        """
        while self._waiting and self._running < slots:
            number, item = self._waiting.popleft()
            if self._until[number] >= needs:
                self._running += 1
                return item
            del self._until[number]
        return None

    def done(self, number: int) -> None:
        """Say that something under way is over."""
        self._running -= 1
        del self._until[number]

    def let_go(self) -> None:
        """Forget what waits; it will be due again when its claim has ended."""
        for number, _ in self._waiting:
            del self._until[number]
        self._waiting.clear()
