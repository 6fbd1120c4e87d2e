"""One suite over both databases: each receipt has its effect exactly once, and all of it can be made anew."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import delete, text, update

from orderwatch.domain.errors import Conflict
from orderwatch.domain.notifications import Route
from orderwatch.domain.sources import Mapping, Source
from orderwatch.storage.reading.changes import ChangeReader
from orderwatch.storage.state import statements
from orderwatch.storage.state.state import JOURNAL, StateStore
from orderwatch.storage.tables import state as tables
from tests.kept_state import everything, orders, rows
from tests.working import Working, event


@pytest.fixture
async def work(engines, tmp_path):
    working = Working(engines, tmp_path)
    yield working
    await working.close()


async def test_events_become_orders_with_their_milestones(engines, work):
    await work.receive(
        event("order_created", occurred_at="2026-11-24T11:00:00Z", total="12.50", currency="KRW"),
        event("order_accepted", occurred_at="2026-11-24T11:01:00Z"),
    )

    assert await work.catch_up() == 2

    order = (await orders(engines))["A-1"]
    assert order["status"] == "accepted"
    assert order["total"] == "12.50"
    assert order["milestones"] == {"created": "2026-11-24T11:00:00Z", "accepted": "2026-11-24T11:01:00Z"}
    assert await work.catch_up() == 0


async def test_a_duplicate_is_counted_and_changes_nothing_else(engines, work):
    first = event("order_created", event_id="e1")
    await work.receive(first)
    await work.catch_up()
    before = (await orders(engines))["A-1"]

    await work.receive(first, first)
    await work.catch_up()

    after = (await orders(engines))["A-1"]
    assert after == before | {"duplicates": 2}


async def test_a_duplicate_in_the_same_run_as_its_first_is_counted(engines, work):
    first = event("order_created", event_id="e1")
    await work.receive(first, first)

    await work.catch_up()

    assert (await orders(engines))["A-1"]["duplicates"] == 1


async def test_a_conflict_flags_the_order_and_is_not_folded(engines, work):
    await work.receive(
        event("order_created", event_id="e1", store_id="s1"), event("order_created", event_id="e1", store_id="s2")
    )

    await work.catch_up()

    order = (await orders(engines))["A-1"]
    assert order["store_id"] == "s1"
    assert "conflict" in order["flags"]


async def test_orders_are_counted_by_their_present_status(engines, work):
    await work.receive(*(event("order_created", f"A-{n}") for n in range(5)))
    await work.catch_up()

    await work.receive(event("order_delivered", "A-0"), event("order_cancelled", "A-1"))
    await work.catch_up()

    counted = {row["status"]: row["n"] for row in await rows(engines, tables.order_counts, "status")}
    assert counted == {"created": 3, "delivered": 1, "cancelled": 1}


async def test_each_new_order_is_told_once_and_nothing_else_is(engines, work):
    await work.receive(event("order_created", event_id="e1"), event("order_accepted"))
    await work.catch_up()
    await work.receive(event("order_created", event_id="e1"))
    await work.catch_up()

    told = await rows(engines, tables.notifications, "id")

    assert [(row["channel"], row["order_id"], row["status"]) for row in told] == [("log", "A-1", "pending")]


async def test_what_cannot_be_understood_is_kept_aside_and_the_rest_goes_on(engines, work):
    await work.receive(event("order_created", "A-1"))
    await work.receive(event("order_created", "B-1"), source="gone")
    await work.receive(event("order_created", "A-2"))

    assert await work.catch_up() == 3

    assert set(await orders(engines)) == {"A-1", "A-2"}
    (unread,) = await rows(engines, tables.unreadable, "receipt")
    assert (unread["receipt"], unread["code"]) == (2, "bad_mapping")
    assert "gone" in unread["reason"]


async def test_a_fault_of_ours_in_one_receipt_sets_that_one_aside_and_no_other(engines, work):
    await work.receive(*(event("order_created", f"A-{n}") for n in range(5)))
    pipeline = await work.pipeline()
    apply = pipeline.apply

    def failing(events, *rest, **named):
        if any(e.order_id == "A-3" for e in events):
            raise ZeroDivisionError
        return apply(events, *rest, **named)

    pipeline.apply = failing

    async def broken():
        return pipeline

    work.follower._pipeline = broken
    await work.catch_up()

    assert set(await orders(engines)) == {"A-0", "A-1", "A-2", "A-4"}
    (unread,) = await rows(engines, tables.unreadable, "receipt")
    assert unread["code"] == "internal"


async def test_a_receipt_that_was_mended_is_read_again_by_a_replay_and_then_told(engines, work):
    await work.receive({"주문": "K-1", "event_type": "접수"}, source="shop")
    await work.catch_up()
    mapping = Mapping(order_id='"주문"', statuses={"접수": "order.created"})
    work.sources["shop"] = Source(name="shop", mapping=mapping)

    await work.receive({}, source="shop", replay_of=1)
    await work.catch_up()

    assert (await orders(engines))["K-1"]["status"] == "created"
    assert await rows(engines, tables.unreadable, "receipt") == []
    assert len(await rows(engines, tables.notifications, "id")) == 1


async def test_after_replays_everything_is_counted_as_if_it_had_been_understood_so_at_once(engines, work):
    work.sources["shop"] = Source(name="shop", mapping=Mapping(order_id="wrong"))
    await work.receive({"wrong": "X", "right": "A-1", "type": "order.created", "store_id": "s1"}, source="shop")
    await work.receive({"right": "A-2", "type": "접수"}, {"wrong": "X-3", "type": "order.ready"}, source="shop")
    await work.catch_up()
    mapping = Mapping(order_id="right", statuses={"접수": "order.created", "order.created": "order.accepted"})
    work.sources["shop"] = Source(name="shop", mapping=mapping)
    for position in (1, 2, 3):
        await work.receive({}, source="shop", replay_of=position)
    await work.catch_up()
    replayed = await everything(engines)

    await work.state.reset(quiet_until=await work.journal.last_position())
    await work.catch_up()

    assert await everything(engines) == replayed
    (activity,) = replayed["source_activity"]
    assert (activity["events"], activity["unreadable"]) == (2, 1)


async def test_a_replay_tells_nobody_again_and_changes_nothing(engines, work):
    await work.receive(event("order_created", event_id="e1"), event("order_ready"))
    await work.catch_up()
    before = await everything(engines)
    async with engines.state.begin() as connection:
        await connection.execute(delete(tables.notifications))

    await work.receive({}, replay_of=1)
    await work.receive({}, replay_of=2)
    await work.catch_up()

    assert await everything(engines) == before
    assert await rows(engines, tables.notifications, "id") == []


async def test_a_replay_with_another_mapping_moves_the_event_to_the_right_order(engines, work):
    work.sources["shop"] = Source(name="shop", mapping=Mapping(order_id="wrong"))
    await work.receive({"type": "order.created", "wrong": "X", "right": "A-1"}, source="shop")
    await work.catch_up()
    work.sources["shop"] = Source(name="shop", mapping=Mapping(order_id="right"))

    await work.receive({}, source="shop", replay_of=1)
    await work.catch_up()

    assert set(await orders(engines)) == {"A-1"}
    counted = {row["status"]: row["n"] for row in await rows(engines, tables.order_counts, "status")}
    assert counted == {"created": 1}


async def test_an_order_that_a_replay_leaves_without_events_is_told_to_be_gone(engines, work):
    reader = ChangeReader(engines)
    work.sources["shop"] = Source(name="shop")
    created, ready = (
        {"type": f"order.{kind}", "order_id": ident} for kind, ident in (("created", "X"), ("ready", "Y"))
    )
    await work.receive(created, ready, source="shop")
    await work.catch_up()
    before = await reader.latest()
    work.sources["shop"] = Source(name="shop", mapping=Mapping(order_id="number"))

    await work.receive({}, source="shop", replay_of=1)
    await work.catch_up()
    changes = await reader.after(before, limit=10)

    assert changes is not None
    assert (changes.gone, changes.orders) == ([("shop", "X")], [])
    work.sources["shop"] = Source(name="shop")
    await work.receive({}, source="shop", replay_of=1)
    await work.catch_up()
    again = await reader.after(before, limit=10)
    assert again is not None
    assert (again.gone, len(again.orders)) == ([], 1)


async def test_whoever_knows_a_state_from_before_a_rebuild_begins_anew(engines, work):
    reader = ChangeReader(engines)
    await work.receive(event("order_created"))
    await work.catch_up()
    before = await reader.latest()

    await work.state.reset(quiet_until=1)

    assert await reader.after(before, limit=10) is None
    assert await reader.after(await reader.latest(), limit=10) is not None


async def test_of_very_many_that_are_gone_the_latest_are_remembered(engines, work):
    reader = ChangeReader(engines)
    await work.receive(*(event("order_created", f"A-{n}") for n in range(4)))
    await work.catch_up()
    before = await reader.latest()
    numbers = []
    for n in range(4):
        async with work.writer.transaction() as transaction:
            numbers.append(transaction.changed)
            await statements.drop_orders(transaction.connection, [("default", f"A-{n}")], changed=numbers[-1], most=2)

    assert await reader.after(before, limit=10) is None
    rest = await reader.after(numbers[1], limit=10)
    assert rest is not None
    assert list(rest.gone) == [("default", "A-2"), ("default", "A-3")]


async def test_a_replay_of_nothing_is_passed_over(work):
    await work.receive({}, replay_of=999)
    await work.receive(event("order_created"))

    assert await work.catch_up() == 2


async def test_a_rebuild_gives_the_same_bytes_and_tells_nobody(engines, work):
    seed = random.Random(4)
    steps = [
        "order_created",
        "order_accepted",
        "courier_assigned",
        "order_picked_up",
        "order_delivered",
        "order_cancelled",
    ]
    sent = [
        event(
            seed.choice(steps),
            f"A-{seed.randrange(12)}",
            event_id=f"e{n}",
            occurred_at=1_764_000_000 + seed.randrange(9000),
        )
        for n in range(150)
    ]
    for start in range(0, 150, 7):
        await work.receive(*sent[start : start + 7], *seed.sample(sent[: start + 7], 3), after=timedelta(seconds=start))
        await work.catch_up()
    await work.receive(b"[]", b"{", {}, replay_of=None)
    await work.receive({}, replay_of=5)
    await work.catch_up()
    before, told = await everything(engines), await rows(engines, tables.notifications, "id")

    await work.state.reset(quiet_until=await work.journal.last_position())
    assert await orders(engines) == {}
    await work.catch_up()

    assert await everything(engines) == before
    assert await rows(engines, tables.notifications, "id") == told


async def test_after_a_rebuild_what_is_new_is_told(engines, work):
    await work.receive(event("order_created", "A-1"))
    await work.catch_up()
    async with engines.state.begin() as connection:
        await connection.execute(delete(tables.notifications))
    await work.state.reset(quiet_until=await work.journal.last_position())
    await work.receive(event("order_created", "A-2"))
    await work.catch_up()

    assert [row["order_id"] for row in await rows(engines, tables.notifications, "id")] == ["A-2"]


async def test_a_rebuild_that_is_broken_off_goes_on_in_silence(engines, work):
    await work.receive(*(event("order_created", f"A-{n}") for n in range(3)))
    await work.catch_up()
    await work.state.reset(quiet_until=await work.journal.last_position())
    await work.state.reset(quiet_until=await work.journal.last_position())

    await work.catch_up()

    assert len(await orders(engines)) == 3
    assert len(await rows(engines, tables.notifications, "id")) == 3


async def test_a_worker_whose_mark_was_moved_by_another_does_nothing(engines, work):
    await work.receive(event("order_created"))
    pipeline = await work.pipeline()
    understood = pipeline.understand(await work.journal.read(after=0, limit=9), after=0)
    await work.catch_up()
    before = await everything(engines)

    with pytest.raises(Conflict):
        await work.state.advance(understood, pipeline, now=work.clock.now())

    assert await everything(engines) == before
    assert await work.state.mark(JOURNAL) == 1


async def test_every_change_carries_a_higher_number_than_the_one_before(engines, work):
    await work.receive(event("order_created"))
    await work.catch_up()
    first = (await rows(engines, tables.orders, "order_id"))[0]["changed"]

    await work.receive(event("order_ready"))
    await work.catch_up()

    assert (await rows(engines, tables.orders, "order_id"))[0]["changed"] > first


async def test_a_transaction_that_fails_leaves_no_trace(engines, work):
    await work.receive(event("order_created"))
    async with engines.state.begin() as connection:
        await connection.execute(text("ALTER TABLE tallies RENAME TO tallies_away"))

    with pytest.raises(Exception, match="tallies"):
        await work.follower.step()

    async with engines.state.begin() as connection:
        await connection.execute(text("ALTER TABLE tallies_away RENAME TO tallies"))
    assert await orders(engines) == {}
    assert await work.catch_up() == 1


async def test_a_thousand_orders_of_one_run_come_in_one_transaction(engines, work):
    await work.receive(*(event("order_created", f"A-{n}") for n in range(1000)))

    await work.follower.step()

    assert len({row["changed"] for row in await rows(engines, tables.orders, "order_id")}) == 1


async def test_a_run_that_touches_too_much_at_once_is_cut_and_comes_to_the_same(engines, tmp_path, work):
    await work.receive(*(event("order_created", f"A-{n}", items=["x" * 900]) for n in range(8)))
    await work.receive(*(event("order_ready", f"A-{n}") for n in range(8)))
    for _ in range(2):
        await work.follower.step()
    before = await everything(engines)
    await work.state.reset(quiet_until=await work.journal.last_position())
    narrow = StateStore(engines.state, work.writer, outbox=work.outbox, runs=work.runs, load_bytes=3000)
    work.follower._state = narrow

    await work.catch_up()
    assert await everything(engines) == before
    await work.receive(*(event("order_delivered", f"A-{n}") for n in range(8)))
    await work.catch_up()

    changed = [row["changed"] for row in await rows(engines, tables.orders, "order_id")]
    assert len(set(changed)) > 2
    assert {order["status"] for order in (await orders(engines)).values()} == {"delivered"}
    assert len(await rows(engines, tables.events, "receipt")) == 24


async def test_routes_by_source_and_store_tell_only_those(engines, work):
    work.routes = [Route(name="s1", event_types=("order.*", "order_cancelled"), stores=("s1",), channels=("log",))]
    await work.receive(
        event("order_created", "A-1", store_id="s1"),
        event("order_cancelled", "A-1"),
        event("order_cancelled", "A-2", store_id="s2"),
    )
    await work.catch_up()

    assert [row["order_id"] for row in await rows(engines, tables.notifications, "id")] == ["A-1"]


async def test_the_heartbeat_of_a_mark_is_seen_by_others(engines, work):
    await work.state.set_mark("heartbeat", 5)
    async with engines.state.begin() as connection:
        await connection.execute(update(tables.marks).where(tables.marks.c.name == "heartbeat").values(value=7))

    assert await work.state.mark("heartbeat") == 7
