"""Sources, channels and routes: the same endpoints for each of the three."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Generic, cast

import msgspec
from fastapi import APIRouter, Depends
from msgspec import Struct
from starlette.responses import Response

from orderwatch.domain.errors import BadSettings
from orderwatch.domain.pages import Page
from orderwatch.domain.people import Caller
from orderwatch.domain.registered import SECRET_FIELDS, Registered, Spec
from orderwatch.domain.secrets import Json, keep_masked, mask_settings
from orderwatch.web.api.answers import answer, nothing, whole
from orderwatch.web.api.bodies import body_of
from orderwatch.web.api.describing import Described
from orderwatch.web.api.params import Name
from orderwatch.web.api.ports import SpecKeeper
from orderwatch.web.auth.guard import Guard

# The times stand in what GET shows, so that it can be changed and sent back whole.
_NOT_SET = frozenset({"created_at", "updated_at", "address", "activity", "health"})

Beside = Callable[[], Awaitable[Callable[[str], dict[str, Any]]]]
"""Returns what tells, by a name, what is shown beside the specification."""


class Kind(Struct, Generic[Spec], frozen=True):
    """One of the three kinds."""

    plural: str
    spec: type[Spec]
    shape: type[Struct]
    keeper: SpecKeeper[Spec]
    beside: Beside


async def nothing_beside() -> Callable[[str], dict[str, Any]]:
    """Show nothing beside."""
    return lambda _name: {}


def registered_router(kind: Kind[Spec], guard: Guard, described: Described) -> APIRouter:
    """Return the endpoints for one kind."""
    router = APIRouter(prefix=f"/api/v1/{kind.plural}", tags=[kind.plural])
    one = kind.plural.removesuffix("s")
    raw_body = body_of(kind.spec, ignored=_NOT_SET)

    @router.get("", name=f"list_{kind.plural}", dependencies=[Depends(guard.viewer)], **described(Page[kind.shape]))
    async def list_all() -> Response:
        beside = await kind.beside()
        return whole([_shown(entry, beside) for entry in await kind.keeper.entries()])

    @router.post("", name=f"create_{one}", **described(kind.shape, status=201, body=kind.spec, problems=(409,)))
    async def create(
        caller: Annotated[Caller, Depends(guard.admin)], spec: Annotated[Spec, Depends(raw_body)]
    ) -> Response:
        made = await kind.keeper.create(_unmasked(spec, None), by=caller.name)
        return answer(_shown(made, await kind.beside()), status=201)

    @router.get(
        "/{name}",
        name=f"show_{one}",
        dependencies=[Depends(guard.viewer)],
        **described(kind.shape, problems=(404,)),
    )
    async def show(name: Name) -> Response:
        return answer(_shown(await kind.keeper.get(name), await kind.beside()))

    @router.put("/{name}", name=f"replace_{one}", **described(kind.shape, body=kind.spec, problems=(404,)))
    async def replace(
        caller: Annotated[Caller, Depends(guard.admin)], name: Name, spec: Annotated[Spec, Depends(raw_body)]
    ) -> Response:
        if spec.name != name:
            raise BadSettings([f"name: is {spec.name!r} here and {name!r} in the path; a name cannot be changed."])
        stored = await kind.keeper.get(name)
        written = await kind.keeper.replace(_unmasked(spec, stored.spec), by=caller.name)
        return answer(_shown(written, await kind.beside()))

    @router.delete("/{name}", name=f"delete_{one}", **described(status=204, problems=(404, 409)))
    async def delete(caller: Annotated[Caller, Depends(guard.admin)], name: Name) -> Response:
        await kind.keeper.delete(name, by=caller.name)
        return nothing()

    @router.post("/{name}/restore", name=f"restore_{one}", **described(kind.shape, problems=(404, 409)))
    async def restore(caller: Annotated[Caller, Depends(guard.admin)], name: Name) -> Response:
        return answer(_shown(await kind.keeper.restore(name, by=caller.name), await kind.beside()))

    return router


def _shown(entry: Registered[Spec], beside: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    plain = _plain(entry.spec)
    field = SECRET_FIELDS.get(type(entry.spec))
    if field is not None:
        plain[field] = mask_settings(plain[field], field)
    times = {"created_at": entry.created_at, "updated_at": entry.updated_at}
    return {**plain, **times, **beside(entry.spec.name)}


def _unmasked(spec: Spec, stored: Spec | None) -> Spec:
    """Return `spec` with secrets that were sent back as they are shown replaced by what is stored."""
    field = SECRET_FIELDS.get(type(spec))
    if field is None:
        return spec
    plain = _plain(spec)
    try:
        plain[field] = keep_masked(plain[field], _plain(stored)[field] if stored else None)
    except ValueError as error:
        raise BadSettings([f"{field}: {error} is how a secret is shown; send the secret itself."]) from None
    return msgspec.convert(plain, type(spec))


def _plain(spec: Spec) -> dict[str, Json]:
    return cast("dict[str, Json]", msgspec.json.decode(msgspec.json.encode(spec)))
