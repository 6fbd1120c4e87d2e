"""Whether the hosts that channels send to can be reached from here. Connects and hangs up; sends nothing."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from orderwatch.channels.catalog import kind_of
from orderwatch.cli.findings import Finding, ok, wrong
from orderwatch.config import Settings
from orderwatch.domain.errors import BadSettings
from orderwatch.domain.notifications import Channel
from orderwatch.kit.clock import SystemClock
from orderwatch.processes.opening import open_store

_CONNECT_SECONDS = 5.0
_PORTS = {"http": 80, "https": 443}


async def channel_findings(settings: Settings) -> AsyncIterator[Finding]:
    """Yield for each enabled channel whether its settings are right and its host answers."""
    async with open_store(settings, SystemClock(), migrate=False) as store:
        channels = await store.registry.channels.specs()
    for channel in channels:
        if channel.enabled:
            yield await _look(channel)


async def _look(channel: Channel) -> Finding:
    subject = f"channel {channel.name}"
    try:
        kind_of(channel).read(channel)
        host, port = await asyncio.to_thread(_host_of, channel)
    except BadSettings as error:
        return wrong(subject, error.message)
    if host is None:
        return ok(subject, channel.kind)
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            _, writer = await asyncio.open_connection(host, port)
        writer.close()
    except (OSError, TimeoutError) as error:
        return wrong(
            subject,
            f"{host}:{port} cannot be reached ({str(error) or 'no answer'})",
            "Is the network, or a firewall, in the way?",
        )
    return ok(subject, f"{channel.kind}: {host}:{port} answers")


def _host_of(channel: Channel) -> tuple[str | None, int]:
    """Return where the channel connects to, None where that is nowhere or not known beforehand."""
    url = channel.settings.get("url")
    if not isinstance(url, str):
        return None, 0
    parts = urlsplit(url)
    if parts.scheme in _PORTS and channel.kind == "webhook":
        return parts.hostname, parts.port or _PORTS[parts.scheme]
    return _host_of_service(url) if channel.kind == "apprise" else (None, 0)


def _host_of_service(url: str) -> tuple[str | None, int]:
    from orderwatch.channels.apprise.send import load

    service = load(url)
    if service is None:
        raise BadSettings(["Apprise does not know this address"])
    port = 443 if getattr(service, "secure", True) else 80
    host = getattr(service, "host", None)
    # For services with an address of their own, what stands in the host's place is a token or an id.
    if host and any("{host}" in str(template) for template in service.templates):
        return str(host), int(getattr(service, "port", None) or port)
    # Services with one address of their own (Slack, Telegram …) keep it in a constant.
    for name in ("notify_url", "service_url"):
        named = urlsplit(str(getattr(service, name, None) or ""))
        if named.hostname and "{" not in named.hostname:
            return named.hostname, named.port or _PORTS.get(named.scheme, 443)
    return None, 0
