"""One suite over both journals: durable, ordered, and every event once."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from orderwatch.domain.errors import Unavailable
from orderwatch.domain.keys import body_key, digest_of, event_key
from orderwatch.domain.receipts import ReceiptKind, Submission
from orderwatch.journal.dedupe import conflicts_to_look_up, decide
from orderwatch.storage.postgres.journal import CHANNEL, PostgresJournal
from orderwatch.storage.sqlite.journal import SqliteJournal
from tests.set_clock import NOON


@pytest.fixture
async def journal(engines, tmp_path) -> AsyncGenerator:
    opened = SqliteJournal(tmp_path / "journal.sqlite") if engines.is_sqlite else PostgresJournal(engines.journal)
    yield opened
    await opened.close()


def submission(event_id: str | None = "ev-1", body=b'{"a": 1}', source="shop", **values):
    digest = digest_of(body)
    return Submission(
        source=source,
        key=event_key(source, event_id) if event_id else body_key(source, digest),
        event_id=event_id,
        digest=digest,
        body=body,
        headers=b'{"user-agent":"test"}',
        received_at=NOON + timedelta(microseconds=1),
        **values,
    )


async def append(journal, submissions):
    return await journal.append(lambda: submissions)


async def test_what_is_appended_is_read_back_byte_for_byte_in_order(journal):
    bodies = [b'{"name": "\xea\xb9\x80"}', b"\x00\xff raw", b" {} "]

    acks = await append(journal, [submission(f"e-{n}", body) for n, body in enumerate(bodies)])
    receipts = await journal.read(after=0, limit=10)

    assert [ack.position for ack in acks] == [receipt.position for receipt in receipts] == [1, 2, 3]
    assert [receipt.body for receipt in receipts] == bodies
    assert receipts[0].received_at == NOON + timedelta(microseconds=1)
    assert receipts[0].headers == b'{"user-agent":"test"}'
    assert receipts[0].key == event_key("shop", "e-0")


async def test_reading_goes_on_after_a_position_up_to_a_limit(journal):
    await append(journal, [submission(f"e-{n}") for n in range(10)])

    assert [r.position for r in await journal.read(after=4, limit=3)] == [5, 6, 7]
    assert await journal.read(after=10, limit=3) == []
    assert await journal.last_position() == 10


async def test_long_receipts_are_read_a_few_at_a_time_and_one_at_least(engines, tmp_path):
    path = tmp_path / "journal.sqlite"
    small = 2 * 1000
    journal = (
        SqliteJournal(path, read_bytes=small)
        if engines.is_sqlite
        else PostgresJournal(engines.journal, read_bytes=small)
    )
    await append(journal, [submission(f"e-{n}", b"x" * size) for n, size in enumerate((900, 900, 900, 9000, 1, 1))])

    runs, after = [], 0
    while found := await journal.read(after=after, limit=4):
        runs.append([receipt.position for receipt in found])
        after = found[-1].position
    await journal.close()

    assert runs == [[1, 2, 3], [4], [5, 6]]


async def test_the_same_event_again_is_a_duplicate_without_a_body(journal):
    await append(journal, [submission()])

    (ack,) = await append(journal, [submission()])

    assert (ack.kind, ack.of) == (ReceiptKind.DUPLICATE, 1)
    (receipt,) = await journal.read(after=1, limit=1)
    assert (receipt.kind, receipt.of, receipt.key, receipt.body) == (ReceiptKind.DUPLICATE, 1, None, b"")


async def test_duplicates_within_one_group_are_found(journal):
    acks = await append(journal, [submission(), submission(), submission("ev-2")])

    assert [ack.kind for ack in acks] == [ReceiptKind.EVENT, ReceiptKind.DUPLICATE, ReceiptKind.EVENT]
    assert acks[1].of == 1


async def test_the_same_id_with_another_body_is_a_conflict_and_kept_once(journal):
    await append(journal, [submission()])
    other = submission(body=b'{"a": 2}')

    (first,) = await append(journal, [other])
    (again,) = await append(journal, [other])

    assert (first.kind, first.of) == (ReceiptKind.CONFLICT, 1)
    assert (again.kind, again.of) == (ReceiptKind.DUPLICATE, first.position)
    (kept,) = await journal.read(after=first.position - 1, limit=1)
    assert kept.body == b'{"a": 2}'


async def test_conflicts_within_one_group_are_found_and_known_ones_recognised(journal):
    one, two = submission(), submission(body=b'{"a": 2}')
    await append(journal, [one, two])

    acks = await append(journal, [two, one])

    assert [(ack.kind, ack.of) for ack in acks] == [(ReceiptKind.DUPLICATE, 2), (ReceiptKind.DUPLICATE, 1)]


async def test_an_id_belongs_to_its_source_and_an_event_without_one_is_its_body(journal):
    acks = await append(
        journal,
        [
            submission("x", source="one"),
            submission("x", source="two"),
            submission(None, b"same"),
            submission(None, b"same"),
            submission(None, b"other"),
        ],
    )

    assert [ack.kind for ack in acks] == [ReceiptKind.EVENT] * 3 + [ReceiptKind.DUPLICATE, ReceiptKind.EVENT]


async def test_a_replay_goes_past_the_dedupe(journal):
    await append(journal, [submission()])

    acks = await append(journal, [submission(replay_of=1), submission(replay_of=1)])

    assert [(ack.kind, ack.of) for ack in acks] == [(ReceiptKind.REPLAY, 1)] * 2


async def test_many_writers_at_once_give_each_event_one_position_and_one_first(journal):
    groups = [[submission(f"e-{n % 50}") for n in range(start, start + 20)] for start in range(0, 400, 10)]

    acks = [ack for group in await asyncio.gather(*(append(journal, group) for group in groups)) for ack in group]

    assert len({ack.position for ack in acks}) == 800
    assert sum(ack.kind is ReceiptKind.EVENT for ack in acks) == 50
    positions = [receipt.position for receipt in await journal.read(after=0, limit=1000)]
    assert positions == sorted(positions) == list(range(1, 801))


async def test_ids_with_odd_characters_are_ids(journal):
    odd = ["a\0b", "알림/ü ?#", "\U0001f354", "x" * 1000, " "]

    acks = await append(journal, [submission(name) for name in odd + odd])

    assert [ack.kind for ack in acks] == [ReceiptKind.EVENT] * 5 + [ReceiptKind.DUPLICATE] * 5


async def test_a_full_disk_acknowledges_nothing_and_is_got_over(engines, tmp_path):
    if not engines.is_sqlite:
        pytest.skip("the disk is PostgreSQL's own matter")
    journal = SqliteJournal(tmp_path / "journal.sqlite", page_limit=60)
    await append(journal, [submission("before")])

    with pytest.raises(Unavailable, match="full"):
        await append(journal, [submission("big", b"x" * 1_000_000)])

    (ack,) = await append(journal, [submission("after")])
    assert ack.position == 2
    assert [r.event_id for r in await journal.read(after=0, limit=9)] == ["before", "after"]
    await journal.close()


async def test_a_locked_database_is_unavailable_and_then_works(engines, tmp_path):
    if not engines.is_sqlite:
        pytest.skip("PostgreSQL has row locks")
    journal = SqliteJournal(tmp_path / "journal.sqlite", busy_seconds=0.01)
    blocker = sqlite3.connect(tmp_path / "journal.sqlite", isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")

    with pytest.raises(Unavailable):
        await append(journal, [submission()])

    blocker.execute("ROLLBACK")
    blocker.close()
    assert (await append(journal, [submission()]))[0].position == 1
    await journal.close()


async def test_a_database_that_went_away_is_unavailable_and_then_works(engines, journal):
    if engines.is_sqlite:
        pytest.skip("a file does not go away")
    await append(journal, [submission("before")])
    async with engines.registry.connect() as connection:
        kill = text("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()")
        await connection.execute(kill)
        await connection.rollback()

    # The pool notices, and hands out a connection that works.
    acks = await append(journal, [submission("after")])

    assert acks[0].position == 2


async def test_a_database_that_hangs_is_unavailable_in_time_and_then_works(engines):
    if engines.is_sqlite:
        pytest.skip("a locked file is this: see above")
    journal = PostgresJournal(engines.journal, append_seconds=0.2)
    async with engines.registry.connect() as holder:
        await holder.execute(text("LOCK TABLE receipts IN ACCESS EXCLUSIVE MODE"))

        with pytest.raises(Unavailable, match="in time"):
            await append(journal, [submission()])

    (ack,) = await append(PostgresJournal(engines.journal), [submission()])
    assert (ack.position, ack.kind) == (1, ReceiptKind.EVENT)


async def test_others_hear_of_each_commit(engines, journal):
    if engines.is_sqlite:
        pytest.skip("the one worker has a doorbell")
    async with engines.registry.connect() as listening:
        raw = await listening.get_raw_connection()
        await listening.execute(text(f"LISTEN {CHANNEL}"))
        await listening.commit()

        await append(journal, [submission()])

        driver = raw.driver_connection
        heard = [notice.channel async for notice in driver.notifies(timeout=10, stop_after=1)]
    assert heard == [CHANNEL]


EVENTS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([b"1", b"2", b"3"])), max_size=30)


@given(EVENTS, st.integers(1, 7))
@settings(deadline=None)
def test_how_a_run_of_webhooks_is_cut_into_groups_changes_nothing(events, size):
    submissions = [submission(name, body) for name, body in events]

    def run(cut):
        known, acks = {}, []
        for start in range(0, len(submissions), cut):
            group = submissions[start : start + cut]
            wanted = conflicts_to_look_up(group, known)
            assert {key for key in wanted if key in known} <= set(known)
            for entry in decide(group, known, first_position=len(acks) + 1):
                acks.append(entry.ack)
                if entry.key is not None:
                    known[entry.key] = (entry.ack.position, entry.submission.digest)
        return acks

    assert run(size) == run(1000)
