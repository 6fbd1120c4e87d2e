"""What is kept in the state, to be looked at by tests."""

import json

from sqlalchemy import select

from orderwatch.storage.tables import state as tables


async def rows(engines, table, *order_by):
    async with engines.state.connect() as connection:
        found = await connection.execute(select(table).order_by(*(table.c[name] for name in order_by)))
        return [dict(row._mapping) for row in found]


async def orders(engines):
    return {row["order_id"]: json.loads(row["view"]) for row in await rows(engines, tables.orders, "order_id")}


async def everything(engines):
    """All that follows from the journal, without the numbers of transactions."""
    parts = {}
    for table in (
        tables.orders,
        tables.events,
        tables.order_counts,
        tables.tallies,
        tables.source_activity,
        tables.unreadable,
    ):
        found = await rows(engines, table, *(column.name for column in table.primary_key))
        parts[table.name] = [{k: v for k, v in row.items() if k != "changed"} for row in found]
    return parts
