"""Users, tokens, one-time links and the audit."""

from typing import Annotated

from fastapi import APIRouter, Depends
from msgspec import Struct
from msgspec.structs import asdict
from starlette.responses import Response

from orderwatch.domain.pages import Page
from orderwatch.domain.people import AccessToken, AuditEntry, Caller, User
from orderwatch.web.api.answers import answer, nothing, page_answer, whole
from orderwatch.web.api.bodies import body_of
from orderwatch.web.api.describing import Described
from orderwatch.web.api.params import Cursor, Limit, Name, Number
from orderwatch.web.api.ports import AuditKeeper, InviteKeeper, TokenKeeper, UserKeeper
from orderwatch.web.api.shapes import InviteShape, NewInvite, NewToken, NewTokenShape, NewUser, UserChange
from orderwatch.web.auth.guard import Guard


class PeopleParts(Struct, frozen=True):
    """What the endpoints need."""

    users: UserKeeper
    tokens: TokenKeeper
    invites: InviteKeeper
    audit: AuditKeeper
    base_url: str


def users_router(parts: PeopleParts, guard: Guard, described: Described) -> APIRouter:
    """Return the endpoints for users and the links that make them."""
    router = APIRouter(prefix="/api/v1", tags=["users"])

    @router.get("/users", dependencies=[Depends(guard.admin)], **described(Page[User]))
    async def list_users() -> Response:
        """List users by name."""
        return whole(await parts.users.list())

    @router.post("/users", **described(User, status=201, body=NewUser, problems=(409,)))
    async def create_user(
        caller: Annotated[Caller, Depends(guard.admin)], new: Annotated[NewUser, Depends(body_of(NewUser))]
    ) -> Response:
        """Make a user."""
        user = await parts.users.create(new.name, password=new.password, role=new.role, by=caller.name)
        return answer(user, status=201)

    @router.patch("/users/{name}", **described(User, body=UserChange, problems=(404, 409)))
    async def change_user(
        caller: Annotated[Caller, Depends(guard.admin)],
        name: Name,
        change: Annotated[UserChange, Depends(body_of(UserChange))],
    ) -> Response:
        """Change a user's role or password, or disable or enable it."""
        changed = await parts.users.change(
            name, by=caller.name, role=change.role, disabled=change.disabled, password=change.password
        )
        return answer(changed)

    @router.delete("/users/{name}", **described(status=204, problems=(404, 409)))
    async def delete_user(caller: Annotated[Caller, Depends(guard.admin)], name: Name) -> Response:
        """Delete a user and end its sessions."""
        await parts.users.delete(name, by=caller.name)
        return nothing()

    @router.post("/invites", **described(InviteShape, status=201, body=NewInvite))
    async def create_invite(
        caller: Annotated[Caller, Depends(guard.admin)], new: Annotated[NewInvite, Depends(body_of(NewInvite))]
    ) -> Response:
        """Make a one-time link with which a person chooses name and password."""
        invite = await parts.invites.create(new.role, by=caller.name)
        url = f"{parts.base_url}/login?invite={invite.secret}"
        return answer(InviteShape(url=url, role=invite.role, expires_at=invite.expires_at), status=201)

    return router


def tokens_router(parts: PeopleParts, guard: Guard, described: Described) -> APIRouter:
    """Return the endpoints for tokens and the audit."""
    router = APIRouter(prefix="/api/v1", tags=["tokens"])

    @router.get("/tokens", dependencies=[Depends(guard.admin)], **described(Page[AccessToken]))
    async def list_tokens() -> Response:
        """List tokens, newest first."""
        return whole(await parts.tokens.list())

    @router.post("/tokens", **described(NewTokenShape, status=201, body=NewToken))
    async def create_token(
        caller: Annotated[Caller, Depends(guard.admin)], new: Annotated[NewToken, Depends(body_of(NewToken))]
    ) -> Response:
        """Make a token; its text is shown this once."""
        token, text = await parts.tokens.create(new.name, role=new.role, by=caller.name)
        return answer(NewTokenShape(**asdict(token), token=text), status=201)

    @router.delete("/tokens/{number}", **described(status=204, problems=(404,)))
    async def revoke_token(caller: Annotated[Caller, Depends(guard.admin)], number: Number) -> Response:
        """Revoke a token; it is refused from now on."""
        await parts.tokens.revoke(number, by=caller.name)
        return nothing()

    @router.get("/audit", tags=["audit"], dependencies=[Depends(guard.admin)], **described(Page[AuditEntry]))
    async def list_audit(*, cursor: Cursor = None, limit: Limit = 100) -> Response:
        """List who decided or looked at what, newest first."""
        return page_answer(await parts.audit.page(cursor=cursor, limit=limit))

    return router
