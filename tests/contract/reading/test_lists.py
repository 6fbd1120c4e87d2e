"""The other lists are walked to their end, too, and the board's figures follow from the store."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert

from orderwatch.domain.asking import NotificationFilter, QuarantineFilter, ReceiptFilter
from orderwatch.domain.errors import NotFound
from orderwatch.domain.notifications import NotificationStatus
from orderwatch.domain.orders import OrderStatus
from orderwatch.domain.receipts import ReceiptKind
from orderwatch.kit.clock import to_micros
from orderwatch.storage.engines import Engines
from orderwatch.storage.reading.activity import ActivityReader
from orderwatch.storage.reading.handlers import DeadRunReader
from orderwatch.storage.reading.insights import StatsReader
from orderwatch.storage.reading.notifications import NotificationReader
from orderwatch.storage.reading.quarantine import QuarantineReader
from orderwatch.storage.reading.receipts import ReceiptReader
from orderwatch.storage.tables import journal, state
from tests.set_clock import NOON, SetClock
from tests.store_rows import (
    Row,
    notification_row,
    order_row,
    receipt_row,
    rejection_row,
    unreadable_row,
    write_orders,
    write_receipts,
)
from tests.walking import walk


async def test_notifications_are_listed_by_status_channel_and_cause(engines: Engines) -> None:
    rows = [
        notification_row(n, status="failed" if n % 3 == 0 else "sent", channel="log" if n % 2 else "slack")
        for n in range(1, 13)
    ]
    async with engines.state.begin() as connection:
        await connection.execute(insert(state.notifications), rows)
    reader = NotificationReader(engines)

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
            "created_at": to_micros(NOON),
            "due_at": to_micros(NOON),
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
    since, until = NOON + timedelta(minutes=10), NOON + timedelta(minutes=20)
    assert await positions(since=since, until=until) == [18, 16, 14, 12, 10]
    assert await positions(since=NOON + timedelta(minutes=42)) == [44, 43, 42]
    assert await positions(until=NOON + timedelta(minutes=3)) == [2]
    assert await positions(until=NOON - timedelta(days=1)) == []


async def test_a_receipt_is_shown_whole_and_listed_with_its_size(engines: Engines) -> None:
    await write_receipts(engines.journal, [receipt_row(3)])
    reader = ReceiptReader(engines.journal)

    receipt = await reader.get(3)
    entry = (await reader.entries([3, 4]))[3]

    assert (receipt.body, receipt.kind, receipt.received_at) == (
        b"{}{}{}",
        ReceiptKind.EVENT,
        NOON + timedelta(minutes=3),
    )
    assert entry.size == 6
    with pytest.raises(NotFound):
        await reader.get(4)


async def write_quarantine(engines: Engines) -> None:
    rejections = [
        rejection_row(1, minute=1),
        rejection_row(2, minute=4, source="shop", code="wrong_signature"),
        rejection_row(3, minute=9, resubmitted_at=to_micros(NOON), resubmitted_as=7),
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
    activity = await ActivityReader(engines, clock=SetClock()).read()
    assert {source: seen.rejected for source, seen in activity.items()} == {"default": 1, "shop": 1}


@pytest.mark.parametrize("ident", ["q-99", "r-99", "x-1", "q-", "q-1x", "", "q-²", f"q-{10**30}"])
async def test_what_is_not_in_the_quarantine_is_not_found(engines: Engines, ident: str) -> None:
    with pytest.raises(NotFound):
        await QuarantineReader(engines).entry(ident)


async def test_the_figures_of_the_board_follow_from_the_store(engines: Engines) -> None:
    def minutes_ago(minutes: float) -> datetime:
        return NOON - timedelta(minutes=minutes)

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
            insert(state.marks), [{"name": "journal", "value": 3}, {"name": "heartbeat", "value": to_micros(NOON)}]
        )
    await write_receipts(
        engines.journal, [receipt_row(n, received_at=to_micros(minutes_ago(10 - n))) for n in range(1, 6)]
    )

    stats = await StatsReader(engines, clock=SetClock()).read(readers=4)

    assert (stats.at, stats.open, stats.by_status, stats.readers) == (NOON, 13, {"created": 13, "delivered": 4}, 4)
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
    assert (stats.pipeline.behind, stats.pipeline.lag_seconds, stats.pipeline.worker_seen_at) == (2, 360.0, NOON)


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
