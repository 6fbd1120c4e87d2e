"""Orders are walked to the end of their list, each one once, however seldom a filter matches."""

import asyncio
import string
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from orderwatch.domain.asking import OrderFilter
from orderwatch.domain.errors import BadInput, NotFound
from orderwatch.domain.orders import OrderStatus
from orderwatch.storage.engines import Engines
from orderwatch.storage.reading.orders import OrderReader
from orderwatch.storage.tables import state
from tests.set_clock import NOON
from tests.store_rows import Row, open_empty, order_row, write_orders
from tests.walking import walk


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
        ({"since": NOON}, {"A-1", "A-2", "A-4"}),
        ({"until": NOON}, {"A-3"}),
        ({"since": NOON - timedelta(hours=2), "until": NOON, "statuses": (OrderStatus.DELIVERED,)}, {"A-3"}),
    ],
)
async def test_filters_all_hold_together(engines: Engines, wanted: dict[str, Any], found: set[str]) -> None:
    rows = [
        order_row(1, store_id="s1"),
        order_row(2, status=OrderStatus.READY, flags=" conflict late_event "),
        order_row(3, status=OrderStatus.DELIVERED, placed_at=NOON - timedelta(hours=1)),
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
            engines = await open_empty(Path(folder))
            try:
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
