"""Looks at what is around the server: folder, disk, port, and the store's shape. Changes nothing."""

import errno
import os
import shutil
import socket
import stat
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
from sqlalchemy.exc import SQLAlchemyError

from orderwatch.cli.findings import Finding, note, ok, wrong
from orderwatch.cli.target import open_client
from orderwatch.config import Settings
from orderwatch.domain.errors import Conflict
from orderwatch.storage.engines import Engines, open_engines
from orderwatch.storage.schema import HEADS, survey
from orderwatch.storage.vault import KEY_FILE

_FEW_BYTES = 200 * 1024 * 1024
_SOME_BYTES = 1024**3


def folder_findings(settings: Settings) -> Iterator[Finding]:
    """Yield what is to say about the data folder."""
    folder = settings.folder
    there = next((path for path in (folder, *folder.absolute().parents) if path.is_dir()), Path("/"))
    if folder.exists() and not folder.is_dir():
        yield wrong("folder", f"{folder} is a file", "Take another with --data.")
        return
    if not os.access(there, os.R_OK | os.W_OK | os.X_OK):
        yield wrong(
            "folder",
            f"{there} cannot be read and written by this user",
            "Change its owner, or take another with --data.",
        )
    else:
        yield ok("folder", f"{folder} can be written" if folder.is_dir() else f"{folder} will be made")
    yield from _disk(there)
    key = folder / KEY_FILE
    if key.is_file() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield wrong("key", f"{key} can be read by others; it opens every stored secret", f"chmod 600 {key}")


def _disk(folder: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(folder).free
    words = f"{free / 1024**3:.1f} GiB free"
    if free < _FEW_BYTES:
        yield wrong("disk", words, "Make room: when the disk is full, webhooks are answered 503.")
    elif free < _SOME_BYTES:
        yield note("disk", words, "Make room before it is full: webhooks would be answered 503.")
    else:
        yield ok("disk", words)


async def schema_findings(settings: Settings) -> AsyncIterator[Finding]:
    """Yield what is to say about the store's shape: one finding."""
    engines = open_engines(settings.folder, settings.database)
    try:
        yield await _schema(engines)
    finally:
        await engines.dispose()


async def _schema(engines: Engines) -> Finding:
    try:
        waiting = await survey(engines)
    except Conflict as error:
        return wrong("schema", error.message)
    except (SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        return wrong("schema", f"the store cannot be read: {reason}", "Is --database right, and does the server run?")
    if waiting:
        steps = ", ".join(step for change in waiting for step in change.steps)
        return note("schema", f"not up to date: {steps}", "The next `serve` does it, or `orderwatch migrate`.")
    return ok("schema", ", ".join(HEADS.values()))


def port_fault(host: str, port: int) -> str | None:
    """Return why nobody can listen there, None when one can."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return "another program listens there"
        return (error.strerror or str(error)).lower()
    return None


async def is_served(base_url: str) -> bool:
    """Say whether an Orderwatch answers there."""
    try:
        async with open_client(base_url) as client:
            answer = await client.get("/healthz", timeout=3.0)
            return answer.is_success and "version" in answer.json()
    except (httpx2.HTTPError, ValueError):
        return False
