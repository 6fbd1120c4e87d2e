"""What can be wrong with a specification, and who still needs one; asked within the transaction of the write."""

import re
from base64 import b64decode
from collections.abc import Callable, Sequence
from zoneinfo import available_timezones

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from orderwatch.domain.events import EventType
from orderwatch.domain.notifications import Channel, Route
from orderwatch.domain.registered import is_slug
from orderwatch.domain.sources import Source, Verification
from orderwatch.normalise.mistakes import mistakes
from orderwatch.storage.tables.registry import channels, routes

DEFAULT_SOURCE = "default"
_MOST_SECRETS = 2
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""RFC 9110, section 5.1."""
_EVENT_TYPES = frozenset(EventType)

SourceCheck = Callable[[Source], Sequence[str]]


def check_source(more: SourceCheck):  # noqa: ANN201  (the function below says it)
    """Return the check of sources; `more` is the providers' own part of it."""

    async def check(_connection: AsyncConnection, source: Source) -> list[str]:
        return [*name_faults(source.name), *_source_faults(source), *more(source)]

    return check


async def check_channel(connection: AsyncConnection, channel: Channel) -> list[str]:
    """Return what is wrong with `channel`."""
    faults = name_faults(channel.name)
    if channel.fallback == channel.name:
        faults.append("fallback: a channel cannot fall back on itself.")
    elif channel.fallback is not None:
        faults += await _unknown_channels(connection, [channel.fallback], key="fallback")
    return faults


async def check_route(connection: AsyncConnection, route: Route) -> list[str]:
    """Return what is wrong with `route`."""
    unknown = sorted({kind for kind in route.event_types if not _is_event_type(kind)})
    faults = [f"event_types: there is no event {kind!r}; docs/orders.md lists all of them." for kind in unknown]
    return [*name_faults(route.name), *faults, *await _unknown_channels(connection, route.channels, key="channels")]


async def nobody(_connection: AsyncConnection, _name: str) -> list[str]:
    """Say that nobody needs it."""
    return []


async def users_of_source(_connection: AsyncConnection, name: str) -> list[str]:
    """Return who needs the source: ``/webhook`` is the one called default."""
    return ["/webhook; disable it instead"] if name == DEFAULT_SOURCE else []


async def users_of_channel(connection: AsyncConnection, name: str) -> list[str]:
    """Return the routes and channels that name the channel."""
    in_routes = [msgspec.json.decode(blob, type=Route) for blob in await connection.scalars(select(routes.c.spec))]
    rows = await connection.execute(select(channels.c.name, channels.c.spec))
    falling_back = [other for other, blob in rows if msgspec.json.decode(blob)["fallback"] == name]
    users = [f"the route {route.name}" for route in in_routes if name in route.channels]
    return users + [f"the channel {other}" for other in falling_back]


def name_faults(name: str) -> list[str]:
    """Return what is wrong with the name of a source, channel or route."""
    if is_slug(name):
        return []
    return [f"name: {name!r} must be 1 to 63 of a-z, 0-9 and -, and begin with a letter or digit."]


def _source_faults(source: Source) -> list[str]:
    faults: list[str] = []
    if source.time_zone is not None and source.time_zone not in available_timezones():
        faults.append(f"time_zone: {source.time_zone!r} is not an IANA zone such as Asia/Seoul.")
    if len(source.secrets) > _MOST_SECRETS:
        faults.append("secrets: at most two, while one takes the other's place.")
    if not all(source.secrets):
        faults.append("secrets: an empty one proves nothing.")
    if source.verification is not Verification.OPEN and not source.secrets:
        faults.append(f"secrets: verification {source.verification.value} needs one.")
    return [*faults, *_proof_faults(source), *mistakes(source.mapping)]


def _proof_faults(source: Source) -> list[str]:
    """Return why nothing that the source sends could ever prove where it comes from."""
    if source.verification is Verification.STANDARD_WEBHOOKS:
        right = all(_is_standard(secret) for secret in source.secrets)
        return [] if right else ["secrets: Standard Webhooks wants whsec_ and base64."]
    if source.verification is Verification.TOKEN:
        return _header_faults("token.header", source.token.header)
    if source.verification is not Verification.HMAC:
        return []
    faults = _header_faults("hmac.header", source.hmac.header)
    for name in ("timestamp", "id"):
        header: str | None = getattr(source.hmac, f"{name}_header")
        if header is not None:
            faults += _header_faults(f"hmac.{name}_header", header)
        elif f"{{{name}}}" in source.hmac.content:
            faults.append(f"hmac.{name}_header: names the header of {{{name}}}, which is signed.")
    return faults


def _is_standard(secret: str) -> bool:
    try:
        return bool(b64decode(secret.removeprefix("whsec_"), validate=True))
    except ValueError:
        return False


def _header_faults(key: str, name: str) -> list[str]:
    return [] if _HEADER.fullmatch(name) else [f"{key}: {name[:60]!r} is no header's name."]


def _is_event_type(kind: str) -> bool:
    return kind == "*" or kind in _EVENT_TYPES or kind.replace("_", ".", 1) in _EVENT_TYPES


async def _unknown_channels(connection: AsyncConnection, names: Sequence[str], *, key: str) -> list[str]:
    known = set(await connection.scalars(select(channels.c.name).where(channels.c.name.in_(names))))
    return [f"{key}: there is no channel called {name}." for name in names if name not in known]
