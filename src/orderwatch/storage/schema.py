"""Brings the store to the shape that this version needs."""

from orderwatch.storage.engines import Engines, writing
from orderwatch.storage.state_writer import CHANGED, insert_for
from orderwatch.storage.tables import journal, registry, state


async def prepare(engines: Engines) -> None:
    """Create what is missing; idempotent, safe when two processes start at once."""
    for engine, metadata in (
        (engines.journal, journal.metadata),
        (engines.state, state.metadata),
        (engines.registry, registry.metadata),
    ):
        async with writing(engine) as connection:
            await connection.run_sync(metadata.create_all)
    async with writing(engines.state) as connection:
        row = insert_for(connection)(state.marks).values(name=CHANGED, value=0)
        await connection.execute(row.on_conflict_do_nothing())
