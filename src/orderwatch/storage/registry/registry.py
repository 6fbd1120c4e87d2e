"""Everything that people decided, behind one door."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from orderwatch.domain.notifications import Channel, Route
from orderwatch.domain.sources import Source
from orderwatch.kit.clock import Clock, to_micros
from orderwatch.storage.connecting import deciding, reading
from orderwatch.storage.registry import counters, faults
from orderwatch.storage.registry.audit import Audit
from orderwatch.storage.registry.commands import Commands
from orderwatch.storage.registry.invites import Invites
from orderwatch.storage.registry.passwords import Passwords
from orderwatch.storage.registry.sealing import Sealer
from orderwatch.storage.registry.sessions import Sessions
from orderwatch.storage.registry.specs import SpecStore
from orderwatch.storage.registry.tokens import Tokens
from orderwatch.storage.registry.users import Users
from orderwatch.storage.state_writer import insert_for
from orderwatch.storage.tables import registry as tables
from orderwatch.storage.vault import Vault

_SEEDED = "seeded"


def _no_faults(_source: Source) -> Sequence[str]:
    return ()


class Registry:
    """The stores of the registry, one attribute each, and what belongs to all of them."""

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        vault: Vault,
        clock: Clock,
        source_faults: faults.SourceCheck = _no_faults,
        passwords: Passwords | None = None,
    ) -> None:
        """Take the registry's engine; `source_faults` is what the providers say is wrong with a source."""
        self._engine = engine
        self._clock = clock
        keeper = passwords or Passwords()
        self.audit = Audit(engine, clock=clock)
        self.users = Users(engine, clock=clock, passwords=keeper)
        self.tokens = Tokens(engine, clock=clock)
        self.sessions = Sessions(engine, clock=clock)
        self.invites = Invites(engine, clock=clock, passwords=keeper)
        self.commands = Commands(engine, clock=clock)
        self.sources = SpecStore(
            engine,
            tables.sources,
            Source,
            sealer=Sealer(vault, table="sources"),
            clock=clock,
            faults=faults.check_source(source_faults),
            users=faults.users_of_source,
        )
        self.channels = SpecStore(
            engine,
            tables.channels,
            Channel,
            sealer=Sealer(vault, table="channels"),
            clock=clock,
            faults=faults.check_channel,
            users=faults.users_of_channel,
        )
        self.routes = SpecStore(
            engine,
            tables.routes,
            Route,
            sealer=Sealer(vault, table="routes"),
            clock=clock,
            faults=faults.check_route,
            users=faults.nobody,
        )

    async def revision(self) -> int:
        """Return the number of changes of sources, channels and routes so far; a new one means: read them again."""
        async with reading(self._engine) as connection:
            return await counters.read(connection, counters.REVISION)

    async def seed(self) -> None:
        """Write the first rows, once in the life of a store: what was deleted since stays deleted."""
        async with deciding(self._engine) as connection:
            claimed = insert_for(connection)(tables.meta).values(name=_SEEDED, value="1").on_conflict_do_nothing()
            if (await connection.execute(claimed.returning(tables.meta.c.name))).first() is None:
                return
            for table, specs in _FIRST:
                await self._seed(connection, table, specs)
            await counters.bump(connection, counters.REVISION)

    async def _seed(
        self, connection: AsyncConnection, table: str, specs: Sequence[Source] | Sequence[Channel] | Sequence[Route]
    ) -> None:
        store = tables.metadata.tables[table]
        known = set(await connection.scalars(select(store.c.name)))
        now = to_micros(self._clock.now())
        for spec in specs:
            if spec.name not in known:
                blob = msgspec.json.encode(spec)
                await connection.execute(
                    insert(store).values(name=spec.name, spec=blob, created_at=now, updated_at=now)
                )


_FIRST: tuple[tuple[str, Sequence[Source] | Sequence[Channel] | Sequence[Route]], ...] = (
    ("sources", (Source(name=faults.DEFAULT_SOURCE, provider="orderwatch"),)),
    ("channels", (Channel(name="browser", kind="browser"), Channel(name="log", kind="log"))),
    ("routes", (Route(name="new-orders", event_types=("order.created",), channels=("log", "browser")),)),
)
