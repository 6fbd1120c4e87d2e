"""Follows the journal: reads a run of receipts, has the pipeline understand it, keeps what follows."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from itertools import takewhile
from random import Random
from typing import Protocol

import structlog
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from orderwatch.domain.errors import Conflict, NotFound, OrderwatchError, Unavailable
from orderwatch.domain.receipts import Receipt, ReceiptKind
from orderwatch.journal.ports import Journal
from orderwatch.kit.backoff import backoff
from orderwatch.kit.clock import Clock
from orderwatch.pipeline import Pipeline, Understood, Unread
from orderwatch.processes.doorbell import Wakeup
from orderwatch.storage.state.state import JOURNAL, StateStore, TooMuch

RUN_LIMIT = 1000
"""Receipts in one transaction: enough to pay for its commit, few enough that others soon get their turn."""
POLL_SECONDS = 0.5
_PAUSE_SECONDS = 0.02
"""After a run that took all there was. What a transaction costs beside its receipts is then paid by more of them."""
_FIRST_WAIT = timedelta(milliseconds=200)
_LONGEST_WAIT = timedelta(seconds=10)


class ReceiptFinder(Protocol):
    """Finds one receipt."""

    async def get(self, position: int, /) -> Receipt:
        """Return the receipt at `position`.

        Raises:
            NotFound: there is none.
        """
        ...


class Follower:
    """Gives each receipt its effect exactly once, in the order of the journal."""

    def __init__(
        self,
        *,
        journal: Journal,
        receipts: ReceiptFinder,
        state: StateStore,
        pipeline: Callable[[], Awaitable[Pipeline]],
        clock: Clock,
    ) -> None:
        """Take the journal and the state; `pipeline` is asked before each run, so that new sources are known."""
        self._journal = journal
        self._receipts = receipts
        self._state = state
        self._pipeline = pipeline
        self._clock = clock
        self._jitter = Random()  # noqa: S311  (spreads tries, guards nothing)
        self._log = structlog.get_logger("follower")

    async def run(self, wakeup: Wakeup) -> None:
        """Follow until cancelled. `wakeup` says that there may be more.

        When the store does not answer, nothing is lost: the mark did not move, and it is tried again.
        """
        failures = 0
        while True:
            try:
                taken = await self.step()
                if 0 < taken < RUN_LIMIT:
                    await self._clock.sleep(_PAUSE_SECONDS)
                elif not taken:
                    await wakeup.wait(POLL_SECONDS)
                failures = 0
            except (SQLAlchemyError, Unavailable, OSError) as error:
                failures += 1
                wait = backoff(failures, base=_FIRST_WAIT, cap=_LONGEST_WAIT, jitter=self._jitter)
                self._log.error("store does not answer, trying again", error=str(error), wait_seconds=wait.seconds)
                await self._clock.sleep(wait.total_seconds())

    async def step(self) -> int:
        """Give one run its effect and return how many receipts it had."""
        after = await self._state.mark(JOURNAL)
        receipts = await self._journal.read(after=after, limit=RUN_LIMIT)
        if not receipts:
            return 0
        pipeline = await self._pipeline()
        run = list(takewhile(lambda receipt: receipt.kind is not ReceiptKind.REPLAY, receipts))
        try:
            if run:
                await self._advance(run, pipeline, after)
                return len(run)
            await self._replay(receipts[0], pipeline, after)
        except Conflict as conflict:
            self._log.warning("run left to another worker", reason=conflict.message)
        return 1

    async def _advance(self, run: Sequence[Receipt], pipeline: Pipeline, after: int) -> None:
        try:
            await self._state.advance(pipeline.understand(run, after=after), pipeline, now=self._clock.now())
        except TooMuch:
            half = len(run) // 2
            await self._advance(run[:half], pipeline, after)
            await self._advance(run[half:], pipeline, run[half - 1].position)
        except Exception as fault:
            if _is_passing(fault):
                raise
            # A fault of ours in one receipt must not stop all that come after it: find it, set it aside, go on.
            self._log.exception("run failed, taking it apart", receipts=len(run))
            if len(run) == 1:
                await self._set_aside(run[0], pipeline, after)
                return
            for receipt in run:
                await self._advance([receipt], pipeline, after)
                after = receipt.position

    async def _set_aside(self, receipt: Receipt, pipeline: Pipeline, after: int) -> None:
        reason = "Orderwatch failed on this receipt; the log tells how. It can be replayed once that is mended."
        unread = (Unread(receipt, "internal", reason),)
        understood = Understood(after, receipt.position, (receipt,), (), unread, {})
        await self._state.advance(understood, pipeline, now=self._clock.now())

    async def _replay(self, replay: Receipt, pipeline: Pipeline, after: int) -> None:
        try:
            original = await self._receipts.get(replay.of or 0)
        except NotFound:
            understood = Understood(after, replay.position, (), (), (), {})
        else:
            understood = pipeline.understand((original,), after=after)
        try:
            await self._state.reread(replay, understood, pipeline, now=self._clock.now())
        except Exception as fault:
            if _is_passing(fault):
                raise
            self._log.exception("replay failed, passing it over", replay=replay.position, of=replay.of)
            passed = Understood(after, replay.position, (), (), (), {})
            await self._state.advance(passed, pipeline, now=self._clock.now())


def _is_passing(fault: Exception) -> bool:
    """Say whether it may go well the next time: the store is away, or another worker was faster."""
    is_of_a_value = isinstance(fault, (DataError, IntegrityError))
    return isinstance(fault, (SQLAlchemyError, OrderwatchError, OSError)) and not is_of_a_value
