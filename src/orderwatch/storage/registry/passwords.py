"""Passwords, kept as Argon2id hashes."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from orderwatch.domain.errors import BadSettings

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1024
_AT_ONCE = 2


class Passwords:
    """Hashes and checks passwords off the event loop, few at a time: each takes 64 MiB for a moment."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """Take the hasher; by default the library's recommended parameters (RFC 9106)."""
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._decoy: str | None = None

    async def hash(self, password: str) -> str:
        """Return the hash to keep.

        Raises:
            BadSettings: the password is too short, or too long to be one.
        """
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise BadSettings([f"password: must have {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."])
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def check(self, password: str, kept: str | None) -> bool:
        """Say whether `password` is the one; takes as long where there is no user (`kept` is None)."""
        if len(password) > LONGEST_PASSWORD:
            return False
        async with self._turns:
            return await asyncio.to_thread(self._check, password, kept)

    def _check(self, password: str, kept: str | None) -> bool:
        if kept is None and self._decoy is None:
            self._decoy = self._hasher.hash("nobody has this password")
        try:
            return self._hasher.verify(kept or self._decoy or "", password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False
