"""Sources, channels and routes: named specifications, each change of which raises the registry's revision."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Generic

from sqlalchemy import Row, Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from orderwatch.domain.errors import BadSettings, Conflict, NotFound
from orderwatch.domain.registered import Registered, Spec
from orderwatch.kit.clock import Clock, from_micros, to_micros
from orderwatch.storage.connecting import deciding, reading
from orderwatch.storage.registry import counters
from orderwatch.storage.registry.audit import record
from orderwatch.storage.registry.sealing import Sealer
from orderwatch.storage.tables.registry import audit

Faults = Callable[[AsyncConnection, Spec], Awaitable[Sequence[str]]]
"""Says what is wrong with a specification that is about to be written."""
Users = Callable[[AsyncConnection, str], Awaitable[Sequence[str]]]
"""Says who still needs the one with this name."""


class SpecStore(Generic[Spec]):
    """One table of specifications. Each method is one transaction; each change is in the audit under `by`."""

    def __init__(
        self,
        engine: AsyncEngine,
        table: Table,
        kind: type[Spec],
        *,
        sealer: Sealer,
        clock: Clock,
        faults: Faults[Spec],
        users: Users,
    ) -> None:
        """Take the table and what it holds; `faults` is asked before each write, `users` before a deletion."""
        self._engine = engine
        self._table = table
        self._kind = kind
        self._sealer = sealer
        self._clock = clock
        self._faults = faults
        self._users = users

    async def specs(self) -> list[Spec]:
        """Return all of them by name, secrets in the clear."""
        return [entry.spec for entry in await self.entries()]

    async def entries(self) -> list[Registered[Spec]]:
        """Return all of them by name, with their times, secrets in the clear."""
        async with reading(self._engine) as connection:
            rows = await connection.execute(select(self._table).order_by(self._table.c.name))
        return [self._entry(row) for row in rows]

    async def get(self, name: str) -> Registered[Spec]:
        """Return the one called `name`.

        Raises:
            NotFound: there is none.
        """
        async with reading(self._engine) as connection:
            return await self._read(connection, name)

    async def create(self, spec: Spec, *, by: str) -> Registered[Spec]:
        """Write a new one.

        Raises:
            Conflict: the name is taken.
            BadSettings: it is not right as it is.
        """
        async with deciding(self._engine) as connection:
            if await self._row(connection, spec.name) is not None:
                raise Conflict(f"The name {spec.name} is taken.")
            return await self._insert(connection, spec, by=by, action="create")

    async def replace(self, spec: Spec, *, by: str) -> Registered[Spec]:
        """Write over the one with this name.

        Raises:
            NotFound: there is none.
            BadSettings: it is not right as it is.
        """
        async with deciding(self._engine) as connection:
            await self._read(connection, spec.name)
            return await self._update(connection, spec, by=by)

    async def save(self, spec: Spec, *, by: str) -> Registered[Spec]:
        """Write it, whether there was one of this name or not.

        Raises:
            BadSettings: it is not right as it is.
        """
        async with deciding(self._engine) as connection:
            if await self._row(connection, spec.name) is None:
                return await self._insert(connection, spec, by=by, action="create")
            return await self._update(connection, spec, by=by)

    async def delete(self, name: str, *, by: str) -> None:
        """Delete the one called `name`; the audit keeps it, so that `restore` can bring it back.

        Raises:
            NotFound: there is none.
            Conflict: it is still needed.
        """
        async with deciding(self._engine) as connection:
            row = await self._row(connection, name)
            if row is None:
                raise self._missing(name)
            needed_by = await self._users(connection, name)
            if needed_by:
                raise Conflict(f"{name} is still needed by {', '.join(needed_by)}.")
            await connection.execute(delete(self._table).where(self._table.c.name == name))
            await self._changed(connection, name, by=by, action="delete", detail=row.spec)

    async def restore(self, name: str, *, by: str) -> Registered[Spec]:
        """Bring back the one that was deleted last under `name`.

        Raises:
            NotFound: none was deleted.
            Conflict: there is one of this name.
        """
        async with deciding(self._engine) as connection:
            if await self._row(connection, name) is not None:
                raise Conflict(f"There is a {name} already.")
            blob = await self._deleted(connection, name)
            if blob is None:
                raise NotFound(f"No deleted {name} was kept.")
            spec = self._sealer.open(blob, kind=self._kind, name=name)
            return await self._insert(connection, spec, by=by, action="restore")

    async def _insert(self, connection: AsyncConnection, spec: Spec, *, by: str, action: str) -> Registered[Spec]:
        await self._check(connection, spec)
        now = to_micros(self._clock.now())
        sealed = self._sealer.seal(spec)
        await connection.execute(
            insert(self._table).values(name=spec.name, spec=sealed, created_at=now, updated_at=now)
        )
        await self._changed(connection, spec.name, by=by, action=action)
        return await self._read(connection, spec.name)

    async def _update(self, connection: AsyncConnection, spec: Spec, *, by: str) -> Registered[Spec]:
        await self._check(connection, spec)
        await connection.execute(
            update(self._table)
            .where(self._table.c.name == spec.name)
            .values(spec=self._sealer.seal(spec), updated_at=to_micros(self._clock.now()))
        )
        await self._changed(connection, spec.name, by=by, action="update")
        return await self._read(connection, spec.name)

    async def _check(self, connection: AsyncConnection, spec: Spec) -> None:
        faults = await self._faults(connection, spec)
        if faults:
            raise BadSettings(list(faults))

    async def _changed(
        self, connection: AsyncConnection, name: str, *, by: str, action: str, detail: bytes | None = None
    ) -> None:
        subject = f"{self._table.name}/{name}"
        await record(
            connection, self._clock, by=by, action=f"{self._table.name}.{action}", subject=subject, detail=detail
        )
        await counters.bump(connection, counters.REVISION)

    async def _deleted(self, connection: AsyncConnection, name: str) -> bytes | None:
        statement = (
            select(audit.c.detail)
            .where(audit.c.subject == f"{self._table.name}/{name}", audit.c.detail.is_not(None))
            .order_by(audit.c.id.desc())
            .limit(1)
        )
        return (await connection.execute(statement)).scalar()

    async def _row(self, connection: AsyncConnection, name: str) -> Row[str, bytes, int, int] | None:
        return (await connection.execute(select(self._table).where(self._table.c.name == name))).first()

    async def _read(self, connection: AsyncConnection, name: str) -> Registered[Spec]:
        row = await self._row(connection, name)
        if row is None:
            raise self._missing(name)
        return self._entry(row)

    def _entry(self, row: Row[str, bytes, int, int]) -> Registered[Spec]:
        name, blob, created_at, updated_at = row
        spec = self._sealer.open(blob, kind=self._kind, name=name)
        return Registered(spec=spec, created_at=from_micros(created_at), updated_at=from_micros(updated_at))

    def _missing(self, name: str) -> NotFound:
        return NotFound(f"There is no {self._table.name.removesuffix('s')} called {name}.")
