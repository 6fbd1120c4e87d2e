"""Brings the store to the shape that this version needs, and says what shape it has."""

import asyncio
from pathlib import Path

from msgspec import Struct
from sqlalchemy import Column, Connection, MetaData, String, Table, func, insert, inspect, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from orderwatch.domain.errors import Conflict
from orderwatch.storage.engines import PARTS, Engines, writing
from orderwatch.storage.state_writer import CHANGED
from orderwatch.storage.tables import journal, registry, state

HEADS = {"journal": "journal_0002", "state": "state_0003", "registry": "registry_0001"}
"""The newest migration of each part; a test holds them to the files. Here, so that a start need not import Alembic."""

_TABLES = {"journal": journal.metadata, "state": state.metadata, "registry": registry.metadata}
_VERSIONS = {
    part: Table(f"alembic_version_{part}", MetaData(), Column("version_num", String(32), primary_key=True))
    for part in PARTS
}
_LOCK = 0x6F77_6D69
"""Held on PostgreSQL while a part is made or migrated; SQLite's own write lock does the same."""


class Change(Struct, frozen=True, kw_only=True):
    """What was done to one part, or would be. `before` is None where it was made."""

    part: str
    before: str | None
    steps: tuple[str, ...]
    copy: Path | None = None
    """Where a copy from before was left."""


async def prepare(engines: Engines) -> list[Change]:
    """Make or migrate what needs it; idempotent, and safe when several processes start at once.

    Raises:
        Conflict: a newer version wrote the store; nothing was changed.
    """
    waiting = await survey(engines)
    return [done for change in waiting if (done := await _carry_out(engines, change))]


async def survey(engines: Engines) -> list[Change]:
    """Return what `prepare` would do, without doing it.

    Raises:
        Conflict: a newer version wrote the store.
    """
    found = [(part, await read_revision(_engine(engines, part), part)) for part in PARTS]
    return [_change(part, revision) for part, revision in found if revision != HEADS[part]]


async def read_revision(engine: AsyncEngine, part: str) -> str | None:
    """Return which migration `part` was brought to, None when it is not there yet.

    Raises:
        Conflict: there are tables of ours that do not say it.
    """
    async with engine.connect() as connection:
        return await connection.run_sync(_revision, part)


def _engine(engines: Engines, part: str) -> AsyncEngine:
    return {"journal": engines.journal, "state": engines.state, "registry": engines.registry}[part]


def _revision(connection: Connection, part: str) -> str | None:
    there = set(inspect(connection).get_table_names())
    version = _VERSIONS[part]
    if version.name in there:
        return connection.execute(select(version.c.version_num)).scalar()
    if there & set(_TABLES[part].tables):
        raise Conflict(
            f"The {part} has tables but does not say of which version: no release made it. "
            "Take another folder (--data) or database, or remove that one."
        )
    return None


def _change(part: str, revision: str | None) -> Change:
    if revision is None:
        return Change(part=part, before=None, steps=(HEADS[part],))
    from orderwatch.storage.migrations.run import pending  # noqa: PLC0415  (see there)

    return Change(part=part, before=revision, steps=tuple(pending(part, revision=revision)))


async def _carry_out(engines: Engines, change: Change) -> Change | None:
    engine, part = _engine(engines, change.part), change.part
    copy = await _copy(engine, change) if change.before and part == "registry" and engines.is_sqlite else None
    async with writing(engine) as connection:
        if not engines.is_sqlite:
            await connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        # Another process may have been faster while we waited for our turn.
        if await connection.run_sync(_revision, part) == HEADS[part]:
            return None
        if change.before is None:
            await _make(connection, part)
        else:
            from orderwatch.storage.migrations.run import upgrade  # noqa: PLC0415  (see there)

            await connection.run_sync(upgrade, part, version_table=_VERSIONS[part].name)
    return Change(part=part, before=change.before, steps=change.steps, copy=copy)


async def _make(connection: AsyncConnection, part: str) -> None:
    # What the migrations would come to, without Alembic: a first start must be quick, too.
    await connection.run_sync(_TABLES[part].create_all)
    await connection.run_sync(_VERSIONS[part].create)
    await connection.execute(insert(_VERSIONS[part]).values(version_num=HEADS[part]))
    if part == "state":
        await connection.execute(insert(state.marks).values(name=CHANGED, value=0))


async def _copy(engine: AsyncEngine, change: Change) -> Path:
    # The journal only grows and the state follows from it; what people decided exists nowhere else.
    from orderwatch.storage.sqlite.copying import copy_database  # noqa: PLC0415  (never on a usual start)

    file = Path(str(engine.url.database))
    to = file.parent / "backups" / f"{file.stem}-{change.before}.sqlite"
    await asyncio.to_thread(copy_database, file, to=to)
    return to
