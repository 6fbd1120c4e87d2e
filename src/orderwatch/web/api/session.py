"""Signing in and out, and who one is."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Request
from msgspec import Struct
from starlette.responses import Response

from orderwatch.domain.errors import NotAllowed, NotSignedIn, TooMany
from orderwatch.domain.people import Caller, User
from orderwatch.web.api.answers import answer, nothing
from orderwatch.web.api.bodies import body_of
from orderwatch.web.api.describing import Described
from orderwatch.web.api.shapes import InviteLogin, Login, Me, NewPassword, ServerFacts, SessionState
from orderwatch.web.auth.failures import Failures
from orderwatch.web.auth.guard import Guard
from orderwatch.web.auth.ports import InviteRedeemer, PasswordChecker, SessionKeeper


class SessionParts(Struct, frozen=True):
    """What the endpoints need."""

    users: PasswordChecker
    sessions: SessionKeeper
    invites: InviteRedeemer
    failures: Failures
    server: ServerFacts


def session_router(parts: SessionParts, guard: Guard, described: Described) -> APIRouter:
    """Return the endpoints for signing in and out."""
    router = APIRouter(prefix="/api/v1", tags=["session"])
    cookie, trying = guard.identifier.cookie, _trying(parts.failures)

    async def signed_in(request: Request, user: User, *, status: int) -> Response:
        secret = await parts.sessions.create(user.name)
        caller = await parts.sessions.find(secret)
        if caller is None:
            raise NotSignedIn("This user may not sign in any more.")
        kept = cookie.set(secret, scheme=request.scope["scheme"])
        return answer(_me(caller, parts.server), status=status, headers={"set-cookie": kept})

    @router.get("/session", **described(SessionState, open_to_anyone=True))
    async def session_state(request: Request) -> Response:
        """Show what a login page must know."""
        caller = await guard.identifier.find(request.headers)
        return answer(SessionState(authenticated=caller is not None, has_users=await parts.users.any()))

    @router.post("/session", **described(Me, body=Login, problems=(401, 403, 429), open_to_anyone=True))
    async def sign_in(request: Request, login: Annotated[Login, Depends(body_of(Login))]) -> Response:
        """Sign in with name and password."""
        guard.site.check_site(request.headers)
        with trying(request, login.name):
            user = await parts.users.check(login.name, password=login.password)
            if user is None:
                raise NotSignedIn("Name or password is wrong.")
        return await signed_in(request, user, status=200)

    @router.post(
        "/session/invite",
        **described(Me, status=201, body=InviteLogin, problems=(401, 403, 409, 429), open_to_anyone=True),
    )
    async def accept_invite(request: Request, login: Annotated[InviteLogin, Depends(body_of(InviteLogin))]) -> Response:
        """Spend a one-time link: make a user of one's own and sign in."""
        guard.site.check_site(request.headers)
        with trying(request, ""):
            user = await parts.invites.redeem(login.invite, name=login.name, password=login.password)
            if user is None:
                raise NotSignedIn("This link was used already, or is too old. Ask for another: orderwatch invite")
        return await signed_in(request, user, status=201)

    @router.delete("/session", **described(status=204, problems=(403,), open_to_anyone=True))
    async def sign_out(request: Request) -> Response:
        """Sign out; nothing happens to who is not signed in."""
        guard.site.check_write(request.method, request.headers)
        secret = guard.identifier.session(request.headers)
        if secret:
            await parts.sessions.end(secret)
        return nothing(headers={"set-cookie": cookie.clear()})

    return router


def me_router(parts: SessionParts, guard: Guard, described: Described) -> APIRouter:
    """Return the endpoints for who is signed in."""
    router = APIRouter(prefix="/api/v1", tags=["session"])
    trying = _trying(parts.failures)

    @router.get("/me", **described(Me))
    async def me(caller: Annotated[Caller, Depends(guard.viewer)]) -> Response:
        """Show who asks."""
        return answer(_me(caller, parts.server))

    @router.post("/me/password", **described(status=204, body=NewPassword, problems=(429,)))
    async def change_password(
        request: Request,
        caller: Annotated[Caller, Depends(guard.viewer)],
        change: Annotated[NewPassword, Depends(body_of(NewPassword))],
    ) -> Response:
        """Change one's own password; ends one's other sessions."""
        if caller.via != "session":
            raise NotAllowed("A token has no password.")
        with trying(request, caller.name):
            if await parts.users.check(caller.name, password=change.current) is None:
                raise NotAllowed("The current password is wrong.")
        here = guard.identifier.session(request.headers)
        await parts.users.set_password(caller.name, password=change.new, by=caller.name, keep_session=here)
        return nothing()

    return router


def _me(caller: Caller, server: ServerFacts) -> Me:
    return Me(name=caller.name, role=caller.role, via=caller.via, expires_at=caller.expires_at, server=server)


def _trying(failures: Failures) -> Callable[[Request, str], AbstractContextManager[None]]:
    """Return what a try to prove who one is runs in: bounded, and a wrong one told to the operator."""
    log = structlog.get_logger("sign-in")

    @contextmanager
    def trying(request: Request, name: str) -> Generator[None]:
        peer = request.client.host if request.client else ""
        try:
            with failures.trying(name=name, peer=peer):
                yield
        except (NotSignedIn, NotAllowed, TooMany) as error:
            # Not the name: people type passwords there.
            log.warning("sign-in refused", peer=peer, code=error.code)
            raise

    return trying
