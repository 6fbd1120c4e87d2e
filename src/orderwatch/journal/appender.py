"""Group commit: what arrives while one commit runs goes into the next, with one fsync for all of it."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from orderwatch.domain.errors import Unavailable
from orderwatch.domain.receipts import Ack, Submission
from orderwatch.journal.ports import Journal
from orderwatch.kit.clock import Clock

_LARGEST_GROUP = 2000


class JournalMetrics(Protocol):
    """What is counted of the journal."""

    def committed(self, *, size: int, seconds: float) -> None:
        """Note a commit of `size` receipts."""
        ...

    def failed(self, *, size: int) -> None:
        """Note a group that could not be committed."""
        ...


class Appender:
    """Hands submissions to the journal in groups, and answers each when it is on disk."""

    def __init__(
        self,
        journal: Journal,
        *,
        max_pending: int,
        clock: Clock,
        metrics: JournalMetrics,
        turn: asyncio.Lock,
        committed: Callable[[], None] = lambda: None,
    ) -> None:
        """Take the journal; `committed` is called after each commit (the worker's doorbell).

        `turn` is held while writing: the quarantine lies beside the journal, and two writers would starve each other.
        """
        self._journal = journal
        self._max_pending = max_pending
        self._clock = clock
        self._metrics = metrics
        self._turn = turn
        self._committed = committed
        self._waiting: list[tuple[Sequence[Submission], asyncio.Future[list[Ack]]]] = []
        self._task: asyncio.Task[None] | None = None
        self._closed = False
        self.pending = 0
        """Submissions that wait or are under way."""

    async def submit(self, submissions: Sequence[Submission]) -> list[Ack]:
        """Return one ack for each of `submissions`, once all of them are on disk, in one transaction.

        Raises:
            Unavailable: too many wait already, or the journal could not commit; nothing was acknowledged.
        """
        if self._closed or self.pending + len(submissions) > self._max_pending:
            raise Unavailable("Too much is waiting to be written to disk.")
        future: asyncio.Future[list[Ack]] = asyncio.get_running_loop().create_future()
        self._waiting.append((submissions, future))
        self.pending += len(submissions)
        if self._task is None:
            self._task = asyncio.create_task(self._commit_all())
        return await future

    async def close(self) -> None:
        """Take nothing more, and return when all that was taken is answered."""
        self._closed = True
        while self._task is not None:
            await asyncio.wait((self._task,))

    async def _commit_all(self) -> None:
        try:
            while self._waiting:
                await self._commit(self._next_group())
        finally:
            self._task = None

    def _next_group(self) -> list[tuple[Sequence[Submission], asyncio.Future[list[Ack]]]]:
        size, count = 0, 0
        while count < len(self._waiting) and (size == 0 or size + len(self._waiting[count][0]) <= _LARGEST_GROUP):
            size += len(self._waiting[count][0])
            count += 1
        group, self._waiting = self._waiting[:count], self._waiting[count:]
        return group

    async def _commit(self, group: list[tuple[Sequence[Submission], asyncio.Future[list[Ack]]]]) -> None:
        submissions = [submission for some, _ in group for submission in some]
        began = self._clock.monotonic()
        try:
            async with self._turn:
                acks = await self._journal.append(submissions)
        except Exception as error:  # noqa: BLE001  (whatever it is, each waiting request must be answered)
            self._fail(group, error)
            return
        finally:
            self.pending -= len(submissions)
        self._metrics.committed(size=len(submissions), seconds=self._clock.monotonic() - began)
        start = 0
        for some, future in group:
            if not future.done():
                future.set_result(acks[start : start + len(some)])
            start += len(some)
        self._committed()

    def _fail(self, group: list[tuple[Sequence[Submission], asyncio.Future[list[Ack]]]], error: Exception) -> None:
        self._metrics.failed(size=sum(len(some) for some, _ in group))
        reason = error if isinstance(error, Unavailable) else Unavailable(f"The journal failed: {error!r}.")
        for _, future in group:
            if not future.done():
                future.set_exception(Unavailable(reason.message, retry_after_seconds=reason.retry_after_seconds))
