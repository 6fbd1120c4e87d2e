"""Signing in and out, and who one is."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from msgspec import Struct
from starlette.responses import Response

from orderwatch.domain.errors import NotAllowed, NotSignedIn
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
    cookie = guard.identifier.cookie

    async def signed_in(user: User, *, status: int) -> Response:
        secret = await parts.sessions.create(user.name)
        caller = await parts.sessions.find(secret)
        if caller is None:
            raise NotSignedIn("This user may not sign in any more.")
        return answer(_me(caller, parts.server), status=status, headers={"set-cookie": cookie.set(secret)})

    @router.get("/session", **described(SessionState, open_to_anyone=True))
    async def session_state(request: Request) -> Response:
        """Show what a login page must know."""
        caller = await guard.identifier.find(request.headers)
        return answer(SessionState(authenticated=caller is not None, has_users=await parts.users.any()))

    @router.post("/session", **described(Me, body=Login, problems=(401, 403, 429), open_to_anyone=True))
    async def sign_in(request: Request, login: Annotated[Login, Depends(body_of(Login))]) -> Response:
        """Sign in with name and password."""
        guard.site.check_site(request.headers)
        peer = _peer(request)
        parts.failures.check(name=login.name, peer=peer)
        user = await parts.users.check(login.name, password=login.password)
        if user is None:
            parts.failures.note(name=login.name, peer=peer)
            raise NotSignedIn("Name or password is wrong.")
        return await signed_in(user, status=200)

    @router.post(
        "/session/invite",
        **described(Me, status=201, body=InviteLogin, problems=(401, 403, 409, 429), open_to_anyone=True),
    )
    async def accept_invite(request: Request, login: Annotated[InviteLogin, Depends(body_of(InviteLogin))]) -> Response:
        """Spend a one-time link: make a user of one's own and sign in."""
        guard.site.check_site(request.headers)
        peer = _peer(request)
        parts.failures.check(name="", peer=peer)
        user = await parts.invites.redeem(login.invite, name=login.name, password=login.password)
        if user is None:
            parts.failures.note(name="", peer=peer)
            raise NotSignedIn("This link was used already, or is too old. Ask for another: orderwatch invite")
        return await signed_in(user, status=201)

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
        peer = _peer(request)
        parts.failures.check(name=caller.name, peer=peer)
        if await parts.users.check(caller.name, password=change.current) is None:
            parts.failures.note(name=caller.name, peer=peer)
            raise NotAllowed("The current password is wrong.")
        here = guard.identifier.session(request.headers)
        await parts.users.set_password(caller.name, password=change.new, by=caller.name, keep_session=here)
        return nothing()

    return router


def _me(caller: Caller, server: ServerFacts) -> Me:
    return Me(name=caller.name, role=caller.role, via=caller.via, expires_at=caller.expires_at, server=server)


def _peer(request: Request) -> str:
    return request.client.host if request.client else ""
