"""What holds people's data is made for this user alone."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from orderwatch.config import Settings
from orderwatch.processes.opening import open_store
from orderwatch.storage.private import make_file, make_folder
from orderwatch.storage.sqlite.copying import copy_database
from tests.set_clock import SetClock


@pytest.fixture(autouse=True)
def _careless() -> Iterator[None]:
    """Let everybody read what is made without a word about it."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_nobody_else_can_read_a_store_that_we_made(tmp_path: Path) -> None:
    data = tmp_path / "srv" / "data"

    async with open_store(Settings(data=str(data)), SetClock(), migrate=True):
        modes = {path.name: mode(path) for path in data.iterdir()}

    assert mode(data) == 0o700
    assert {"journal.sqlite", "journal.sqlite-wal", "state.sqlite", "registry.sqlite", "secret.key"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_a_copy_is_as_private_as_what_it_was_made_from(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "old.sqlite")) as old:
        old.execute("CREATE TABLE kept (value)")

    copy_database(tmp_path / "old.sqlite", to=tmp_path / "backups" / "copy.sqlite")

    assert (mode(tmp_path / "backups"), mode(tmp_path / "backups" / "copy.sqlite")) == (0o700, 0o600)


def test_what_a_person_has_set_stays(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o750)
    (tmp_path / "data" / "state.sqlite").touch(mode=0o640)

    make_folder(tmp_path / "data")
    make_file(tmp_path / "data" / "state.sqlite")

    assert (mode(tmp_path / "data"), mode(tmp_path / "data" / "state.sqlite")) == (0o750, 0o640)


def test_a_database_that_is_open_keeps_its_locks(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    lock = f"import sqlite3; sqlite3.connect({str(file)!r}, timeout=0).execute('BEGIN EXCLUSIVE')"
    with closing(sqlite3.connect(file)) as one:
        one.execute("BEGIN EXCLUSIVE")

        make_file(file)

        # Another process: within this one, SQLite itself knows who holds what.
        other = subprocess.run([sys.executable, "-c", lock], check=False, capture_output=True, text=True)
    assert "locked" in other.stderr
