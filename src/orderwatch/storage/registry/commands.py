"""What people ask of the worker, which follows them by id."""

from typing import Any

import msgspec
from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from orderwatch.domain.commands import Command, CommandKind
from orderwatch.domain.errors import NotFound
from orderwatch.kit.clock import Clock, from_micros, to_micros
from orderwatch.storage.connecting import deciding, reading
from orderwatch.storage.registry import counters
from orderwatch.storage.registry.audit import record
from orderwatch.storage.tables.registry import commands


class Commands:
    """A log of commands. Ids rise in the order of commits, so who follows them skips none."""

    def __init__(self, engine: AsyncEngine, *, clock: Clock) -> None:
        """Take the registry's engine."""
        self._engine = engine
        self._clock = clock

    async def add(self, kind: CommandKind, argument: dict[str, Any], *, by: str) -> Command:
        """Append a command; the worker carries it out soon."""
        now = self._clock.now()
        async with deciding(self._engine) as connection:
            number = await counters.bump(connection, counters.COMMAND)
            row = {"id": number, "kind": kind.value, "argument": msgspec.json.encode(argument), "by": by}
            await connection.execute(insert(commands).values(**row, at=to_micros(now)))
            subject = f"{kind.value} {' '.join(str(value) for value in argument.values())}"
            await record(connection, self._clock, by=by, action="commands.add", subject=subject)
        return Command(id=number, kind=kind, argument=argument, by=by, at=now)

    async def after(self, number: int, *, limit: int = 100) -> list[Command]:
        """Return the commands with ids above `number`, in their order."""
        statement = select(commands).where(commands.c.id > number).order_by(commands.c.id).limit(limit)
        async with reading(self._engine) as connection:
            return [_command(row) for row in await connection.execute(statement)]

    async def get(self, number: int) -> Command:
        """Return one command.

        Raises:
            NotFound: there is none.
        """
        async with reading(self._engine) as connection:
            row = (await connection.execute(select(commands).where(commands.c.id == number))).first()
        if row is None:
            raise NotFound(f"There is no command {number}.")
        return _command(row)


def _command(row: Row[Any]) -> Command:
    return Command(
        id=row.id,
        kind=CommandKind(row.kind),
        argument=msgspec.json.decode(row.argument),
        by=row.by,
        at=from_micros(row.at),
    )
