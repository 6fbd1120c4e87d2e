"""Numbers that rise by one within a transaction; the row's lock puts concurrent writers in order."""

from sqlalchemy import Integer, Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from orderwatch.storage.state_writer import insert_for
from orderwatch.storage.tables.registry import meta

REVISION = "revision"
COMMAND = "command"


async def bump(connection: AsyncConnection, name: str) -> int:
    """Raise the counter called `name` by one and return it; it starts at 1."""
    statement = insert_for(connection)(meta).values(name=name, value="1")
    statement = statement.on_conflict_do_update(
        index_elements=["name"], set_={"value": cast(cast(meta.c.value, Integer) + 1, Text)}
    ).returning(meta.c.value)
    return int((await connection.execute(statement)).scalar_one())


async def read(connection: AsyncConnection, name: str) -> int:
    """Return the counter called `name`, 0 when it was never raised."""
    return int((await connection.execute(select(meta.c.value).where(meta.c.name == name))).scalar() or 0)
