"""What notifications and handler runs have in common: rows that wait, by channel or handler, until they are due."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Integer,
    Select,
    Table,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from orderwatch.kit.claims import Want
from orderwatch.kit.clock import from_micros, to_micros


def is_waiting(table: Table) -> ColumnElement[bool]:
    """Return the condition that a row waits, written out: neither database finds a partial index by a parameter."""
    return table.c.status == literal_column("'pending'")


async def earliest_due(
    connection: AsyncConnection, table: Table, key: Column[str], wanted: Sequence[str]
) -> Mapping[str, datetime]:
    """Return when the next waiting row of each of `wanted` is due, by one look into the index each."""
    if not wanted:
        return {}
    first = func.min(table.c.due_at, type_=BigInteger())
    looks = [
        select(
            literal_column(str(number), Integer),
            select(first).where(is_waiting(table), key == value).scalar_subquery(),
        )
        for number, value in enumerate(wanted)
    ]
    found = await connection.execute(union_all(*looks))
    return {wanted[number]: from_micros(due_at) for number, due_at in found if due_at is not None}


def due_ids(table: Table, key: Column[str], want: Want, *, now: datetime) -> Select[int]:
    """Return the statement for the rows to claim, those first that are due longest."""
    return (
        select(table.c.id)
        .where(is_waiting(table), key == want.key, table.c.due_at <= to_micros(now))
        .order_by(table.c.due_at, table.c.id)
        .limit(want.limit)
    )


async def other_keys(connection: AsyncConnection, table: Table, key: Column[str], known: Sequence[str]) -> list[str]:
    """Return the channels or handlers not in `known` for which something waits."""
    found = await connection.scalars(select(key).distinct().where(is_waiting(table), key.not_in(known)))
    return sorted(found)
