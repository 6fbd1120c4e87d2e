"""One suite over both databases: what cannot be kept is set aside, and nothing behind it waits."""

import pytest
from msgspec.structs import replace
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from orderwatch.domain.sources import Mapping, Source
from orderwatch.storage.tables import state as tables
from tests.kept_state import everything, orders, rows
from tests.working import Working, event


@pytest.fixture
async def work(engines, tmp_path):
    working = Working(engines, tmp_path)
    yield working
    await working.close()


async def test_a_value_that_the_database_cannot_take_sets_its_receipt_aside_and_no_other(engines, work):
    await work.receive(*(event("order_created", f"A-{n}") for n in range(3)))
    pipeline = await work.pipeline()
    understand = pipeline.understand

    def doubling(receipts, *, after):
        understood = understand(receipts, after=after)
        doubled = [e for e in understood.events for _ in range(2 if e.order_id == "A-1" else 1)]
        return replace(understood, events=doubled)

    pipeline.understand = doubling

    async def broken():
        return pipeline

    work.follower._pipeline = broken
    await work.catch_up()

    assert set(await orders(engines)) == {"A-0", "A-2"}
    assert [row["code"] for row in await rows(engines, tables.unreadable, "receipt")] == ["internal"]


async def test_a_fault_of_ours_in_a_replay_leaves_all_as_it_was_and_holds_up_nothing(engines, work):
    await work.receive(event("order_created", "A-1"))
    await work.catch_up()
    before = await everything(engines)
    pipeline = await work.pipeline()

    def failing(*_, **__):
        raise ZeroDivisionError

    pipeline.refold = failing

    async def broken():
        return pipeline

    work.follower._pipeline = broken
    await work.receive({}, replay_of=1)
    assert await work.catch_up() == 1

    assert await everything(engines) == before
    await work.receive(event("order_created", "A-2"))
    await work.catch_up()
    assert set(await orders(engines)) == {"A-1", "A-2"}


async def test_why_a_receipt_is_unreadable_may_quote_whatever_is_in_it(engines, work):
    work.sources["shop"] = Source(name="shop", mapping=Mapping(fields={"total": "abs(total)"}))
    await work.receive({"type": "order.created", "order_id": "A-1", "total": "\0" + "9" * 90_000}, source="shop")
    await work.receive(event("order_created", "A-2"))

    await work.catch_up()

    assert set(await orders(engines)) == {"A-2"}
    (unread,) = await rows(engines, tables.unreadable, "receipt")
    assert "abs(total)" in unread["reason"]
    assert "\0" not in unread["reason"]
    assert len(unread["reason"]) <= 2001


async def test_what_an_error_of_the_store_says_holds_nothing_of_the_orders(engines, work):
    await work.receive(event("order_created", customer={"phone": "010-1234-5678"}))
    async with engines.state.begin() as connection:
        await connection.execute(text("ALTER TABLE events RENAME TO events_away"))

    with pytest.raises(SQLAlchemyError) as failed:
        await work.follower.step()

    assert "events" in str(failed.value)
    assert "010-1234-5678" not in str(failed.value)
