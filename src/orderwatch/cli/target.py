"""Where webhooks are sent to, and how they are signed there."""

import asyncio
import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

import httpx2
import msgspec
from msgspec import Struct

from orderwatch.cli.signing import source_for_secret
from orderwatch.config import Settings
from orderwatch.domain.errors import BadSettings, NotFound
from orderwatch.domain.sources import Source, Verification
from orderwatch.kit.clock import SystemClock
from orderwatch.processes.opening import open_store

DEFAULT_SOURCE = "default"
_TIMEOUT = httpx2.Timeout(30.0, connect=5.0)


class Target(Struct, frozen=True, kw_only=True):
    """A server, and the sources that are known there."""

    base_url: str
    sources: dict[str, Source]

    def path(self, source: str) -> str:
        """Return where webhooks of `source` go."""
        return "/webhook" if source == DEFAULT_SOURCE else f"/in/{source}"


def find_target(settings: Settings, *, to: str | None, sources: Sequence[str], secret: str | None) -> Target:
    """Return the server `to`, else the one that `settings` describe, whose store tells how its sources sign.

    Raises:
        BadSettings: the address is none.
    """
    if to is not None and not to.startswith(("http://", "https://")):
        raise BadSettings([f"--to {to}: should begin with http:// or https://"])
    base_url = (to or settings.base_url).rstrip("/")
    # A store is never made for this: who sends to a server of their own has one.
    is_here = to is None and (settings.database or (settings.folder / "registry.sqlite").is_file())
    known = asyncio.run(_read(settings, sources)) if is_here else {}
    return Target(base_url=base_url, sources={name: _signing(name, known, secret) for name in sources})


def open_client(base_url: str, *, connections: int = 1, token: str | None = None) -> httpx2.AsyncClient:
    """Return a client for `base_url` that keeps its connections open."""
    return httpx2.AsyncClient(
        base_url=base_url,
        headers={"user-agent": "Orderwatch", **({"authorization": f"Bearer {token}"} if token else {})},
        limits=httpx2.Limits(max_connections=connections, max_keepalive_connections=connections),
        timeout=_TIMEOUT,
        # A proxy has no way back to this machine.
        trust_env=not _is_loopback(base_url),
    )


async def _read(settings: Settings, names: Sequence[str]) -> dict[str, Source]:
    async with open_store(settings, SystemClock(), migrate=True) as store:
        known = {source.name: source for source in await store.registry.sources.specs()}
    missing = [name for name in names if name not in known]
    if missing:
        raise NotFound(f"There is no source called {missing[0]} (there are {', '.join(known)}).")
    return {name: known[name] for name in names}


def _signing(name: str, known: dict[str, Source], secret: str | None) -> Source:
    source = known.get(name)
    if source is not None and secret is None:
        return source
    if source is None or source.verification is Verification.OPEN:
        return source_for_secret(name, secret)
    return msgspec.structs.replace(source, secrets=(secret,))


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
