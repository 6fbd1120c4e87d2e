"""Tokens of programs."""

from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from orderwatch.domain.errors import BadSettings, NotFound
from orderwatch.domain.people import AccessToken, Caller, Role
from orderwatch.kit.clock import Clock, from_micros, to_micros
from orderwatch.storage.connecting import deciding, reading
from orderwatch.storage.registry.audit import record
from orderwatch.storage.registry.hashing import digest, new_secret
from orderwatch.storage.tables.registry import tokens

TOKEN_PREFIX = "ow_"  # noqa: S105  (what every token begins with)
LONGEST_NAME = 100


class Tokens:
    """Keeps tokens as hashes. One made by another process is valid at once: each request looks it up."""

    def __init__(self, engine: AsyncEngine, *, clock: Clock) -> None:
        """Take the registry's engine."""
        self._engine = engine
        self._clock = clock

    async def create(self, name: str, *, role: Role, by: str) -> tuple[AccessToken, str]:
        """Make a token; the text is in nobody's keeping but the caller's.

        Raises:
            BadSettings: the name will not do.
        """
        if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            raise BadSettings([f"name: must have 1 to {LONGEST_NAME} characters, none of them control characters."])
        secret = new_secret(TOKEN_PREFIX)
        row = {"name": name, "hash": digest(secret), "role": role.value, "created_at": to_micros(self._clock.now())}
        async with deciding(self._engine) as connection:
            added = (await connection.execute(insert(tokens).values(**row).returning(tokens))).one()
            await record(connection, self._clock, by=by, action="tokens.create", subject=f"tokens/{added.id} {name}")
        return _token(added), secret

    async def list(self) -> list[AccessToken]:
        """Return all tokens, revoked ones too, newest first."""
        async with reading(self._engine) as connection:
            return [_token(row) for row in await connection.execute(select(tokens).order_by(tokens.c.id.desc()))]

    async def revoke(self, token: int, *, by: str) -> None:
        """Revoke the token with this id; nothing happens to one that was.

        Raises:
            NotFound: there is no such token.
        """
        async with deciding(self._engine) as connection:
            row = (await connection.execute(select(tokens).where(tokens.c.id == token))).first()
            if row is None:
                raise NotFound(f"There is no token {token}.")
            if row.revoked_at is None:
                now = to_micros(self._clock.now())
                await connection.execute(update(tokens).where(tokens.c.id == token).values(revoked_at=now))
                await record(connection, self._clock, by=by, action="tokens.revoke", subject=f"tokens/{token}")

    async def find(self, secret: str) -> Caller | None:
        """Return who asks with the token `secret`, None when it is not valid."""
        statement = select(tokens).where(tokens.c.hash == digest(secret), tokens.c.revoked_at.is_(None))
        async with reading(self._engine) as connection:
            row = (await connection.execute(statement)).first()
        return Caller(name=row.name, role=Role(row.role), via="token") if row else None


def _token(row: Row[Any]) -> AccessToken:
    return AccessToken(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        created_at=from_micros(row.created_at),
        revoked_at=None if row.revoked_at is None else from_micros(row.revoked_at),
    )
