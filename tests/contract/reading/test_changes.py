"""What the live stream follows, over both databases; and whether the journal can commit."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import insert, text, update

from orderwatch.domain.errors import Unavailable
from orderwatch.domain.notifications import Channel
from orderwatch.domain.orders import OrderStatus
from orderwatch.journal.turn import Turn
from orderwatch.live.ports import ChangedOrder
from orderwatch.storage.engines import Engines
from orderwatch.storage.probe import JournalProbe
from orderwatch.storage.reading.changes import ChangeReader
from orderwatch.storage.reading.quarantine import QuarantineReader
from orderwatch.storage.tables import registry, state
from tests.set_clock import SetClock
from tests.store_rows import notification_row, order_row, write_orders


async def set_number(engines: Engines, number: int) -> None:
    async with engines.state.begin() as connection:
        await connection.execute(update(state.marks).where(state.marks.c.name == "changed").values(value=number))


def ids(orders: list[ChangedOrder] | tuple[ChangedOrder, ...]) -> list[str]:
    return [msgspec.json.decode(order.view)["order_id"] for order in orders]


async def test_only_what_changed_since_is_read_in_the_order_of_the_changes(engines: Engines) -> None:
    rows = [order_row(n, changed=changed) for n, changed in ((1, 9), (2, 4), (3, 7), (4, 5))]
    await write_orders(engines.state, rows)
    async with engines.state.begin() as connection:
        await connection.execute(insert(state.notifications), [notification_row(1), notification_row(8)])
    async with engines.registry.begin() as connection:
        spec = msgspec.json.encode(Channel(name="log", kind="log"))
        row = {"name": "log", "spec": spec, "created_at": 0, "updated_at": 0}
        await connection.execute(insert(registry.channels).values(**row))
    await set_number(engines, 9)
    reader = ChangeReader(engines)

    changes = await reader.after(5, limit=100)

    assert changes is not None
    assert (changes.number, ids(list(changes.orders))) == (9, ["A-3", "A-1"])
    assert [(entry.id, entry.kind) for entry in changes.notifications] == [(8, "log")]
    assert await reader.latest() == 9


async def test_nothing_is_nothing_and_too_much_is_said(engines: Engines) -> None:
    await write_orders(engines.state, [order_row(n) for n in range(1, 6)])
    await set_number(engines, 5)
    reader = ChangeReader(engines)

    nothing = await reader.after(5, limit=3)

    assert nothing is not None
    assert (nothing.number, len(nothing.orders)) == (5, 0)
    assert await reader.after(1, limit=3) is None
    assert await reader.after(2, limit=3) is not None


async def test_a_board_has_the_newest_open_orders_and_the_latest_ends(engines: Engines) -> None:
    rows = [order_row(n) for n in range(1, 6)]
    rows += [order_row(n, status=OrderStatus.DELIVERED, changed=100 - n) for n in range(6, 11)]
    await write_orders(engines.state, rows)
    async with engines.state.begin() as connection:
        await connection.execute(insert(state.notifications), [notification_row(n) for n in range(1, 5)])
    await set_number(engines, 94)

    board = await ChangeReader(engines).board(most_open=3, latest=2)

    assert (board.number, board.open_total) == (94, 5)
    assert ids(list(board.open)) == ["A-5", "A-4", "A-3"]
    assert ids(list(board.done)) == ["A-6", "A-7"]
    assert [entry.id for entry in board.notifications] == [4, 3]


async def test_a_store_that_cannot_be_read_is_unavailable(engines: Engines) -> None:
    async with engines.state.begin() as connection:
        await connection.execute(text("ALTER TABLE marks RENAME TO lost"))

    with pytest.raises(Unavailable, match="marks"):
        await ChangeReader(engines).latest()


async def test_the_journal_is_tried_by_a_commit_that_leaves_no_trace(engines: Engines) -> None:
    clock = SetClock()
    probe = JournalProbe(engines.journal, clock=clock, turn=Turn())

    await probe.check()
    clock.time += timedelta(seconds=5)
    await probe.check()
    async with engines.journal.begin() as connection:
        await connection.execute(text("ALTER TABLE quarantine_dropped RENAME TO lost"))
    await probe.check()
    clock.time += timedelta(seconds=5)
    with pytest.raises(Unavailable, match="quarantine_dropped"):
        await probe.check()
    async with engines.journal.begin() as connection:
        await connection.execute(text("ALTER TABLE lost RENAME TO quarantine_dropped"))

    assert await QuarantineReader(engines).dropped() == {}
