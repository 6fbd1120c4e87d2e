"""Sessions of people who signed in: a random secret in a cookie, its hash here."""

from datetime import timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from orderwatch.domain.people import Caller, Role
from orderwatch.kit.clock import Clock, from_micros, to_micros
from orderwatch.storage.connecting import deciding, reading
from orderwatch.storage.registry.hashing import digest, new_secret
from orderwatch.storage.tables.registry import sessions, users

LIFETIME = timedelta(days=14)
_SLIDE_AFTER = timedelta(days=1)


class Sessions:
    """Keeps sessions. One that is used lives on: its end is moved at most once a day, so that reading seldom writes."""

    def __init__(self, engine: AsyncEngine, *, clock: Clock) -> None:
        """Take the registry's engine."""
        self._engine = engine
        self._clock = clock

    async def create(self, user: str) -> str:
        """Open a session for `user` and return its secret; sessions that are over are cleared away."""
        secret, now = new_secret(), self._clock.now()
        row = {"hash": digest(secret), "user": user, "created_at": to_micros(now)}
        async with deciding(self._engine) as connection:
            await connection.execute(delete(sessions).where(sessions.c.expires_at <= to_micros(now)))
            await connection.execute(insert(sessions).values(**row, expires_at=to_micros(now + LIFETIME)))
        return secret

    async def find(self, secret: str) -> Caller | None:
        """Return who asks with the session `secret`, None when it is over or its user may not sign in."""
        now = self._clock.now()
        statement = (
            select(users.c.name, users.c.role, sessions.c.expires_at)
            .join_from(sessions, users, users.c.name == sessions.c.user)
            .where(sessions.c.hash == digest(secret), sessions.c.expires_at > to_micros(now), ~users.c.disabled)
        )
        async with reading(self._engine) as connection:
            row = (await connection.execute(statement)).first()
        if row is None:
            return None
        expires_at = from_micros(row.expires_at)
        if expires_at < now + LIFETIME - _SLIDE_AFTER:
            expires_at = now + LIFETIME
            await self._extend(secret, to_micros(expires_at))
        return Caller(name=row.name, role=Role(row.role), via="session", expires_at=expires_at)

    async def end(self, secret: str) -> None:
        """End the session; nothing happens when there is none."""
        async with deciding(self._engine) as connection:
            await connection.execute(delete(sessions).where(sessions.c.hash == digest(secret)))

    async def _extend(self, secret: str, expires_at: int) -> None:
        async with deciding(self._engine) as connection:
            await connection.execute(
                update(sessions).where(sessions.c.hash == digest(secret)).values(expires_at=expires_at)
            )
