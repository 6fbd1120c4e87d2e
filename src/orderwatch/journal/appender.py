"""Group commit: what arrives while one commit runs goes into the next, with one fsync for all of it."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol, TypeAlias

from msgspec import Struct

from orderwatch.domain.errors import Unavailable
from orderwatch.domain.receipts import Ack, Submission
from orderwatch.journal.ports import Journal
from orderwatch.journal.turn import Turn
from orderwatch.kit.clock import Clock

_LARGEST_GROUP = 2000
_LARGEST_GROUP_BYTES = 16 * 1024 * 1024
_MOST_PENDING_BYTES = 128 * 1024 * 1024
"""Of bodies and headers in memory, beside the number of webhooks: a slow disk must not cost the process its life."""
_GAP_SECONDS = 0.0015
"""Between the beginnings of two groups under load. A commit costs as much for one webhook as for ten, so they share."""
_BUSY_SIZE = 4
"""Webhooks in a group that tell of load."""
_GROUPS_UNDER_WAY = 2
"""One is written while one waits behind it, so that the journal goes on without asking the event loop."""


class JournalMetrics(Protocol):
    """What is counted of the journal."""

    def committed(self, *, size: int, seconds: float) -> None:
        """Note a commit of `size` receipts, and the time from when its turn came."""
        ...

    def failed(self, *, size: int) -> None:
        """Note a group that could not be committed."""
        ...


Settle: TypeAlias = Callable[[Sequence[Ack] | Unavailable], None]
"""Told once, in the event loop: an ack for each submission, all on disk; or why nothing of them was written."""


class Waiting(Struct, frozen=True):
    """Submissions that belong together, and who waits for their acks."""

    submissions: Sequence[Submission]
    settle: Settle
    bytes: int


class Group:
    """What is written together. It is filled when the journal is ready for it, in the journal's own thread."""

    def __init__(self, queue: deque[Waiting], clock: Clock) -> None:
        """Take the queue to fill it from."""
        self._queue = queue
        self._clock = clock
        self._began = clock.monotonic()
        self.members: list[Waiting] = []
        self.size = 0
        self.bytes = 0

    def take(self) -> list[Submission]:
        """Take from the queue all that fits. A deque's `popleft` is safe against the loop's `append`."""
        self._began = self._clock.monotonic()
        while self._queue and self.size < _LARGEST_GROUP and self.bytes < _LARGEST_GROUP_BYTES:
            member = self._queue.popleft()
            self.members.append(member)
            self.size += len(member.submissions)
            self.bytes += member.bytes
        return [submission for member in self.members for submission in member.submissions]

    def seconds(self) -> float:
        """Return the time since it was filled."""
        return self._clock.monotonic() - self._began

    def settle(self, acks: Sequence[Ack]) -> None:
        """Answer everybody."""
        start = 0
        for member in self.members:
            end = start + len(member.submissions)
            member.settle(acks[start:end])
            start = end

    def fail(self, reason: Unavailable) -> None:
        """Tell everybody that nothing of theirs was written."""
        for member in self.members:
            member.settle(Unavailable(reason.message, retry_after_seconds=reason.retry_after_seconds))


class Appender:
    """Hands submissions to the journal in groups, and answers each when it is on disk."""

    def __init__(
        self,
        journal: Journal,
        *,
        max_pending: int,
        max_pending_bytes: int = _MOST_PENDING_BYTES,
        clock: Clock,
        metrics: JournalMetrics,
        turn: Turn,
        committed: Callable[[], None] = lambda: None,
    ) -> None:
        """Take the journal; `committed` is called after each commit (the worker's doorbell)."""
        self._journal = journal
        self._max_pending = max_pending
        self._max_pending_bytes = max_pending_bytes
        self._clock = clock
        self._metrics = metrics
        self._turn = turn
        self._committed = committed
        self._queue: deque[Waiting] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self._next_at = clock.monotonic()
        self._latest_size = 0
        self._pending_bytes = 0
        self.pending = 0
        """Submissions that wait or are under way."""

    async def submit(self, submissions: Sequence[Submission]) -> list[Ack]:
        """Return one ack for each of `submissions`, once all of them are on disk, in one transaction.

        Raises:
            Unavailable: too many wait already, or the journal could not commit; nothing was acknowledged.
        """
        answer: asyncio.Future[Sequence[Ack]] = asyncio.get_running_loop().create_future()
        self.enqueue(submissions, partial(_answer, answer))
        return list(await answer)

    def enqueue(self, submissions: Sequence[Submission], settle: Settle) -> None:
        """Do what `submit` does, and tell `settle` instead of waiting. It must not raise.

        Raises:
            Unavailable: too many wait already; `settle` hears nothing.
        """
        if self._closed:
            raise Unavailable("The server is ending.")
        if not submissions:
            settle([])
            return
        size = 0
        for submission in submissions:
            size += len(submission.body) + len(submission.headers)
        if not self._has_room(len(submissions), size):
            raise Unavailable("Too much is waiting to be written to disk.")
        self._queue.append(Waiting(submissions, settle, size))
        self.pending += len(submissions)
        self._pending_bytes += size
        self._write_on()

    async def close(self) -> None:
        """Take nothing more, and return when all that was taken is answered."""
        self._closed = True
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _has_room(self, count: int, size: int) -> bool:
        # What is longer than a bound by itself goes when nothing else waits, or it could never go.
        fits = self.pending + count <= self._max_pending and self._pending_bytes + size <= self._max_pending_bytes
        return fits or not self.pending

    def _write_on(self) -> None:
        if len(self._tasks) < _GROUPS_UNDER_WAY:
            task = asyncio.create_task(self._write())
            self._tasks.add(task)
            task.add_done_callback(self._written)

    def _written(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._queue:
            self._write_on()

    async def _write(self) -> None:
        group = Group(self._queue, self._clock)
        try:
            await self._gap()
            async with self._turn.group():
                acks = await self._journal.append(group.take)
        except Exception as error:  # noqa: BLE001  (whatever it is, each waiting request must be answered)
            if not group.members:
                group.take()
            self._fail(group, error)
            return
        finally:
            self.pending -= group.size
            self._pending_bytes -= group.bytes
        self._latest_size = group.size
        if group.size:
            self._metrics.committed(size=group.size, seconds=group.seconds())
            group.settle(acks)
            self._committed()

    async def _gap(self) -> None:
        now = self._clock.monotonic()
        early = min(max(self._next_at - now, 0.0), _GAP_SECONDS) if self._latest_size >= _BUSY_SIZE else 0.0
        self._next_at = now + early + _GAP_SECONDS
        if early:
            await self._clock.sleep(early)

    def _fail(self, group: Group, error: Exception) -> None:
        self._metrics.failed(size=group.size)
        group.fail(error if isinstance(error, Unavailable) else Unavailable(f"The journal failed: {error!r}."))


def _answer(answer: asyncio.Future[Sequence[Ack]], outcome: Sequence[Ack] | Unavailable) -> None:
    if answer.done():  # Whoever waited was cancelled.
        return
    if isinstance(outcome, Unavailable):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)
