"""One suite over both databases: notifications are sent at least once, and one that was sent never again."""

import asyncio
from contextlib import contextmanager
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from orderwatch.domain.errors import NotFound
from orderwatch.domain.notifications import Draft, Message, Rejected, Retry, Sent
from orderwatch.kit.claims import Want
from orderwatch.notify.dispatcher import Dispatcher, Lane
from orderwatch.notify.policy import RetryPolicy
from orderwatch.processes.doorbell import Wakeup
from orderwatch.storage.outbox import OutboxStore
from orderwatch.storage.state_writer import StateWriter
from orderwatch.storage.tables.state import notifications
from tests.fake_clock import FakeClock
from tests.set_clock import NOON, SetClock

DAY = RetryPolicy(lasts=timedelta(days=1))


def draft(cause="c1", channel="slack", **values):
    message = Message(title="New order", text="New order A-1", payload={"order_id": "A-1"})
    return Draft(cause=cause, channel=channel, route="r", message=message, source="default", order_id="A-1", **values)


class Line:
    """A channel that answers what it is told to, and remembers what it was given."""

    def __init__(self, *answers):
        self.answers, self.sent = list(answers), []

    async def send(self, due):
        self.sent.append(due)
        answer = self.answers.pop(0) if self.answers else Sent()
        if isinstance(answer, Exception):
            raise answer
        return answer


class Held:
    """A channel that answers only when it is let."""

    def __init__(self):
        self.begun, self.go, self.sent = asyncio.Event(), asyncio.Event(), []

    async def send(self, due):
        self.sent.append(due.cause)
        self.begun.set()
        await self.go.wait()
        return Sent()


class NoNap:
    def set(self):
        pass

    async def wait(self, seconds):
        pass


class Desk:
    """An outbox and a dispatcher on a clock that stands still."""

    def __init__(self, engines, lanes, policy=DAY):
        self.clock = SetClock()
        self.engine = engines.state
        self.outbox = OutboxStore(engines.state, StateWriter(engines.state))
        self.lanes = {
            name: lane if isinstance(lane, Lane) else Lane(sender=lane, policy=policy, concurrency=0)
            for name, lane in lanes.items()
        }
        self.dispatcher = self.new_dispatcher()

    async def registered(self):
        return self.lanes

    def new_dispatcher(self):
        return Dispatcher(self.outbox, lanes=self.registered, clock=self.clock, nap=NoNap())

    async def add(self, *drafts):
        await self.outbox.add(drafts, now=self.clock.now())

    async def work(self):
        while await self.dispatcher.step():
            pass

    async def drain(self):
        """Work, and wait for what is under way, until nothing is left that is due."""
        while await self.dispatcher.step() or self.dispatcher._tasks or self.dispatcher._results:
            if self.dispatcher._tasks:
                await asyncio.wait(self.dispatcher._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def next_due(self):
        return min((await self.outbox.next_due(["slack", "mail", "slow"])).values(), default=None)

    async def claim(self, limit, *, outbox=None, lasts=timedelta(minutes=2)):
        now = self.clock.now()
        want = Want(key="slack", limit=limit, until=now + lasts)
        return await (outbox or self.outbox).turn([], wants=[want], now=now)

    async def rows(self):
        async with self.engine.connect() as connection:
            found = await connection.execute(select(notifications).order_by(notifications.c.id))
            return [dict(row._mapping) for row in found]

    async def statuses(self):
        return [(row["channel"], row["status"], row["tries"]) for row in await self.rows()]


@contextmanager
def full_disk(engine):
    def refuse(_connection):
        raise OSError("disk full")

    event.listen(engine.sync_engine, "commit", refuse)
    yield
    event.remove(engine.sync_engine, "commit", refuse)


@contextmanager
def statements(engine):
    seen = []

    def note(_connection, _cursor, statement, *_):
        seen.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine.sync_engine, "before_cursor_execute", note)


async def test_a_notification_is_sent_once_and_its_try_is_kept(engines):
    line = Line(Sent(detail="200"))
    desk = Desk(engines, {"slack": line})
    await desk.add(draft())

    await desk.work()

    assert await desk.statuses() == [("slack", "sent", 1)]
    assert [due.message.text for due in line.sent] == ["New order A-1"]
    (row,) = await desk.rows()
    assert b'"outcome":"sent"' in row["attempts"]


async def test_the_same_cause_is_told_once_a_channel(engines):
    desk = Desk(engines, {})

    await desk.add(draft(), draft(), draft(channel="mail"))
    await desk.add(draft())

    assert [row["channel"] for row in await desk.rows()] == ["slack", "mail"]


async def test_what_fails_is_tried_again_when_its_time_comes_and_not_before(engines):
    line = Line(Retry(detail="503"), Sent())
    desk = Desk(engines, {"slack": line})
    await desk.add(draft())

    await desk.work()
    assert await desk.statuses() == [("slack", "pending", 1)]
    await desk.work()
    assert len(line.sent) == 1
    due = await desk.next_due()
    assert due is not None
    desk.clock.time = due
    await desk.work()

    assert await desk.statuses() == [("slack", "sent", 2)]


async def test_a_channel_that_raises_has_failed_once_and_is_tried_again(engines):
    line = Line(ZeroDivisionError("broken"))
    desk = Desk(engines, {"slack": line})
    await desk.add(draft())

    await desk.work()

    (row,) = await desk.rows()
    assert row["status"] == "pending"
    assert b"ZeroDivisionError: broken" in row["attempts"]


async def test_retries_last_for_a_day_then_the_fallback_is_told(engines):
    mail = Line()
    slack = Lane(
        sender=Line(*[Retry(detail="503")] * 500),
        policy=RetryPolicy(lasts=timedelta(days=1), fallback="mail"),
        concurrency=0,
    )
    desk = Desk(engines, {"slack": slack, "mail": mail})
    await desk.add(draft())
    await desk.work()

    while (due := await desk.next_due()) is not None:
        desk.clock.time = due
        await desk.work()

    assert [(channel, status) for channel, status, _ in await desk.statuses()] == [
        ("slack", "failed"),
        ("mail", "sent"),
    ]
    assert timedelta(hours=23) < desk.clock.time - NOON <= timedelta(days=1)
    assert [due.cause for due in mail.sent] == ["c1 after slack"]


async def test_what_is_refused_is_not_tried_again(engines):
    line = Line(Rejected(detail="410"))
    desk = Desk(engines, {"slack": line})
    await desk.add(draft())

    await desk.work()

    assert await desk.statuses() == [("slack", "failed", 1)]
    assert await desk.next_due() is None


async def test_a_channel_that_is_gone_is_said_so(engines):
    desk = Desk(engines, {})
    await desk.add(draft())

    await desk.work()

    (row,) = await desk.rows()
    assert row["status"] == "failed"
    assert b"no channel" in row["attempts"]


async def test_a_slow_channel_holds_up_no_other(engines):
    held, line = Held(), Line()
    desk = Desk(engines, {"slow": Lane(sender=held, policy=DAY, concurrency=1), "slack": line})
    await desk.add(*(draft(f"c{n}", channel="slow") for n in range(10)), draft("fast"))

    await desk.dispatcher.step()
    await held.begun.wait()
    await desk.dispatcher.step()

    assert len(line.sent) == 1
    assert ("slack", "sent", 1) in await desk.statuses()
    held.go.set()
    await desk.drain()
    assert {status for _, status, _ in await desk.statuses()} == {"sent"}


async def test_what_was_claimed_by_a_worker_that_died_is_sent_by_the_next(engines):
    line = Line()
    desk = Desk(engines, {"slack": line})
    await desk.add(draft())
    assert len(await desk.claim(9)) == 1

    await desk.work()
    assert line.sent == []
    desk.clock.time = NOON + timedelta(minutes=2)
    await desk.work()

    assert await desk.statuses() == [("slack", "sent", 1)]


async def test_two_workers_never_claim_the_same(engines):
    desk = Desk(engines, {})
    await desk.add(*(draft(f"c{n}") for n in range(40)))
    other = OutboxStore(engines.state, StateWriter(engines.state))

    claims = await asyncio.gather(*(desk.claim(7, outbox=outbox) for outbox in (desk.outbox, other) * 4))

    ids = [due.id for claim in claims for due in claim]
    assert len(ids) == len(set(ids)) == 40


async def test_one_that_was_sent_is_sent_again_only_when_a_person_asks(engines):
    line = Line()
    desk = Desk(engines, {"slack": line})
    await desk.add(draft())
    await desk.work()
    (row,) = await desk.rows()

    desk.clock.time += timedelta(days=3)
    await desk.outbox.resend(row["id"], now=desk.clock.now())
    await desk.work()

    assert len(line.sent) == 2
    (again,) = await desk.rows()
    assert again["created_at"] == row["created_at"]
    assert again["attempts"].count(b'"sent"') == 2
    with pytest.raises(NotFound):
        await desk.outbox.resend(999, now=NOON)


async def test_old_notifications_are_dropped_and_waiting_ones_are_not(engines):
    desk = Desk(engines, {"slack": Line()})
    await desk.add(draft("old"))
    await desk.work()
    await desk.add(draft("waits", channel="gone-for-now"))

    assert await desk.outbox.prune(before=NOON + timedelta(days=1)) == 1

    assert [row["cause"] for row in await desk.rows()] == ["waits"]


async def test_results_that_could_not_be_written_are_written_later_and_nothing_is_sent_twice(engines):
    line = Line()
    desk = Desk(engines, {"slack": line})
    await desk.add(draft())
    await desk.dispatcher.step()

    with full_disk(desk.engine), pytest.raises(OSError, match="full"):
        await desk.dispatcher.step()
    await desk.work()

    assert len(line.sent) == 1
    assert await desk.statuses() == [("slack", "sent", 1)]


async def test_one_that_waits_longer_than_its_claim_for_a_slot_is_sent_once(engines):
    held = Held()
    desk = Desk(engines, {"slow": Lane(sender=held, policy=DAY, concurrency=2)})
    await desk.add(*(draft(f"c{n}", channel="slow") for n in range(6)))
    await desk.dispatcher.step()
    await held.begun.wait()

    for _ in range(4):
        desk.clock.time += timedelta(minutes=1)
        await desk.dispatcher.step()
    held.go.set()
    await desk.drain()
    desk.clock.time += timedelta(minutes=2)
    await desk.drain()

    assert sorted(held.sent) == [f"c{n}" for n in range(6)]
    assert {status for _, status, _ in await desk.statuses()} == {"sent"}


async def test_a_channel_holds_only_what_it_can_soon_try(engines):
    held = Held()
    desk = Desk(engines, {"slow": Lane(sender=held, policy=DAY, concurrency=2)})
    await desk.add(*(draft(f"c{n}", channel="slow") for n in range(40)))

    await desk.dispatcher.step()
    await desk.dispatcher.step()

    assert len([row for row in await desk.rows() if row["due_at"] != row["created_at"]]) == 6
    held.go.set()
    await desk.drain()
    assert len(held.sent) == 40


async def test_a_report_that_comes_late_does_not_bring_back_what_was_sent(engines):
    desk = Desk(engines, {"slack": Line(Retry(detail="503"))})
    await desk.add(draft())
    late = desk.new_dispatcher()
    await late.step()
    desk.lanes = {"slack": Lane(sender=Line(), policy=DAY, concurrency=0)}
    desk.clock.time += timedelta(minutes=1)
    await desk.work()
    assert await desk.statuses() == [("slack", "sent", 1)]

    await late.finish()

    assert await desk.statuses() == [("slack", "sent", 1)]


async def test_a_stop_waits_for_a_try_under_way_and_begins_no_other(engines):
    held = Held()
    desk = Desk(engines, {"slow": Lane(sender=held, policy=DAY, concurrency=1)})
    await desk.add(draft("first", channel="slow"), draft("second", channel="slow"))
    await desk.dispatcher.step()
    await held.begun.wait()

    stop = asyncio.create_task(desk.dispatcher.finish())
    held.go.set()
    await stop

    assert held.sent == ["first"]
    assert [status for _, status, _ in await desk.statuses()] == ["sent", "pending"]


async def test_a_batch_of_a_local_channel_takes_one_statement_to_record(engines):
    desk = Desk(engines, {"slack": Line()})
    await desk.add(*(draft(f"c{n}") for n in range(300)))
    await desk.dispatcher.step()

    with statements(desk.engine) as seen:
        await desk.dispatcher.step()

    assert len([statement for statement in seen if statement.startswith("UPDATE notifications")]) == 1
    assert {status for _, status, _ in await desk.statuses()} == {"sent"}


async def test_tries_are_summed_by_channel_and_outcome(engines):
    desk = Desk(engines, {"slack": Line(Retry(detail="503"), Sent(), Rejected(detail="410")), "mail": Line()})
    await desk.add(draft("a"), draft("a", channel="mail"), draft("b"), draft("c"))
    await desk.work()

    assert await desk.outbox.outcomes() == {
        ("mail", "sent"): 1,
        ("slack", "retry"): 1,
        ("slack", "sent"): 1,
        ("slack", "rejected"): 1,
    }


async def test_one_that_goes_to_a_channel_nobody_has_fails_while_the_dispatcher_runs(engines):
    desk = Desk(engines, {"slack": Line()})
    await desk.work()
    await desk.add(draft(channel="typo"))

    desk.clock.time += timedelta(seconds=30)
    await desk.work()

    assert await desk.statuses() == [("typo", "failed", 1)]


async def test_it_sleeps_until_the_next_one_is_due_or_somebody_pokes_it(engines):
    line, clock = Line(Retry(detail="429", after=timedelta(seconds=20))), FakeClock()
    desk = Desk(engines, {"slack": line})
    dispatcher = Dispatcher(desk.outbox, lanes=desk.registered, clock=clock, nap=Wakeup(clock))
    await desk.add(draft("a"))
    running = asyncio.create_task(dispatcher.run())
    await clock.asleep()

    with statements(desk.engine) as seen:
        clock.advance(seconds=10)
        await clock.asleep()
    assert seen == []
    assert clock.next_waking == NOON + timedelta(seconds=20)

    clock.advance(seconds=10)
    await clock.asleep()
    assert await desk.statuses() == [("slack", "sent", 2)]

    await desk.add(draft("b"))
    dispatcher.poke()
    while len(line.sent) < 3:
        await clock.sleep(0)
    running.cancel()
    assert [due.cause for due in line.sent] == ["a", "a", "b"]


ACTIONS = st.lists(st.sampled_from(["work", "sent and crash", "claimed and crash", "fails", "later"]), max_size=12)


@given(ACTIONS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_crashes_in_between_what_is_marked_sent_is_never_sent_again(engines, actions):
    line = Line()
    desk = Desk(engines, {"slack": line})
    number = id(actions)
    await desk.add(*(draft(f"{number}-{n}") for n in range(3)))

    for action in actions:
        before = {row["id"] for row in await desk.rows() if row["status"] == "sent"}
        sent = len(line.sent)
        if action == "work":
            await desk.work()
        elif action == "fails":
            line.answers.append(Retry(detail="503"))
        elif action == "sent and crash":
            await desk.dispatcher.step()
            desk.dispatcher = desk.new_dispatcher()
        elif action == "claimed and crash":
            await desk.claim(2)
        else:
            desk.clock.time += timedelta(minutes=2)
        assert not before & {due.id for due in line.sent[sent:]}

    while (due := await desk.next_due()) is not None:
        desk.clock.time = due
        await desk.work()
    assert {row["status"] for row in await desk.rows()} == {"sent"}
