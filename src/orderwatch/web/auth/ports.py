"""What signing in needs of the store."""

from typing import Protocol

from orderwatch.domain.people import Caller, User


class TokenFinder(Protocol):
    """Knows the tokens of programs."""

    async def find(self, secret: str) -> Caller | None:
        """Return who asks with the token `secret`, None when it is not valid."""
        ...


class SessionKeeper(Protocol):
    """Knows who is signed in."""

    async def create(self, user: str) -> str:
        """Open a session for `user` and return its secret."""
        ...

    async def find(self, secret: str) -> Caller | None:
        """Return who asks with the session `secret`, None when it is over; it lives on for being used."""
        ...

    async def end(self, secret: str) -> None:
        """End the session; nothing happens when there is none."""
        ...


class PasswordChecker(Protocol):
    """Knows people's passwords."""

    async def any(self) -> bool:
        """Say whether there is anyone who could sign in."""
        ...

    async def check(self, name: str, *, password: str) -> User | None:
        """Return the user if the password is right and the user may sign in."""
        ...

    async def set_password(self, name: str, *, password: str, by: str, keep_session: str | None = None) -> None:
        """Change a password and end the user's sessions, but the one whose secret is `keep_session`."""
        ...


class InviteRedeemer(Protocol):
    """Knows the one-time links."""

    async def redeem(self, secret: str, *, name: str, password: str) -> User | None:
        """Make the user and spend the invite, both or neither; None when it is spent, too old or unknown."""
        ...
