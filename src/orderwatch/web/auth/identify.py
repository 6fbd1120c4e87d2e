"""Finds out who asks."""

from starlette.datastructures import Headers

from orderwatch.domain.errors import NotSignedIn
from orderwatch.domain.people import Caller
from orderwatch.web.auth.cookies import SessionCookie
from orderwatch.web.auth.ports import SessionKeeper, TokenFinder

_LONGEST_SECRET = 200


class Identifier:
    """Looks up each request's token or session, so that what another process made or revoked counts at once."""

    def __init__(self, *, tokens: TokenFinder, sessions: SessionKeeper, cookie: SessionCookie) -> None:
        """Take where tokens and sessions are known."""
        self._tokens = tokens
        self._sessions = sessions
        self.cookie = cookie

    async def find(self, headers: Headers) -> Caller | None:
        """Return who asks; a request with a wrong token is nobody's, whatever cookie it has."""
        authorization = headers.get("authorization")
        if authorization is not None:
            scheme, _, secret = authorization.partition(" ")
            return await self._token(secret.strip()) if scheme.lower() == "bearer" else None
        secret = self.session(headers)
        return await self._sessions.find(secret) if secret else None

    async def need(self, headers: Headers) -> Caller:
        """Return who asks.

        Raises:
            NotSignedIn: nobody known.
        """
        caller = await self.find(headers)
        if caller is None:
            raise NotSignedIn("Sign in, or send a token that is valid: Authorization: Bearer ow_…")
        return caller

    def session(self, headers: Headers) -> str | None:
        """Return the secret of the session that the request's cookie names, known or not."""
        secret = self.cookie.read(headers.get("cookie"))
        return secret if secret and len(secret) <= _LONGEST_SECRET else None

    async def _token(self, secret: str) -> Caller | None:
        return await self._tokens.find(secret) if 0 < len(secret) <= _LONGEST_SECRET else None
