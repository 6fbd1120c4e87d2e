"""The store's shape: how it is made, migrated, and when it is refused."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from orderwatch.domain.errors import Conflict
from orderwatch.storage import schema
from orderwatch.storage.engines import PARTS, Engines, open_engines, writing
from orderwatch.storage.migrations import run
from orderwatch.storage.migrations.run import scripts_of, upgrade
from orderwatch.storage.schema import HEADS, prepare, read_revision, survey

_SQLITE_SHAPE = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE tbl_name NOT LIKE 'alembic%'"
_POSTGRES_SHAPE = """
    SELECT * FROM (SELECT 'column', table_name, ordinal_position::text, column_name, data_type, is_nullable,
           collation_name, is_identity, column_default
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index', tablename, '', indexname, indexdef, '', '', '', '' FROM pg_indexes
    WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass::text, '', conname, pg_get_constraintdef(oid), '', '', '', ''
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace)
    AS shape (kind, tbl, a, b, c, d, e, f, g) WHERE tbl NOT LIKE 'alembic%'
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Engines]:
    """Give a store that was never used."""
    database = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    engines = open_engines(tmp_path, database)
    yield engines
    await engines.dispose()


async def test_the_migrations_come_to_the_same_shape_as_the_tables(fresh: Engines) -> None:
    await _migrate_from_nothing(fresh)
    migrated = await _shape(fresh)
    await _empty(fresh)

    await prepare(fresh)

    assert await _shape(fresh) == migrated
    assert any("receipts_key" in line for line in migrated)


async def test_migrations_leave_the_first_rows_that_a_fresh_store_has(fresh: Engines) -> None:
    await _migrate_from_nothing(fresh)

    async with fresh.state.connect() as connection:
        rows = (await connection.execute(text("SELECT name, value FROM marks"))).all()

    assert [tuple(row) for row in rows] == [("changed", 0)]


async def test_a_fresh_store_says_what_was_made_and_then_nothing_is_left_to_do(fresh: Engines) -> None:
    made = await prepare(fresh)

    assert [(change.part, change.before) for change in made] == [(part, None) for part in PARTS]
    assert await survey(fresh) == []
    assert await prepare(fresh) == []
    assert {part: await read_revision(getattr(fresh, part), part) for part in PARTS} == HEADS


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_processes_that_start_at_once_make_the_store_once(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    database = request.getfixturevalue("postgres_url") if kind == "postgres" else None
    stores = [open_engines(tmp_path, database) for _ in range(4)]

    made = await asyncio.gather(*(prepare(store) for store in stores))

    assert sorted(change.part for changes in made for change in changes) == sorted(PARTS)
    assert [await survey(store) for store in stores] == [[]] * 4
    for store in stores:
        await store.dispose()


async def test_a_store_of_a_newer_version_is_refused_and_left_alone(fresh: Engines) -> None:
    await prepare(fresh)
    async with writing(fresh.state) as connection:
        await connection.execute(text("UPDATE alembic_version_state SET version_num = 'state_9999'"))

    with pytest.raises(Conflict, match=r"newer Orderwatch.*state_9999"):
        await prepare(fresh)

    assert await read_revision(fresh.state, "state") == "state_9999"


async def test_tables_that_no_release_made_are_refused(fresh: Engines) -> None:
    async with writing(fresh.journal) as connection:
        await connection.execute(text("CREATE TABLE receipts (position INTEGER)"))

    with pytest.raises(Conflict, match="no release made it"):
        await prepare(fresh)


async def test_an_older_store_is_migrated_and_keeps_its_rows(
    fresh: Engines, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await prepare(fresh)
    async with writing(fresh.registry) as connection:
        await connection.execute(text("INSERT INTO meta (name, value) VALUES ('kept', 'yes')"))
    _add_migration(monkeypatch, tmp_path / "versions")

    done = await prepare(fresh)

    assert [(change.part, change.before, change.steps) for change in done] == [
        ("registry", "registry_0001", ("registry_0002",))
    ]
    async with fresh.registry.connect() as connection:
        rows = (await connection.execute(text("SELECT name, value, added FROM meta"))).all()
    assert [tuple(row) for row in rows] == [("kept", "yes", "later")]


async def test_what_people_decided_is_copied_before_it_is_migrated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    engines = open_engines(tmp_path / "data", None)
    await prepare(engines)
    _add_migration(monkeypatch, tmp_path / "versions")

    done = await prepare(engines)

    await engines.dispose()
    copy = tmp_path / "data" / "backups" / "registry-registry_0001.sqlite"
    assert done[0].copy == copy
    with closing(sqlite3.connect(copy)) as old:
        assert old.execute("SELECT version_num FROM alembic_version_registry").fetchall() == [("registry_0001",)]


@pytest.mark.parametrize("part", PARTS)
def test_the_head_that_is_written_down_is_the_newest_file(part: str) -> None:
    assert scripts_of(part).get_heads() == [HEADS[part]]


def test_a_store_that_is_up_to_date_is_opened_without_alembic(tmp_path: Path) -> None:
    program = (
        "import asyncio, pathlib, sys\n"
        "from orderwatch.storage.engines import open_engines\n"
        "from orderwatch.storage.schema import prepare\n"
        "async def start():\n"
        f"    engines = open_engines(pathlib.Path({str(tmp_path)!r}), None)\n"
        "    await prepare(engines)\n"
        "    await prepare(engines)\n"
        "    await engines.dispose()\n"
        "asyncio.run(start())\n"
        "sys.exit('alembic' in sys.modules)\n"
    )

    ended = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)

    assert ended.returncode == 0, ended.stderr


async def _migrate_from_nothing(engines: Engines) -> None:
    for part in PARTS:
        async with writing(getattr(engines, part)) as connection:
            await connection.run_sync(upgrade, part, version_table=f"alembic_version_{part}")


async def _shape(engines: Engines) -> list[str]:
    statement = _SQLITE_SHAPE if engines.is_sqlite else _POSTGRES_SHAPE
    lines: list[str] = []
    for engine in {id(e): e for e in (engines.journal, engines.state, engines.registry)}.values():
        async with engine.connect() as connection:
            rows = (await connection.execute(text(statement))).all()
        lines += [" ".join(" ".join(str(cell) for cell in row).split()) for row in rows]
    return sorted(lines)


async def _empty(engines: Engines) -> None:
    for part in PARTS:
        async with writing(getattr(engines, part)) as connection:
            await connection.run_sync(_drop_everything)


def _drop_everything(connection: Connection) -> None:
    there = MetaData()
    there.reflect(connection)
    there.drop_all(connection)


def _add_migration(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let the registry have a second migration, as a later version of the program would."""
    real = scripts_of("registry")
    folder.mkdir()
    (folder / "r0002_later.py").write_text(
        "from alembic import op\n"
        "from sqlalchemy import Column, Text\n"
        'revision = "registry_0002"\n'
        'down_revision = "registry_0001"\n'
        "def upgrade():\n"
        '    op.add_column("meta", Column("added", Text, server_default="later"))\n'
    )
    monkeypatch.setitem(schema.HEADS, "registry", "registry_0002")
    monkeypatch.setattr(run, "scripts_of", lambda part: _with(folder, real.dir, part))


def _with(folder: Path, base: str, part: str) -> ScriptDirectory:
    return ScriptDirectory(base, version_locations=[f"{base}/{part}", *([str(folder)] if part == "registry" else [])])
