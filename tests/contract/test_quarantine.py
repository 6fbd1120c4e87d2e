"""The quarantine's writing side, over both databases: what is refused is kept within bounds, the rest is counted."""

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from orderwatch.domain.asking import QuarantineFilter
from orderwatch.domain.receipts import Rejection
from orderwatch.journal.turn import Turn
from orderwatch.storage.engines import Engines
from orderwatch.storage.quarantine import Bounds, QuarantineStore
from orderwatch.storage.reading.quarantine import QuarantineReader
from orderwatch.storage.vault import Vault
from tests.set_clock import NOON, SetClock

GENEROUS = Bounds(rows=1000, bytes=10**9, age=timedelta(days=14))
VAULT = Vault(bytes(32))
EVERYTHING = QuarantineFilter()


def rejection(number: int = 1, **values: Any) -> Rejection:
    usual: dict[str, Any] = {
        "source": "shop",
        "code": "unreadable",
        "reason": "The body is not JSON.",
        "status": 400,
        "body": b"%d" % number,
        "headers": b'{"user-agent":"test"}',
        "method": "POST",
        "path": "/in/shop?x=1",
        "content_type": "application/json",
        "received_at": NOON,
    }
    return Rejection(**usual | values)


def opened(engines: Engines, bounds: Bounds = GENEROUS, *, clock: SetClock | None = None) -> QuarantineStore:
    return QuarantineStore(engines.journal, vault=VAULT, bounds=bounds, clock=clock or SetClock(), turn=Turn())


async def bodies(engines: Engines) -> list[bytes]:
    """Return the bodies that are kept, the oldest first."""
    reader = QuarantineReader(engines)
    page = await reader.page(EVERYTHING, cursor=None, limit=500)
    return [(await reader.rejection(item.id)).body for item in reversed(page.items)]


async def test_what_was_refused_is_kept_as_it_came(engines: Engines) -> None:
    refused = rejection(body=b"\xff\x00 {", truncated=True)

    await opened(engines).add(refused)

    assert await QuarantineReader(engines).rejection("q-1") == refused


async def test_what_proves_a_request_is_encrypted_and_goes_when_it_was_submitted_again(engines: Engines) -> None:
    store = opened(engines)
    await store.add(rejection(proof=b'[[["x-signature","sha256=9f2c"]],null]'))

    async with engines.journal.connect() as connection:
        (sealed,) = (await connection.execute(text("SELECT proof FROM quarantine"))).one()

    assert await store.proof(1) == b'[[["x-signature","sha256=9f2c"]],null]'
    assert b"9f2c" not in bytes(sealed)
    await store.mark_resubmitted(1, receipt=1)
    assert await store.proof(1) == b""


async def test_what_proves_a_request_counts_towards_the_bounds(engines: Engines) -> None:
    store = opened(engines, Bounds(rows=1000, bytes=10_000, age=timedelta(days=14)))
    for number in range(4):
        await store.add(rejection(number, proof=b"[[]]" + b" " * 4000))

    await store.prune()

    assert await bodies(engines) == [b"3"]


async def test_a_reason_may_quote_any_character_of_the_body(engines: Engines) -> None:
    store = opened(engines)

    await asyncio.gather(store.add(rejection(reason="The key “a\0b” stands twice.")), store.add(rejection(2)))

    assert await bodies(engines) == [b"1", b"2"]
    assert (await QuarantineReader(engines).rejection("q-1")).reason == "The key “a\ufffdb” stands twice."


async def test_the_oldest_go_when_there_are_too_many_rows_and_are_counted(engines: Engines) -> None:
    store = opened(engines, Bounds(rows=3, bytes=10**9, age=timedelta(days=14)))
    for number in range(1, 6):
        await store.add(rejection(number))

    await store.prune()

    assert await bodies(engines) == [b"3", b"4", b"5"]
    assert await QuarantineReader(engines).dropped() == {"unreadable": 2}


async def test_the_oldest_go_when_they_are_too_long_together(engines: Engines) -> None:
    store = opened(engines, Bounds(rows=1000, bytes=2500, age=timedelta(days=14)))
    for number in range(1, 6):
        await store.add(rejection(body=b"%d" % number * 1000))

    await store.prune()

    assert [body[:1] for body in await bodies(engines)] == [b"4", b"5"]


async def test_the_old_go_however_few_there_are(engines: Engines) -> None:
    clock = SetClock()
    store = opened(engines, Bounds(rows=1000, bytes=10**9, age=timedelta(days=14)), clock=clock)
    await store.add(rejection(1))
    await store.add(rejection(2, code="wrong_signature", received_at=NOON + timedelta(days=2)))

    clock.time = NOON + timedelta(days=15)
    await store.prune()

    assert await bodies(engines) == [b"2"]
    assert await QuarantineReader(engines).dropped() == {"unreadable": 1}


async def test_the_bounds_hold_without_anybody_calling_for_it(engines: Engines) -> None:
    store = opened(engines, Bounds(rows=10, bytes=10**9, age=timedelta(days=14)))

    for number in range(120):
        await store.add(rejection(number))

    # They are looked at every 50th group, so they may be passed by that much.
    assert len(await bodies(engines)) <= 60
    assert (await bodies(engines))[-1] == b"119"


async def test_what_was_submitted_again_is_marked_and_not_counted_as_dropped(engines: Engines) -> None:
    store = opened(engines, Bounds(rows=1, bytes=10**9, age=timedelta(days=14)))
    await store.add(rejection(1))
    await store.mark_resubmitted(1, receipt=77)
    entry = await QuarantineReader(engines).entry("q-1")
    await store.add(rejection(2))

    await store.prune()

    assert (entry.resubmitted_at, entry.resubmitted_as) == (NOON, 77)
    assert await bodies(engines) == [b"2"]
    assert await QuarantineReader(engines).dropped() == {}


async def test_beyond_what_may_wait_nothing_is_kept_or_waited_for_and_all_of_it_is_counted(engines: Engines) -> None:
    store = opened(engines, Bounds(rows=1000, bytes=10**9, age=timedelta(days=14), waiting=5))

    await asyncio.gather(*(store.add(rejection(number)) for number in range(12)))
    await store.add(rejection(12))

    assert await bodies(engines) == [b"0", b"1", b"2", b"3", b"4", b"12"]
    assert await QuarantineReader(engines).dropped() == {"unreadable": 7}


async def test_what_waits_is_bounded_by_its_length_too(engines: Engines) -> None:
    store = opened(engines, Bounds(rows=1000, bytes=10**9, age=timedelta(days=14), waiting_bytes=2500))
    long = [store.add(rejection(body=b"%d" % number * 1000)) for number in range(5)]

    await asyncio.gather(*long)
    await store.add(rejection(body=b"x" * 5000))  # Longer than the bound, and alone.

    assert [body[:1] for body in await bodies(engines)] == [b"0", b"1", b"x"]
    assert (await QuarantineReader(engines).dropped()).get("unreadable", 0) == 3


async def test_long_bodies_are_written_in_small_groups_and_none_is_lost(engines: Engines) -> None:
    store = opened(engines)

    await asyncio.gather(*(store.add(rejection(body=b"%d" % number * 3_000_000)) for number in range(4)))

    assert [body[:1] for body in await bodies(engines)] == [b"0", b"1", b"2", b"3"]


async def test_when_it_cannot_be_written_nobody_is_told_and_it_is_counted_later(engines: Engines) -> None:
    store = opened(engines)
    async with engines.journal.begin() as connection:
        await connection.execute(text("ALTER TABLE quarantine RENAME TO elsewhere"))

    await asyncio.gather(store.add(rejection(1)), store.add(rejection(2)))

    async with engines.journal.begin() as connection:
        await connection.execute(text("ALTER TABLE elsewhere RENAME TO quarantine"))
    await store.add(rejection(3))
    assert await bodies(engines) == [b"3"]
    assert await QuarantineReader(engines).dropped() == {"unreadable": 2}


async def test_closing_waits_until_all_is_kept(engines: Engines) -> None:
    store = opened(engines)
    adding = [asyncio.create_task(store.add(rejection(number))) for number in range(3)]
    await asyncio.wait(adding, timeout=0)

    await store.close()

    assert await bodies(engines) == [b"0", b"1", b"2"]
    await asyncio.gather(*adding)
