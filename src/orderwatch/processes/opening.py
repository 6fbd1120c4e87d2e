"""Opens what both processes need of the store: the engines, the journal, the registry."""

import os
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager

from msgspec import Struct
from sqlalchemy import select

from orderwatch.config import Settings
from orderwatch.domain.sources import Source
from orderwatch.journal.ports import Journal
from orderwatch.kit.clock import Clock
from orderwatch.storage.engines import Engines, open_engines, writing
from orderwatch.storage.postgres.journal import PostgresJournal
from orderwatch.storage.registry.registry import Registry
from orderwatch.storage.schema import prepare
from orderwatch.storage.sqlite.journal import SqliteJournal
from orderwatch.storage.state.state import JOURNAL, QUIET
from orderwatch.storage.state_writer import set_mark
from orderwatch.storage.tables.state import marks
from orderwatch.storage.vault import Vault, open_vault

JOURNAL_FILE = "journal.sqlite"


class Store(Struct, frozen=True, kw_only=True):
    """The open store."""

    engines: Engines
    journal: Journal
    registry: Registry
    vault: Vault


@asynccontextmanager
async def open_store(settings: Settings, clock: Clock, *, migrate: bool) -> AsyncGenerator[Store]:
    """Open the store for one process; `migrate` brings it to this version's shape first.

    Raises:
        BadSettings: the database cannot be reached, or is of a newer version.
    """
    vault = open_vault(settings.folder, secret=os.environ.get("ORDERWATCH_SECRET_KEY"))
    engines = open_engines(settings.folder, settings.database)
    try:
        if migrate:
            await prepare(engines)
        registry = Registry(engines.registry, vault=vault, clock=clock, source_faults=_source_check(settings))
        await registry.seed()
        journal = open_journal(settings, engines)
        try:
            yield Store(engines=engines, journal=journal, registry=registry, vault=vault)
        finally:
            await journal.close()
    finally:
        await engines.dispose()


def _source_check(settings: Settings) -> Callable[[Source], Sequence[str]]:
    def check(source: Source) -> Sequence[str]:
        # Few of those who open the store write sources, and reading the providers takes a while.
        from orderwatch.providers.catalog import open_catalog  # noqa: PLC0415

        return open_catalog(settings.providers).faults(source)

    return check


def open_journal(settings: Settings, engines: Engines) -> SqliteJournal | PostgresJournal:
    """Open the journal of the store."""
    if settings.database:
        return PostgresJournal(engines.journal)
    return SqliteJournal(settings.folder / JOURNAL_FILE)


async def begin_state(store: Store) -> None:
    """Note that the state begins here; what a journal from before it holds is old news, of which nobody is told again.

    To be called before webhooks are taken. A state that was lost, or a journal brought from elsewhere, is met so.
    """
    async with writing(store.engines.state) as connection:
        begun = await connection.scalar(select(marks.c.value).where(marks.c.name == JOURNAL))
        if begun is None:
            await set_mark(connection, QUIET, await store.journal.last_position())
            await set_mark(connection, JOURNAL, 0)
