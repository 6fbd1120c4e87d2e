"""One suite over both databases: a run waits until it went well, or until a person has seen it."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from orderwatch.domain.notifications import Draft, Message
from orderwatch.handlers.ports import Done, Failed
from orderwatch.kit.claims import Want
from orderwatch.storage.handler_runs import HandlerRunStore
from orderwatch.storage.outbox import OutboxStore
from orderwatch.storage.state_writer import StateWriter
from orderwatch.storage.tables.state import events, handler_runs, notifications
from tests.set_clock import NOON
from tests.working import Working, event

LATER = NOON + timedelta(minutes=5)


@pytest.fixture
async def work(engines, tmp_path):
    made = Working(engines, tmp_path, handlers=("cook",))
    made.routes = []
    yield made
    await made.close()


async def claim(work, *, limit=10, now=NOON, until=LATER, runs=None, handler="cook"):
    return await (runs or work.runs).turn([], wants=[Want(key=handler, limit=limit, until=until)], now=now)


async def rows(work, table=handler_runs):
    async with work.engines.state.connect() as connection:
        return [dict(row._mapping) for row in await connection.execute(select(table).order_by(table.c.id))]


async def received(work, *bodies):
    await work.receive(*bodies)
    await work.catch_up()


async def test_a_run_brings_its_event_and_its_order_as_it_is_now(work):
    await received(work, event("order_created", total="12.50"), event("order_cancelled"))

    first, second = await claim(work)

    assert (first.event.type, str(first.event.total), first.order.status) == ("order.created", "12.50", "cancelled")
    assert second.event.type == "order.cancelled"


async def test_what_is_claimed_is_nobody_else_s_until_the_claim_ends(work):
    await received(work, event("order_created"))

    assert len(await claim(work)) == 1
    assert await claim(work) == []
    assert await work.runs.next_due(["cook", "other"]) == {"cook": LATER}
    assert len(await claim(work, now=LATER, until=LATER + timedelta(minutes=1))) == 1


async def test_two_workers_never_claim_the_same(work):
    await received(work, *(event("order_created", f"A-{n}") for n in range(30)))
    writer = StateWriter(work.engines.state)
    other = HandlerRunStore(work.engines.state, writer, outbox=OutboxStore(work.engines.state, writer))

    claims = await asyncio.gather(*(claim(work, limit=4, runs=runs) for runs in (work.runs, other) * 5))

    ids = [run.id for some in claims for run in some]
    assert len(ids) == len(set(ids)) == 30


async def test_what_went_well_is_forgotten_and_what_it_tells_goes_out_with_the_same_commit(work):
    await received(work, event("order_created"))
    (run,) = await claim(work)
    draft = Draft(cause="handler:cook:k:0", channel="log", route=None, message=Message(title="t", text="x"))

    await work.runs.turn([Done(id=run.id, drafts=[draft, draft])], wants=[], now=NOON)

    assert await rows(work) == []
    assert [row["cause"] for row in await rows(work, notifications)] == ["handler:cook:k:0"]


async def test_what_failed_is_due_again_and_after_the_last_try_waits_for_a_person(work):
    await received(work, event("order_created"))
    (run,) = await claim(work)

    await work.runs.turn([Failed(id=run.id, tries=1, error="first", due=LATER)], wants=[], now=NOON)
    assert await work.runs.next_due(["cook"]) == {"cook": LATER}
    (again,) = await claim(work, now=LATER)
    assert (again.tries, again.last_error) == (1, "first")
    await work.runs.turn([Failed(id=run.id, tries=2, error="last", due=None)], wants=[], now=NOON)

    assert await work.runs.next_due(["cook"]) == {}
    assert [(row["status"], row["last_error"]) for row in await rows(work)] == [("dead", "last")]


async def test_a_report_that_comes_late_does_not_take_away_what_was_laid_aside(work):
    await received(work, event("order_created"))
    (run,) = await claim(work)
    await work.runs.turn([Failed(id=run.id, tries=8, error="last", due=None)], wants=[], now=NOON)

    await work.runs.turn([Done(id=run.id)], wants=[], now=NOON)

    assert len(await rows(work)) == 1


async def test_handlers_that_nobody_has_are_found(work):
    await received(work, event("order_created"))

    assert await work.runs.strangers(["other"]) == ["cook"]
    assert await work.runs.strangers(["cook"]) == []


async def test_a_run_whose_event_is_another_one_now_is_dropped(work):
    await received(work, event("order_created"))
    async with work.engines.state.begin() as connection:
        await connection.execute(update(events).values(type="order.ready"))

    assert await claim(work) == []
    assert await rows(work) == []


async def test_dead_runs_are_run_again_by_handler_or_all(work):
    await received(work, event("order_created", "A-1"), event("order_created", "A-2"))
    runs = await claim(work)
    dead = [Failed(id=run.id, tries=8, error="x", due=None) for run in runs]
    await work.runs.turn(dead, wants=[], now=NOON)

    assert await work.runs.retry(number=None, handler="other", now=NOON) == 0
    assert await work.runs.retry(number=runs[0].id, handler=None, now=NOON) == 1
    assert await work.runs.retry(number=None, handler=None, now=NOON) == 1
    assert len(await claim(work)) == 2
