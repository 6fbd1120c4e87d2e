"""Groups: what arrives while one commit runs goes into the next; each is answered when its own commit is done."""

import asyncio
from collections.abc import Sequence

import pytest

from orderwatch.domain.errors import Unavailable
from orderwatch.domain.keys import digest_of, event_key
from orderwatch.domain.receipts import Ack, Receipt, Submission
from orderwatch.journal.appender import Appender
from orderwatch.journal.dedupe import decide
from orderwatch.journal.ports import Take
from orderwatch.journal.turn import Turn
from tests.set_clock import NOON, SetClock


class MemoryJournal:
    """A journal whose commits take until the test lets them through, and fail when it says so."""

    def __init__(self) -> None:
        self.groups: list[list[str | None]] = []
        self.fault: Exception | None = None
        self.hold = asyncio.Event()
        self.hold.set()
        self.taken = asyncio.Event()
        self._known: dict[bytes, tuple[int, bytes]] = {}
        self._last = 0
        self._one_at_a_time = asyncio.Lock()

    async def append(self, take: Take) -> list[Ack]:
        async with self._one_at_a_time:
            submissions = take()
            self.taken.set()
            await self.hold.wait()
            if self.fault is not None:
                raise self.fault
            if submissions:
                self.groups.append([submission.event_id for submission in submissions])
            entries = decide(submissions, self._known, first_position=self._last + 1)
            self._known |= {e.key: (e.ack.position, e.submission.digest) for e in entries if e.key is not None}
            self._last += len(entries)
            return [entry.ack for entry in entries]

    async def read(self, *, after: int, limit: int) -> list[Receipt]:
        raise NotImplementedError

    async def last_position(self) -> int:
        return self._last


class Counts:
    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.failures: list[int] = []

    def committed(self, *, size: int, seconds: float) -> None:
        self.sizes.append(size)

    def failed(self, *, size: int) -> None:
        self.failures.append(size)


class Bench:
    """An appender with everything around it in sight."""

    def __init__(self, *, max_pending: int = 100, max_pending_bytes: int = 1000) -> None:
        self.journal = MemoryJournal()
        self.counts = Counts()
        self.rings = 0
        self.turn = Turn()
        self.clock = SetClock()
        self.appender = Appender(
            self.journal,
            max_pending=max_pending,
            max_pending_bytes=max_pending_bytes,
            clock=self.clock,
            metrics=self.counts,
            turn=self.turn,
            committed=self._ring,
        )

    def _ring(self) -> None:
        self.rings += 1

    def submit(self, *names: str) -> asyncio.Task[list[Ack]]:
        return asyncio.create_task(self.appender.submit([submission(name) for name in names]))

    async def hold_one(self, name: str) -> asyncio.Task[list[Ack]]:
        """Submit one, and return when its commit is under way and held."""
        self.journal.hold.clear()
        task = self.submit(name)
        await self.journal.taken.wait()
        return task


def submission(name: str) -> Submission:
    digest = digest_of(name.encode())
    return Submission(
        source="shop",
        key=event_key("shop", name),
        event_id=name,
        digest=digest,
        body=name.encode(),
        headers=b"{}",
        received_at=NOON,
    )


def positions(acks: Sequence[Ack]) -> list[int]:
    return [ack.position for ack in acks]


async def started(*tasks: asyncio.Task[list[Ack]]) -> None:
    """Return when each of `tasks` has run up to its wait."""
    for _ in range(2):
        await asyncio.wait(tasks, timeout=0)


async def test_what_arrives_while_one_commit_runs_goes_into_the_next_one_together():
    bench = Bench()
    first = await bench.hold_one("a")
    others = [bench.submit(name) for name in "bcd"]
    await started(*others)

    bench.journal.hold.set()
    acks = [await task for task in (first, *others)]

    assert bench.journal.groups == [["a"], ["b", "c", "d"]]
    assert [positions(ack) for ack in acks] == [[1], [2], [3], [4]]


async def test_what_is_submitted_together_is_committed_together_and_answered_in_its_order():
    bench = Bench()
    first = await bench.hold_one("a")
    lists = [bench.submit("b", "c"), bench.submit("d", "b")]
    await started(*lists)

    bench.journal.hold.set()
    await first
    acks = [await task for task in lists]

    assert bench.journal.groups[1:] == [["b", "c", "d", "b"]]
    assert [positions(ack) for ack in acks] == [[2, 3], [4, 5]]
    assert acks[1][1].of == 2


async def test_nothing_at_all_is_answered_at_once_and_writes_nothing():
    bench = Bench()
    first = await bench.hold_one("a")

    assert await bench.submit() == []

    bench.journal.hold.set()
    await first
    assert bench.journal.groups == [["a"]]


async def test_nothing_waits_for_company():
    bench = Bench()

    acks = await bench.submit("a")

    assert positions(acks) == [1]
    assert bench.journal.groups == [["a"]]


async def test_beyond_its_bound_the_list_takes_nothing_more_and_answers_what_it_has():
    bench = Bench(max_pending=3)
    first = await bench.hold_one("a")
    waiting = bench.submit("b", "c")
    await started(waiting)

    with pytest.raises(Unavailable, match="waiting"):
        await bench.submit("d")

    bench.journal.hold.set()
    assert positions(await first + await waiting) == [1, 2, 3]
    assert positions(await bench.submit("d")) == [4]


async def test_what_waits_is_bounded_by_its_length_too():
    bench = Bench(max_pending_bytes=100)
    first = await bench.hold_one("a" * 40)
    waiting = bench.submit("b" * 40)
    await started(waiting)

    with pytest.raises(Unavailable, match="waiting"):
        await bench.submit("c" * 40)

    bench.journal.hold.set()
    assert positions(await first + await waiting) == [1, 2]
    assert positions(await bench.submit("d" * 400)) == [3]


async def test_what_is_long_is_committed_in_several_groups():
    bench = Bench(max_pending_bytes=10**9)
    first = await bench.hold_one("a")
    # Each is above half of what one group takes, so that no third one joins two of them.
    others = [bench.submit(name * 9_000_000) for name in "bcd"]
    await started(*others)

    bench.journal.hold.set()
    await asyncio.gather(first, *others)

    assert [[str(name)[:1] for name in group] for group in bench.journal.groups] == [["a"], ["b", "c"], ["d"]]


async def test_a_list_longer_than_the_bound_goes_when_nothing_else_waits():
    bench = Bench(max_pending=2)

    assert positions(await bench.submit("a", "b", "c")) == [1, 2, 3]


@pytest.mark.parametrize("fault", [Unavailable("The disk is full.", retry_after_seconds=9), RuntimeError("a fault")])
async def test_a_commit_that_fails_fails_exactly_those_within_and_the_next_one_goes_on(fault):
    bench = Bench()
    before = await bench.submit("a")
    failing = await bench.hold_one("b")
    bench.journal.fault = fault
    bench.journal.hold.set()

    with pytest.raises(Unavailable) as told:
        await failing
    bench.journal.fault = None
    after = await bench.submit("b")

    assert positions(before + after) == [1, 2]
    assert after[0].of is None
    assert told.value.retry_after_seconds == getattr(fault, "retry_after_seconds", 2)
    assert (bench.counts.sizes, bench.counts.failures) == ([1, 1], [1])
    assert bench.appender.pending == 0


async def test_everybody_within_a_failed_commit_gets_an_error_of_his_own():
    bench = Bench()
    first = await bench.hold_one("a")
    both = [bench.submit("b"), bench.submit("c")]
    await started(*both)
    bench.journal.fault = Unavailable("The disk is full.")
    bench.journal.hold.set()

    faults = await asyncio.gather(first, *both, return_exceptions=True)

    assert all(isinstance(fault, Unavailable) for fault in faults)
    assert len({id(fault) for fault in faults}) == 3


async def test_who_goes_away_meanwhile_harms_nobody_and_is_kept():
    bench = Bench()
    first = await bench.hold_one("a")
    gone, stays = bench.submit("b"), bench.submit("c")
    await started(gone, stays)

    gone.cancel()
    bench.journal.hold.set()

    assert positions(await stays) == [3]
    assert positions(await first) == [1]
    assert bench.journal.groups[1] == ["b", "c"]


async def test_the_worker_is_rung_once_for_each_commit_and_never_for_a_failed_one():
    bench = Bench()
    await bench.submit("a", "b")
    await bench.submit("c")
    bench.journal.fault = Unavailable("The disk is full.")

    with pytest.raises(Unavailable):
        await bench.submit("d")

    assert bench.rings == 2


async def test_closing_answers_all_that_was_taken_and_takes_nothing_more():
    bench = Bench()
    first = await bench.hold_one("a")
    waiting = bench.submit("b")
    await started(waiting)

    closing = asyncio.create_task(bench.appender.close())
    await asyncio.wait((closing,), timeout=0)
    with pytest.raises(Unavailable, match="ending"):
        await bench.submit("c")
    bench.journal.hold.set()
    await closing

    assert positions(first.result() + waiting.result()) == [1, 2]


async def test_another_writer_of_the_same_file_gets_its_turn_between_two_groups_alone():
    bench = Bench()
    order: list[str] = []

    async def write_elsewhere() -> None:
        async with bench.turn:
            order.append(f"other after {len(bench.journal.groups)} group")
            assert bench.journal.hold.is_set()

    first = await bench.hold_one("a")
    other = asyncio.create_task(write_elsewhere())
    await asyncio.wait((other,), timeout=0)
    late = bench.submit("b")
    await started(late)

    bench.journal.hold.set()
    await asyncio.gather(first, other, late)

    assert order == ["other after 1 group"]
    assert bench.journal.groups == [["a"], ["b"]]


async def test_single_webhooks_are_committed_at_once_and_under_load_groups_begin_a_little_apart():
    bench = Bench()
    for name in "abc":
        await bench.submit(name)
    assert bench.clock.slept == []

    await asyncio.gather(*(bench.submit(name) for name in "defgh"))
    await asyncio.gather(*(bench.submit(name) for name in "ij"))

    assert bench.journal.groups == [["a"], ["b"], ["c"], [*"defgh"], [*"ij"]]
    assert len(bench.clock.slept) >= 1
    assert max(bench.clock.slept) < 0.01
