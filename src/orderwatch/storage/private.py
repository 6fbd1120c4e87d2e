"""Folders and files that hold what people ordered and where they live: made for this user alone.

By the mode they are made with, never by changing one: what a person has set stays, and a file system without modes is
as good as any. SQLite gives its ``-wal`` and ``-shm`` the mode of their file.
"""

import os
from contextlib import suppress
from pathlib import Path

_FOLDER = 0o700
_FILE = 0o600


def make_folder(path: Path) -> None:
    """Make the folder, and those above it, where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=_FOLDER, exist_ok=True)


def make_file(path: Path) -> None:
    """Make the file, empty, where it is missing; what is wrong with it is told by whoever opens it next."""
    with suppress(OSError):
        # Exclusively: to open and close a file that this process has open as a database would drop its locks.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE))
