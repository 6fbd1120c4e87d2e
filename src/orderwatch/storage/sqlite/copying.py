"""Copies a SQLite file whole while others use it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from orderwatch.storage.private import make_file, make_folder


def copy_database(source: Path, *, to: Path) -> None:
    """Write a consistent copy of `source` to `to`, whose folder is made when missing. Blocks."""
    make_folder(to.parent)
    make_file(to)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(to)) as new:
        old.backup(new)
