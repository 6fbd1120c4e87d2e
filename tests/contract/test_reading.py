"""One suite over both databases: lists are walked to their end, each row once, however seldom a filter matches."""

import asyncio
import string
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncEngine

from orderwatch.domain.asking import NotificationFilter, OrderFilter, QuarantineFilter, ReceiptFilter
from orderwatch.domain.errors import BadInput, NotFound
from orderwatch.domain.notifications import Attempt, Message, NotificationStatus
from orderwatch.domain.orders import TERMINAL, OrderStatus
from orderwatch.domain.pages import Page
from orderwatch.domain.receipts import ReceiptKind
from orderwatch.kit.clock import to_micros
from orderwatch.storage.engines import Engines, open_engines
from orderwatch.storage.reading.handlers import DeadRunReader
from orderwatch.storage.reading.insights import StatsReader
from orderwatch.storage.reading.notifications import NotificationReader
from orderwatch.storage.reading.orders import OrderReader
from orderwatch.storage.reading.quarantine import QuarantineReader
from orderwatch.storage.reading.receipts import ReceiptReader
from orderwatch.storage.tables import journal, registry, state

NOW = datetime(2026, 11, 24, 12, 0, 30, tzinfo=UTC)
T = TypeVar("T")
Row = dict[str, Any]


class SetClock:
    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("reading never waits")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def engines(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Engines]:
    database = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    engines = open_engines(tmp_path, database)
    await make_tables(engines)
    yield engines
    await engines.dispose()


async def make_tables(engines: Engines) -> None:
    parts = ((engines.journal, journal), (engines.state, state), (engines.registry, registry))
    for engine, part in parts:
        async with engine.begin() as connection:
            await connection.run_sync(part.metadata.drop_all)
            await connection.run_sync(part.metadata.create_all)


def order_row(
    number: int,
    *,
    order_id: str | None = None,
    source: str = "default",
    status: OrderStatus = OrderStatus.CREATED,
    **values: Any,
) -> Row:
    ident = f"A-{number}" if order_id is None else order_id
    placed = values.pop("placed_at", NOW)
    view = {"source": source, "order_id": ident, "placed_at": placed, "milestones": values.pop("milestones", {})}
    row: Row = {
        "source": source,
        "order_id": ident,
        "status": status.value,
        "open": status not in TERMINAL,
        "status_since": to_micros(values.pop("status_since", NOW)),
        "store_id": None,
        "region": None,
        "placed_at": to_micros(placed) if placed else None,
        "promised_at": None,
        "flags": "",
        "first_receipt": number,
        "last_receipt": number,
        "changed": number,
        "state": b"{}",
        "view": msgspec.json.encode(view),
    }
    return row | values


async def write_orders(engine: AsyncEngine, rows: Sequence[Row]) -> None:
    async with engine.begin() as connection:
        await connection.execute(delete(state.orders))
        await connection.execute(delete(state.order_counts))
        if rows:
            await connection.execute(insert(state.orders), rows)
            counts = [{"source": source, "status": "any", "n": 1} for source in sorted({r["source"] for r in rows})]
            await connection.execute(insert(state.order_counts), counts)


async def walk(ask: Callable[[str | None], Awaitable[Page[T]]]) -> tuple[list[T], int]:
    """Return all items and how many pages it took."""
    items: list[T] = []
    cursor, pages = None, 0
    while True:
        page = await ask(cursor)
        items += page.items
        pages += 1
        if page.next is None:
            return items, pages
        assert page.next != cursor
        cursor = page.next


async def order_ids(reader: OrderReader, *, limit: int = 500, **wanted: Any) -> list[str]:
    views, _ = await walk(lambda cursor: reader.page(OrderFilter(**wanted), cursor=cursor, limit=limit))
    return [msgspec.json.decode(view)["order_id"] for view in views]


async def test_orders_come_newest_first(engines: Engines) -> None:
    await write_orders(engines.state, [order_row(n) for n in (2, 3, 1)])

    assert await order_ids(OrderReader(engines.state)) == ["A-3", "A-2", "A-1"]


async def test_orders_of_one_receipt_are_not_lost_between_pages(engines: Engines) -> None:
    rows = [order_row(7, order_id=f"B-{n}") for n in range(5)] + [order_row(8), order_row(6)]
    await write_orders(engines.state, rows)

    assert await order_ids(OrderReader(engines.state), limit=2) == ["A-8", "B-0", "B-1", "B-2", "B-3", "B-4", "A-6"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"statuses": (OrderStatus.READY,)}, {"A-2"}),
        ({"statuses": (OrderStatus.READY, OrderStatus.DELIVERED)}, {"A-2", "A-3"}),
        ({"open": True}, {"A-1", "A-2"}),
        ({"open": False}, {"A-3", "A-4"}),
        ({"open": False, "statuses": (OrderStatus.READY,)}, set()),
        ({"source": "shop"}, {"A-4"}),
        ({"store": "s1"}, {"A-1"}),
        ({"store": "s"}, set()),
        ({"flag": "late_event"}, {"A-2"}),
        ({"flag": "late%event"}, set()),
        ({"flag": "late"}, set()),
        ({"since": NOW}, {"A-1", "A-2", "A-4"}),
        ({"until": NOW}, {"A-3"}),
        ({"since": NOW - timedelta(hours=2), "until": NOW, "statuses": (OrderStatus.DELIVERED,)}, {"A-3"}),
    ],
)
async def test_filters_all_hold_together(engines: Engines, wanted: dict[str, Any], found: set[str]) -> None:
    rows = [
        order_row(1, store_id="s1"),
        order_row(2, status=OrderStatus.READY, flags=" conflict late_event "),
        order_row(3, status=OrderStatus.DELIVERED, placed_at=NOW - timedelta(hours=1)),
        order_row(4, status=OrderStatus.CANCELLED, source="shop", placed_at=None),
    ]
    await write_orders(engines.state, rows)

    assert set(await order_ids(OrderReader(engines.state), **wanted)) == found


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("c19", ["C19", "c190"]),
        ("C19", ["C19", "c190"]),
        ("알림", ["알림-1/ü ?#"]),
        ("19", ["c190", "C19"]),
        ("_1", []),
        ("%", []),
        ("green bowl", ["X-1"]),
        ("soho", ["X-1"]),
        ("nothing", []),
    ],
)
async def test_a_search_finds_beginnings_first_and_otherwise_what_is_contained(
    engines: Engines, q: str, found: list[str]
) -> None:
    rows = [
        order_row(1, order_id="C19"),
        order_row(2, order_id="c190"),
        order_row(3, order_id="알림-1/ü ?#"),
        order_row(4, order_id="X-1", store_id="Green Bowl", region="Soho"),
    ]
    await write_orders(engines.state, rows)

    assert await order_ids(OrderReader(engines.state), q=q) == found


async def test_a_filter_that_seldom_matches_is_found_over_short_pages(engines: Engines) -> None:
    await write_orders(engines.state, [order_row(n, store_id="rare" if n == 3 else "common") for n in range(1, 100)])
    reader = OrderReader(engines.state, window=10)

    views, pages = await walk(lambda cursor: reader.page(OrderFilter(store="rare"), cursor=cursor, limit=5))

    assert [msgspec.json.decode(view)["order_id"] for view in views] == ["A-3"]
    assert pages == 10


async def test_new_orders_between_pages_do_not_disturb_the_walk(engines: Engines) -> None:
    await write_orders(engines.state, [order_row(n) for n in range(1, 7)])
    reader = OrderReader(engines.state)

    first = await reader.page(OrderFilter(), cursor=None, limit=4)
    async with engines.state.begin() as connection:
        await connection.execute(insert(state.orders), [order_row(n) for n in range(7, 10)])
    second = await reader.page(OrderFilter(), cursor=first.next, limit=4)

    assert [msgspec.json.decode(view)["order_id"] for view in second.items] == ["A-2", "A-1"]


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "W10", "WyJ1cCIsMSwiYSIsImIiXQ"])
async def test_a_made_up_cursor_is_refused(engines: Engines, cursor: str) -> None:
    if cursor == "":
        assert (await OrderReader(engines.state).page(OrderFilter(), cursor=cursor, limit=1)).items == []
        return
    with pytest.raises(BadInput):
        await OrderReader(engines.state).page(OrderFilter(), cursor=cursor, limit=1)


IDS = st.text(alphabet=string.ascii_letters + "1%_ü가😀", min_size=1, max_size=3)


@settings(max_examples=40, deadline=None)
@given(
    orders=st.lists(
        st.tuples(
            st.integers(1, 6), IDS, st.sampled_from("ab"), st.sampled_from(OrderStatus), st.sampled_from(["x", "y"])
        ),
        unique_by=lambda row: (row[2], row[1]),
        max_size=25,
    ),
    limit=st.integers(1, 7),
    window=st.integers(1, 9),
    q=st.none() | st.text(alphabet=string.ascii_letters + "1%_ü가😀", min_size=1, max_size=2),
    store=st.none() | st.sampled_from(["x", "y"]),
    only_open=st.none() | st.booleans(),
)
def test_a_walk_gives_each_matching_order_once(
    *,
    orders: list[tuple[int, str, str, OrderStatus, str]],
    limit: int,
    window: int,
    q: str | None,
    store: str | None,
    only_open: bool | None,
) -> None:
    rows = [
        order_row(number, order_id=ident, source=source, status=status, store_id=shop)
        for number, ident, source, status, shop in orders
    ]

    async def run() -> list[tuple[str, str]]:
        with TemporaryDirectory() as folder:
            engines = open_engines(Path(folder), None)
            try:
                await make_tables(engines)
                await write_orders(engines.state, rows)
                reader = OrderReader(engines.state, window=window)
                wanted = OrderFilter(q=q, store=store, open=only_open)
                views, _ = await walk(lambda cursor: reader.page(wanted, cursor=cursor, limit=limit))
            finally:
                await engines.dispose()
        return [(view["source"], view["order_id"]) for view in map(msgspec.json.decode, views)]

    found = asyncio.run(run())

    assert sorted(found) == sorted(expected_orders(rows, q=q, store=store, only_open=only_open))


def expected_orders(
    rows: Sequence[Row], *, q: str | None, store: str | None, only_open: bool | None
) -> list[tuple[str, str]]:
    def begins(row: Row) -> bool:
        return q is not None and row["order_id"].startswith((q, q.upper(), q.lower()))

    def holds(row: Row) -> bool:
        # SQLite lowers ASCII alone.
        low = "".join(c.lower() if c.isascii() else c for c in row["order_id"])
        return q is None or q.lower() in low or q.lower() in row["store_id"]

    matches = begins if any(begins(row) for row in rows) else holds
    return [
        (row["source"], row["order_id"])
        for row in rows
        if matches(row)
        and (store is None or row["store_id"] == store)
        and (only_open is None or row["open"] == only_open)
    ]


async def test_one_order_is_found_by_an_id_of_any_characters(engines: Engines) -> None:
    await write_orders(engines.state, [order_row(1, order_id="알림-1/ü ?#"), order_row(2, order_id="A")])
    reader = OrderReader(engines.state)

    found = await reader.get("default", "알림-1/ü ?#")

    assert msgspec.json.decode(found.view)["order_id"] == "알림-1/ü ?#"
    assert (found.open, found.first_receipt) == (True, 1)
    with pytest.raises(NotFound):
        await reader.get("shop", "A")


def notification_row(number: int, **values: Any) -> Row:
    row: Row = {
        "id": number,
        "cause": f"cause-{number}",
        "channel": "log",
        "route": "new-orders",
        "source": "default",
        "order_id": "A-1",
        "message": msgspec.json.encode(Message(title="New order", text="A-1", link="/orders/default/A-1")),
        "status": "sent",
        "attempts": msgspec.json.encode([Attempt(at=NOW, outcome="sent", took_ms=3)]),
        "tries": 1,
        "created_at": to_micros(NOW),
        "due_at": to_micros(NOW),
        "finished_at": None,
        "changed": number,
    }
    return row | values


async def test_notifications_are_listed_by_status_channel_and_cause(engines: Engines) -> None:
    rows = [
        notification_row(n, status="failed" if n % 3 == 0 else "sent", channel="log" if n % 2 else "slack")
        for n in range(1, 13)
    ]
    async with engines.state.begin() as connection:
        await connection.execute(insert(state.notifications), rows)
    reader = NotificationReader(engines.state)

    async def numbers(**wanted: Any) -> list[int]:
        found, _ = await walk(lambda cursor: reader.page(NotificationFilter(**wanted), cursor=cursor, limit=3))
        return [notification.id for notification in found]

    assert await numbers() == list(range(12, 0, -1))
    assert await numbers(status=NotificationStatus.FAILED) == [12, 9, 6, 3]
    assert await numbers(status=NotificationStatus.FAILED, channel="log") == [9, 3]
    assert await numbers(cause="cause-7") == [7]
    told = await reader.about("default", "A-1", limit=2)
    assert [(n.id, n.title, n.attempts[0].took_ms) for n in told] == [(12, "New order", 3), (11, "New order", 3)]
    with pytest.raises(NotFound):
        await reader.get(99)


async def test_only_handler_runs_that_gave_up_are_dead_letters(engines: Engines) -> None:
    rows = [
        {
            "id": n,
            "handler": "on_created" if n < 4 else "on_cancelled",
            "receipt": n,
            "index": 0,
            "source": "default",
            "order_id": None,
            "type": "order.created",
            "status": "pending" if n == 2 else "dead",
            "tries": 8,
            "created_at": to_micros(NOW),
            "due_at": to_micros(NOW),
            "last_error": "KeyError: 'x'",
            "changed": 1,
        }
        for n in range(1, 6)
    ]
    async with engines.state.begin() as connection:
        await connection.execute(insert(state.handler_runs), rows)
    reader = DeadRunReader(engines.state)

    found, _ = await walk(lambda cursor: reader.page(handler=None, cursor=cursor, limit=2))
    one, _ = await walk(lambda cursor: reader.page(handler="on_created", cursor=cursor, limit=2))

    assert [run.id for run in found] == [5, 4, 3, 1]
    assert [run.id for run in one] == [3, 1]
    with pytest.raises(NotFound):
        await reader.get(2)


def receipt_row(position: int, **values: Any) -> Row:
    row: Row = {
        "position": position,
        "kind": "event",
        "of": None,
        "source": "default",
        "key": position.to_bytes(16),
        "event_id": None,
        "digest": b"d" * 32,
        "body": b"{}" * position,
        "headers": b"{}",
        "method": "POST",
        "path": "/webhook",
        "content_type": "application/json",
        "received_at": to_micros(NOW + timedelta(minutes=position)),
    }
    return row | values


async def write_receipts(engine: AsyncEngine, rows: Sequence[Row]) -> None:
    async with engine.begin() as connection:
        await connection.execute(insert(journal.receipts), rows)


async def test_receipts_are_listed_by_source_kind_and_time(engines: Engines) -> None:
    rows = [
        receipt_row(n, source="shop" if n % 2 else "default", kind="conflict" if n == 4 else "event")
        for n in range(2, 40, 2)
    ]
    rows += [receipt_row(n, source="shop") for n in range(41, 45)]
    await write_receipts(engines.journal, rows)
    reader = ReceiptReader(engines.journal)

    async def positions(**wanted: Any) -> list[int]:
        found, _ = await walk(lambda cursor: reader.page(ReceiptFilter(**wanted), cursor=cursor, limit=4))
        return [entry.position for entry in found]

    assert await positions() == [44, 43, 42, 41, *range(38, 0, -2)]
    assert await positions(source="shop") == [44, 43, 42, 41]
    assert await positions(kind=ReceiptKind.CONFLICT) == [4]
    since, until = NOW + timedelta(minutes=10), NOW + timedelta(minutes=20)
    assert await positions(since=since, until=until) == [18, 16, 14, 12, 10]
    assert await positions(since=NOW + timedelta(minutes=42)) == [44, 43, 42]
    assert await positions(until=NOW + timedelta(minutes=3)) == [2]
    assert await positions(until=NOW - timedelta(days=1)) == []


async def test_a_receipt_is_shown_whole_and_listed_with_its_size(engines: Engines) -> None:
    await write_receipts(engines.journal, [receipt_row(3)])
    reader = ReceiptReader(engines.journal)

    receipt = await reader.get(3)
    entry = (await reader.entries([3, 4]))[3]

    assert (receipt.body, receipt.kind, receipt.received_at) == (
        b"{}{}{}",
        ReceiptKind.EVENT,
        NOW + timedelta(minutes=3),
    )
    assert entry.size == 6
    with pytest.raises(NotFound):
        await reader.get(4)


def rejection_row(number: int, *, minute: int, **values: Any) -> Row:
    row: Row = {
        "id": number,
        "received_at": to_micros(NOW + timedelta(minutes=minute)),
        "source": "default",
        "code": "unreadable",
        "reason": "The body is not JSON.",
        "status": 400,
        "body": b"{",
        "truncated": False,
        "headers": b"{}",
        "method": "POST",
        "path": "/webhook",
        "content_type": "application/json",
        "resubmitted_at": None,
        "resubmitted_as": None,
    }
    return row | values


def unreadable_row(receipt: int, *, source: str = "default") -> Row:
    received_at = to_micros(NOW + timedelta(minutes=receipt))
    return {"receipt": receipt, "source": source, "received_at": received_at, "code": "bad_mapping", "reason": "No id."}


async def write_quarantine(engines: Engines) -> None:
    rejections = [
        rejection_row(1, minute=1),
        rejection_row(2, minute=4, source="shop", code="wrong_signature"),
        rejection_row(3, minute=9, resubmitted_at=to_micros(NOW), resubmitted_as=7),
    ]
    await write_receipts(engines.journal, [receipt_row(n) for n in (2, 3, 6)])
    async with engines.journal.begin() as connection:
        await connection.execute(insert(journal.quarantine), rejections)
        await connection.execute(insert(journal.quarantine_dropped), [{"code": "unreadable", "dropped": 3}])
    async with engines.state.begin() as connection:
        await connection.execute(insert(state.unreadable), [unreadable_row(n) for n in (2, 3, 6)])


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
async def test_refused_requests_and_unreadable_receipts_are_one_list_by_time(engines: Engines, limit: int) -> None:
    await write_quarantine(engines)
    reader = QuarantineReader(engines)

    async def idents(**wanted: Any) -> list[str]:
        found, _ = await walk(lambda cursor: reader.page(QuarantineFilter(**wanted), cursor=cursor, limit=limit))
        return [item.id for item in found]

    assert await idents() == ["q-3", "r-6", "q-2", "r-3", "r-2", "q-1"]
    assert await idents(kind="rejected") == ["q-3", "q-2", "q-1"]
    assert await idents(kind="unreadable") == ["r-6", "r-3", "r-2"]
    assert await idents(source="shop") == ["q-2"]
    assert await idents(code="bad_mapping") == ["r-6", "r-3", "r-2"]
    assert await idents(state="waiting") == ["r-6", "q-2", "r-3", "r-2", "q-1"]
    assert await idents(state="resubmitted") == ["q-3"]


async def test_one_row_of_the_quarantine_is_shown_with_what_is_known_of_it(engines: Engines) -> None:
    await write_quarantine(engines)
    reader = QuarantineReader(engines)

    rejected, unread = await reader.entry("q-3"), await reader.entry("r-6")

    assert (rejected.status, rejected.size, rejected.resubmitted_as) == (400, 1, 7)
    assert (unread.status, unread.size, unread.receipt, unread.reason) == (None, 12, 6, "No id.")
    assert (await reader.rejection("q-1")).body == b"{"
    assert await reader.dropped() == {"unreadable": 3}
    assert await reader.counts() == {"unreadable": 1, "wrong_signature": 1}
    assert await reader.waiting_by_source() == {"default": 1, "shop": 1}


@pytest.mark.parametrize("ident", ["q-99", "r-99", "x-1", "q-", "q-1x", "", "q-²", f"q-{10**30}"])
async def test_what_is_not_in_the_quarantine_is_not_found(engines: Engines, ident: str) -> None:
    with pytest.raises(NotFound):
        await QuarantineReader(engines).entry(ident)


async def test_the_figures_of_the_board_follow_from_the_store(engines: Engines) -> None:
    def minutes_ago(minutes: float) -> datetime:
        return NOW - timedelta(minutes=minutes)

    def tally(minute: int, kind: str, n: int, source: str = "default") -> Row:
        start = to_micros(minutes_ago(minute).replace(second=0))
        return {"minute": start, "source": source, "store_id": "s", "type": kind, "n": n}

    accepted = [
        order_row(n, placed_at=minutes_ago(20), milestones={"accepted": minutes_ago(20) + timedelta(seconds=10 * n)})
        for n in range(1, 12)
    ]
    too_old = order_row(12, placed_at=minutes_ago(61), milestones={"accepted": minutes_ago(60)})
    ended = [
        order_row(
            20 + n,
            status=OrderStatus.DELIVERED,
            status_since=minutes_ago(10),
            promised_at=to_micros(minutes_ago(11 if n == 0 else 9)),
        )
        for n in range(4)
    ]
    await write_orders(engines.state, [*accepted, too_old, *ended])
    async with engines.state.begin() as connection:
        await connection.execute(delete(state.order_counts))
        counts = [
            ("default", "created", 12),
            ("default", "delivered", 4),
            ("shop", "created", 1),
            ("shop", "failed", 0),
        ]
        await connection.execute(
            insert(state.order_counts), [dict(zip(("source", "status", "n"), c, strict=True)) for c in counts]
        )
        tallies = [
            tally(0, "order.created", 500),
            tally(1, "order.created", 7),
            tally(1, "order.cancelled", 2),
            tally(5, "order.delivered", 6),
            tally(5, "order.created", 10, source="shop"),
            tally(40, "order.delivered", 3),
            tally(70, "order.delivered", 1000),
        ]
        await connection.execute(insert(state.tallies), tallies)
        activity = {"last_received_at": to_micros(minutes_ago(1)), "events": 9, "duplicates": 1, "conflicts": 0}
        await connection.execute(
            insert(state.source_activity), [activity | {"source": "default", "unreadable": 2, "changed": 1}]
        )
        await connection.execute(
            insert(state.marks), [{"name": "journal", "value": 3}, {"name": "heartbeat", "value": to_micros(NOW)}]
        )
    await write_receipts(
        engines.journal, [receipt_row(n, received_at=to_micros(minutes_ago(10 - n))) for n in range(1, 6)]
    )

    stats = await StatsReader(engines, clock=SetClock()).read(readers=4)

    assert (stats.at, stats.open, stats.by_status, stats.readers) == (NOW, 13, {"created": 13, "delivered": 4}, 4)
    assert stats.events_per_minute.last == 9
    assert len(stats.events_per_minute.series) == 60
    assert stats.events_per_minute.series[-5] == 16
    assert stats.ended_60_min == 11
    assert (stats.cancelled_30_min.cancelled, stats.cancelled_30_min.ended, stats.cancelled_30_min.share) == (
        2,
        8,
        0.25,
    )
    assert (stats.time_to_accept.p50_seconds, stats.time_to_accept.p90_seconds, stats.time_to_accept.orders) == (
        60.0,
        100.0,
        11,
    )
    assert (stats.on_time_60_min.on_time, stats.on_time_60_min.delivered, stats.on_time_60_min.share) == (3, 4, 0.75)
    (light,) = stats.sources
    assert (light.source, light.per_minute, light.events, light.unreadable) == ("default", 3.0, 9, 2)
    assert (stats.pipeline.behind, stats.pipeline.lag_seconds, stats.pipeline.worker_seen_at) == (2, 360.0, NOW)


async def test_an_empty_store_has_figures_too(engines: Engines) -> None:
    stats = await StatsReader(engines, clock=SetClock()).read()

    assert (stats.open, stats.by_status, stats.sources) == (0, {}, ())
    assert stats.events_per_minute.series == (0,) * 60
    assert (stats.cancelled_30_min.share, stats.on_time_60_min.share, stats.time_to_accept.p50_seconds) == (
        None,
        None,
        None,
    )
    assert (stats.pipeline.behind, stats.pipeline.lag_seconds, stats.pipeline.worker_seen_at) == (0, 0.0, None)
