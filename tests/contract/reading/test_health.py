"""How sources are, and what they say, read from each database."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from orderwatch.domain.events import Event, EventType
from orderwatch.kit.clock import to_micros
from orderwatch.storage.engines import Engines
from orderwatch.storage.reading.health import HealthReader
from orderwatch.storage.state.words import SeenWords
from orderwatch.storage.tables import journal, state
from tests.set_clock import NOON, SetClock
from tests.store_rows import receipt_row, rejection_row, write_receipts

DAY = timedelta(days=1)


def activity_row(**values: Any) -> dict[str, Any]:
    counts = dict.fromkeys(("events", "duplicates", "conflicts", "unreadable", "unknown"), 0)
    return {"source": "default", "last_received_at": to_micros(NOON), "changed": 1, **counts, **values}


def event_row(receipt: int, **values: Any) -> dict[str, Any]:
    usual = {
        "receipt": receipt,
        "index": 0,
        "source": "default",
        "order_id": "A",
        "type": "order.created",
        "event": b"",
    }
    return {**usual, **values}


def said(word: str, receipt: int, **values: Any) -> Event:
    usual: dict[str, Any] = {
        "source": "default",
        "type": EventType.ORDER_CREATED,
        "raw_type": word,
        "order_id": "A",
        "key": f"{receipt:x}",
        "receipt": receipt,
        "occurred_at": NOON,
        "received_at": NOON,
    }
    return Event(**{**usual, **values})


async def note(engines: Engines, words: SeenWords, *events: Event) -> list[str]:
    async with engines.state.begin() as connection:
        seen = await words.note(connection, events)
    words.remember(seen)
    return [word for _source, _kind, word in seen]


async def test_the_figures_follow_from_the_rows(engines: Engines) -> None:
    received = to_micros(NOON) - 30_000_000
    await write_receipts(engines.journal, [receipt_row(n, received_at=received) for n in range(1, 6)])
    lags = (1, 2, 3, 4, 0)
    rows = [event_row(n, occurred_at=received - lag * 1_000_000) for n, lag in enumerate(lags, 1)]
    minute = to_micros(NOON) // 60_000_000 * 60_000_000
    tally = {"source": "default", "store_id": "", "type": "order.created"}
    async with engines.state.begin() as connection:
        await connection.execute(insert(state.events), rows)
        await connection.execute(insert(state.source_activity), [activity_row(events=5, unknown=2)])
        await connection.execute(
            insert(state.tallies),
            [
                {"minute": minute - 60_000_000, "n": 10, **tally},
                {"minute": minute - 2 * 86_400_000_000, "n": 40, **tally},
            ],
        )
    failed = rejection_row(1, minute=0, code="wrong_signature", received_at=to_micros(NOON) - 1)
    async with engines.journal.begin() as connection:
        await connection.execute(insert(journal.quarantine), [failed])

    found = (await HealthReader(engines, clock=SetClock()).read())["default"]

    assert (found.events, found.unknown, found.rejected) == (5, 2, 1)
    assert (found.per_minute, found.usual_per_minute, found.usual_days) == (2.0, 1.0, 2)
    assert (found.lag.p50_seconds, found.lag.p95_seconds, found.lag.events) == (2.5, 3.85, 4)
    assert (found.signatures.failures, found.signatures.of, found.signatures.failing_since) == (1, 11, None)


async def test_the_lag_is_read_again_once_something_came(engines: Engines) -> None:
    received = to_micros(NOON)
    await write_receipts(engines.journal, [receipt_row(n, received_at=received) for n in (1, 2)])
    async with engines.state.begin() as connection:
        await connection.execute(insert(state.events), [event_row(1, occurred_at=received - 1_000_000)])
        await connection.execute(insert(state.source_activity), [activity_row()])
    reader = HealthReader(engines, clock=SetClock())
    before = (await reader.read())["default"].lag
    async with engines.state.begin() as connection:
        await connection.execute(insert(state.events), [event_row(2, occurred_at=received - 3_000_000)])
        await connection.execute(state.source_activity.update().values(changed=2))

    after = (await reader.read())["default"].lag

    assert (before.p50_seconds, after.p50_seconds) == (1.0, 2.0)


async def test_a_word_is_written_once_however_often_and_by_whomever_it_is_seen(engines: Engines) -> None:
    one, other = SeenWords(), SeenWords()

    first = await note(
        engines, one, said("made", 1, data={"tip": 1, "shop": {"code": "a", "name": "b"}}), said("made", 2)
    )
    again = await note(engines, one, said("made", 3, data={"tip": 2}))
    others = await note(engines, other, said("made", 4), said("eaten", 5, type=EventType.UNKNOWN))
    mended = await note(engines, one, said("eaten", 5, type=EventType.ORDER_DELIVERED))

    assert sorted(first) == ["made", "shop.code", "shop.name", "tip"]
    assert (again, others, mended) == ([], ["eaten"], ["eaten"])
    words = {
        one.word: (one.meaning, one.receipt) for one in await HealthReader(engines, clock=SetClock()).words("default")
    }
    assert words == {
        "made": ("order.created", 1),
        "eaten": ("order.delivered", 5),
        "tip": (None, 1),
        "shop.code": (None, 1),
        "shop.name": (None, 1),
    }


async def test_what_was_not_committed_is_not_taken_for_known(engines: Engines) -> None:
    words = SeenWords()
    async with engines.state.begin() as connection:
        await words.note(connection, [said("made", 1)])
        await connection.rollback()

    assert await note(engines, words, said("made", 1)) == ["made"]


async def test_news_are_of_today_and_of_no_first_day(engines: Engines) -> None:
    words, clock = SeenWords(), SetClock()
    await note(engines, words, said("made", 1), said("eaten", 2, received_at=NOON + timedelta(hours=3)))
    async with engines.state.begin() as connection:
        await connection.execute(insert(state.source_activity), [activity_row()])
    reader = HealthReader(engines, clock=clock)

    news = []
    for days in (0, 2, 4):
        clock.time = NOON + days * DAY + timedelta(hours=4)
        await note(engines, words, *([said("dropped", 3, received_at=NOON + 2 * DAY)] if days else []))
        news.append((await reader.read())["default"].news)

    assert news == [0, 1, 0]
