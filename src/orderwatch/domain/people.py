"""Who may do what."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from msgspec import Struct


class Role(StrEnum):
    """What a user or token may do; each includes the ones before it."""

    VIEWER = "viewer"
    """Looks."""
    OPERATOR = "operator"
    """Acknowledges, replays, re-submits, reveals personal data."""
    ADMIN = "admin"
    """Changes sources, channels, routes, users and tokens."""

    def reaches(self, needed: "Role") -> bool:
        """Say whether this role may do what `needed` may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)


class Caller(Struct, frozen=True, kw_only=True):
    """Who asks, once that is proven."""

    name: str
    role: Role
    via: Literal["session", "token"]
    expires_at: datetime | None = None
    """When a session ends unless it is used; None for a token."""

    @property
    def sees_personal_data(self) -> bool:
        """Say whether personal data go to this caller unasked: whoever walks by sees a screen, not a program."""
        return self.via == "token" and self.role.reaches(Role.OPERATOR)


class User(Struct, frozen=True, kw_only=True):
    """A person who may sign in."""

    name: str
    role: Role
    disabled: bool = False
    created_at: datetime


class AccessToken(Struct, frozen=True, kw_only=True):
    """A program's right to ask. The token itself was shown once and is not kept."""

    id: int
    name: str
    role: Role
    created_at: datetime
    revoked_at: datetime | None = None


class Invite(Struct, frozen=True, kw_only=True):
    """A one-time link as it is made; only here is its `secret` in the clear."""

    secret: str
    role: Role
    expires_at: datetime


class AuditEntry(Struct, frozen=True, kw_only=True):
    """Something that a person decided or looked at."""

    id: int
    at: datetime
    by: str
    action: str
    """Such as ``sources.save`` or ``order.reveal``."""
    subject: str
