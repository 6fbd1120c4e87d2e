"""The state's statements that both databases share but for their spelling of ON CONFLICT."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Table, case, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from orderwatch.pipeline import OrderKey, StoredOrder
from orderwatch.storage.state.rows import Row
from orderwatch.storage.state_writer import GONE, insert_for, set_mark
from orderwatch.storage.tables.state import events, gone_orders, order_counts, orders, source_activity, tallies

_CHUNK = 500
_MOST_GONE = 10_000
T = TypeVar("T")


def chunks(values: Sequence[T]) -> Iterable[Sequence[T]]:
    """Cut `values` so that no statement outgrows the databases' bound on parameters."""
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


async def size_of_orders(connection: AsyncConnection, keys: Iterable[OrderKey]) -> int:
    """Return how many bytes the states of those of `keys` that exist have together, without reading them."""
    size = 0
    for source, ids in _by_source(keys).items():
        for some in chunks(sorted(ids)):
            total = select(func.sum(func.length(orders.c.state)))
            size += await connection.scalar(total.where(orders.c.source == source, orders.c.order_id.in_(some))) or 0
    return size


async def load_orders(connection: AsyncConnection, keys: Iterable[OrderKey]) -> dict[OrderKey, StoredOrder]:
    """Return those of `keys` that exist, locked until the transaction ends where the database locks rows."""
    found: dict[OrderKey, StoredOrder] = {}
    for source, ids in _by_source(keys).items():
        for some in chunks(sorted(ids)):
            statement = (
                select(
                    orders.c.order_id, orders.c.state, orders.c.status, orders.c.first_receipt, orders.c.last_receipt
                )
                .where(orders.c.source == source, orders.c.order_id.in_(some))
                .order_by(orders.c.order_id)
                .with_for_update()
            )
            for order_id, *rest in await connection.execute(statement):
                found[source, order_id] = StoredOrder(*rest)
    return found


def _by_source(keys: Iterable[OrderKey]) -> dict[str, list[str]]:
    by_source: dict[str, list[str]] = defaultdict(list)
    for source, order_id in keys:
        by_source[source].append(order_id)
    return by_source


async def orders_of_receipts(connection: AsyncConnection, receipts: Sequence[int]) -> dict[int, set[OrderKey]]:
    """Return which orders the events of each of `receipts` belong to."""
    found: dict[int, set[OrderKey]] = defaultdict(set)
    for some in chunks(receipts):
        statement = select(events.c.receipt, events.c.source, events.c.order_id).where(
            events.c.receipt.in_(some), events.c.order_id.is_not(None)
        )
        for receipt, source, order_id in await connection.execute(statement):
            found[receipt].add((source, order_id))
    return found


async def upsert_orders(connection: AsyncConnection, rows: Sequence[Row]) -> None:
    """Write `rows` over whatever there was."""
    if not rows:
        return
    statement = insert_for(connection)(orders)
    written = {column.name: statement.excluded[column.name] for column in orders.c if not column.primary_key}
    await connection.execute(statement.on_conflict_do_update(index_elements=["source", "order_id"], set_=written), rows)


async def drop_orders(
    connection: AsyncConnection, keys: Sequence[OrderKey], *, changed: int, most: int = _MOST_GONE
) -> None:
    """Delete orders and remember, of the latest `most`, that they are gone: the live stream tells of it."""
    if not keys:
        return
    for source, order_id in keys:
        await connection.execute(delete(orders).where(orders.c.source == source, orders.c.order_id == order_id))
    statement = insert_for(connection)(gone_orders)
    written = {"changed": statement.excluded.changed}
    gone: list[Row] = [{"source": source, "order_id": order_id, "changed": changed} for source, order_id in keys]
    await connection.execute(statement.on_conflict_do_update(index_elements=["source", "order_id"], set_=written), gone)
    too_many = select(gone_orders.c.changed).order_by(gone_orders.c.changed.desc()).offset(most).limit(1)
    cut = (await connection.execute(too_many)).scalar()
    if cut is not None:
        await forget_gone(connection, upto=cut)


async def forget_gone(connection: AsyncConnection, *, upto: int) -> None:
    """Forget which orders went up to a transaction."""
    await connection.execute(delete(gone_orders).where(gone_orders.c.changed <= upto))
    await set_mark(connection, GONE, upto)


async def add_counts(connection: AsyncConnection, counts: Mapping[tuple[str, str], int]) -> None:
    """Add to the number of orders of each source and status."""
    rows: list[Row] = [{"source": source, "status": status, "n": n} for (source, status), n in counts.items() if n]
    await _add(connection, order_counts, rows, key=("source", "status"), sums=("n",))
    if any(n < 0 for n in counts.values()):
        await connection.execute(delete(order_counts).where(order_counts.c.n == 0))


async def add_tallies(connection: AsyncConnection, rows: Sequence[Row]) -> None:
    """Add to the minute roll-ups."""
    await _add(connection, tallies, rows, key=("minute", "source", "store_id", "type"), sums=("n",))
    if any(row["n"] < 0 for row in rows):
        minutes = {row["minute"] for row in rows}
        await connection.execute(delete(tallies).where(tallies.c.minute.in_(minutes), tallies.c.n == 0))


async def add_activity(connection: AsyncConnection, rows: Sequence[Row]) -> None:
    """Add to what each source did."""
    await _add(
        connection,
        source_activity,
        rows,
        key=("source",),
        sums=("events", "duplicates", "conflicts", "unreadable", "unknown"),
        latest=("last_received_at", "changed"),
    )


async def _add(
    connection: AsyncConnection,
    table: Table,
    rows: Sequence[Row],
    *,
    key: tuple[str, ...],
    sums: tuple[str, ...],
    latest: tuple[str, ...] = (),
) -> None:
    if not rows:
        return
    statement = insert_for(connection)(table)
    written = {name: table.c[name] + statement.excluded[name] for name in sums}
    written |= {
        name: case((statement.excluded[name] > table.c[name], statement.excluded[name]), else_=table.c[name])
        for name in latest
    }
    await connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=written), rows)
