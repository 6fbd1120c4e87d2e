"""People who may sign in."""

from typing import Any

from sqlalchemy import Row, delete, func, insert, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from orderwatch.domain.errors import BadSettings, Conflict, NotFound
from orderwatch.domain.people import Role, User
from orderwatch.kit.clock import Clock, from_micros, to_micros
from orderwatch.storage.connecting import deciding, reading
from orderwatch.storage.registry.audit import record
from orderwatch.storage.registry.hashing import digest
from orderwatch.storage.registry.passwords import Passwords
from orderwatch.storage.tables.registry import sessions, users

LONGEST_NAME = 100


class Users:
    """Keeps users. There is always an admin left once there was one."""

    def __init__(self, engine: AsyncEngine, *, clock: Clock, passwords: Passwords) -> None:
        """Take the registry's engine."""
        self._engine = engine
        self._clock = clock
        self._passwords = passwords

    async def any(self) -> bool:
        """Say whether there is any user who could sign in."""
        async with reading(self._engine) as connection:
            found = await connection.execute(select(users.c.name).where(~users.c.disabled).limit(1))
            return found.first() is not None

    async def list(self) -> list[User]:
        """Return all users by name."""
        async with reading(self._engine) as connection:
            return [_user(row) for row in await connection.execute(select(users).order_by(users.c.name))]

    async def create(self, name: str, *, password: str, role: Role, by: str) -> User:
        """Make a user.

        Raises:
            Conflict: the name is taken.
            BadSettings: name or password will not do.
        """
        kept = await self._passwords.hash(password)
        async with deciding(self._engine) as connection:
            return await insert_user(connection, self._clock, name=name, kept=kept, role=role, by=by)

    async def check(self, name: str, *, password: str) -> User | None:
        """Return the user if the password is right and the user not disabled."""
        row = None
        if name.isprintable():  # PostgreSQL fails on NUL.
            async with reading(self._engine) as connection:
                row = (await connection.execute(select(users).where(users.c.name == name))).first()
        right = await self._passwords.check(password, row.password_hash if row else None)
        return _user(row) if row and right and not row.disabled else None

    async def set_password(self, name: str, *, password: str, by: str, keep_session: str | None = None) -> None:
        """Change a password and end the user's sessions, but the one whose secret is `keep_session`.

        Raises:
            NotFound: there is no such user.
            BadSettings: the password will not do.
        """
        kept = await self._passwords.hash(password)
        async with deciding(self._engine) as connection:
            await self._update(connection, name, {"password_hash": kept}, by=by, action="password")
            ended = delete(sessions).where(sessions.c.user == name)
            kept_one = sessions.c.hash != digest(keep_session) if keep_session else true()
            await connection.execute(ended.where(kept_one))

    async def change(
        self,
        name: str,
        *,
        by: str,
        role: Role | None = None,
        disabled: bool | None = None,
        password: str | None = None,
    ) -> User:
        """Change a user's role or password, or disable or enable it: all of it or nothing.

        Disabling and another password end its sessions.

        Raises:
            NotFound: there is no such user.
            Conflict: it is the last admin.
            BadSettings: the password will not do.
        """
        kept = None if password is None else await self._passwords.hash(password)
        wanted = {"role": role.value if role else None, "disabled": disabled, "password_hash": kept}
        values = {key: value for key, value in wanted.items() if value is not None}
        async with deciding(self._engine) as connection:
            before = await _count_admins(connection)
            row = await self._update(connection, name, values, by=by, action="change")
            await _expect_an_admin(connection, before)
            if disabled or kept is not None:
                await connection.execute(delete(sessions).where(sessions.c.user == name))
            return _user(row)

    async def delete(self, name: str, *, by: str) -> None:
        """Delete a user and its sessions.

        Raises:
            NotFound: there is no such user.
            Conflict: it is the last admin.
        """
        async with deciding(self._engine) as connection:
            before = await _count_admins(connection)
            found = await connection.execute(delete(users).where(users.c.name == name).returning(users.c.name))
            if found.first() is None:
                raise _missing(name)
            await _expect_an_admin(connection, before)
            await connection.execute(delete(sessions).where(sessions.c.user == name))
            await record(connection, self._clock, by=by, action="users.delete", subject=f"users/{name}")

    async def _update(
        self, connection: AsyncConnection, name: str, values: dict[str, Any], *, by: str, action: str
    ) -> Row[Any]:
        statement = update(users).where(users.c.name == name).values(**{"name": name, **values}).returning(users)
        row = (await connection.execute(statement)).first()
        if row is None:
            raise _missing(name)
        await record(connection, self._clock, by=by, action=f"users.{action}", subject=f"users/{name}")
        return row


async def insert_user(connection: AsyncConnection, clock: Clock, *, name: str, kept: str, role: Role, by: str) -> User:
    """Write a user in the transaction of its cause.

    Raises:
        Conflict: the name is taken.
        BadSettings: the name will not do.
    """
    if not name.strip() or name != name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadSettings([f"name: must have 1 to {LONGEST_NAME} characters, none of them control characters."])
    if (await connection.execute(select(users.c.name).where(users.c.name == name))).first():
        raise Conflict(f"There is a user called {name} already.")
    row = {"name": name, "password_hash": kept, "role": role.value, "disabled": False}
    added = insert(users).values(**row, created_at=to_micros(clock.now())).returning(users)
    user = _user((await connection.execute(added)).one())
    await record(connection, clock, by=by, action="users.create", subject=f"users/{name}")
    return user


async def _count_admins(connection: AsyncConnection) -> int:
    admins = select(func.count()).where(users.c.role == Role.ADMIN.value, ~users.c.disabled)
    return (await connection.execute(admins)).scalar_one()


async def _expect_an_admin(connection: AsyncConnection, before: int) -> None:
    if before and not await _count_admins(connection):
        raise Conflict("That is the last admin. Make another one first.")


def _user(row: Row[Any]) -> User:
    return User(name=row.name, role=Role(row.role), disabled=row.disabled, created_at=from_micros(row.created_at))


def _missing(name: str) -> NotFound:
    return NotFound(f"There is no user called {name}.")
