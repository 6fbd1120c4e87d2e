"""One-time links that let a person choose name and password."""

from datetime import timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from orderwatch.domain.people import Invite, Role, User
from orderwatch.kit.clock import Clock, to_micros
from orderwatch.storage.connecting import deciding, reading
from orderwatch.storage.registry.audit import record
from orderwatch.storage.registry.hashing import digest, new_secret
from orderwatch.storage.registry.passwords import Passwords
from orderwatch.storage.registry.users import insert_user
from orderwatch.storage.tables.registry import invites

LIFETIME = timedelta(hours=24)


class Invites:
    """Keeps invites as hashes; each makes one user."""

    def __init__(self, engine: AsyncEngine, *, clock: Clock, passwords: Passwords) -> None:
        """Take the registry's engine."""
        self._engine = engine
        self._clock = clock
        self._passwords = passwords

    async def create(self, role: Role, *, by: str) -> Invite:
        """Make an invite for `role`; its secret goes into ``/login?invite=…``."""
        secret, now = new_secret(), self._clock.now()
        row = {"hash": digest(secret), "role": role.value, "created_at": to_micros(now)}
        async with deciding(self._engine) as connection:
            await connection.execute(insert(invites).values(**row, expires_at=to_micros(now + LIFETIME)))
            await record(connection, self._clock, by=by, action="invites.create", subject=f"invites/{role.value}")
        return Invite(secret=secret, role=role, expires_at=now + LIFETIME)

    async def redeem(self, secret: str, *, name: str, password: str) -> User | None:
        """Make the user and spend the invite, both or neither; None when it is spent, too old or unknown.

        Raises:
            Conflict: the name is taken.
            BadSettings: name or password will not do.
        """
        if not await self._is_open(secret):  # Before the hash: a guess should cost us little.
            return None
        kept = await self._passwords.hash(password)
        async with deciding(self._engine) as connection:
            now = to_micros(self._clock.now())
            spent = (
                update(invites)
                .where(invites.c.hash == digest(secret), invites.c.used_at.is_(None), invites.c.expires_at > now)
                .values(used_at=now)
                .returning(invites.c.role)
            )
            role = (await connection.execute(spent)).scalar()
            if role is None:
                return None
            return await insert_user(connection, self._clock, name=name, kept=kept, role=Role(role), by=name)

    async def _is_open(self, secret: str) -> bool:
        statement = select(invites.c.role).where(
            invites.c.hash == digest(secret),
            invites.c.used_at.is_(None),
            invites.c.expires_at > to_micros(self._clock.now()),
        )
        async with reading(self._engine) as connection:
            return (await connection.execute(statement)).first() is not None
