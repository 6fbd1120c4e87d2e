"""Guards addresses that users give: nothing of ours may be reached through a channel (SSRF)."""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable

import httpx2

_NOT_PUBLIC = (
    ipaddress.ip_network("100.64.0.0/10"),  # Carrier-grade NAT (RFC 6598).
    ipaddress.ip_network("64:ff9b::/96"),  # Leads to any IPv4 address through a translator (RFC 6052),
    ipaddress.ip_network("64:ff9b:1::/48"),  # ... a local one (RFC 8215).
    ipaddress.ip_network("2002::/16"),  # 6to4 (RFC 3056), likewise.
    ipaddress.ip_network("2001::/32"),  # Teredo (RFC 4380), likewise.
)
"""What `is_global` takes for public."""


class ForbiddenTarget(Exception):
    """The address leads to this machine or into a private network."""


async def resolve(host: str, port: int, *, allow_private: bool) -> list[str]:
    """Return the addresses of `host` to connect to, best first; all of them must be allowed.

    Connect to what is returned, not to the name: it might lead elsewhere the next time it is asked for.

    Raises:
        ForbiddenTarget: one of them is private, loopback, link-local or otherwise not a public one.
        OSError: the name does not resolve.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(info[4][0]) for info in found))
    if not allow_private:
        check(host, addresses)
    return addresses


def check(host: str, addresses: Iterable[str]) -> None:
    """Raise ForbiddenTarget unless all of `addresses` are public."""
    for address in addresses:
        if not is_public(address):
            raise ForbiddenTarget(
                f"{host} leads to {address}, which is not a public address; set allow_private_targets to let that be"
            )


def is_public(text: str) -> bool:
    """Say whether a numeric address is one of the open internet. What is no numeric address is not."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    if any(address in network for network in _NOT_PUBLIC):
        return False
    return address.is_global and not address.is_multicast


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Connects to the address that was checked, while the name stays in the Host header and in TLS."""

    def __init__(self, *, allow_private: bool) -> None:
        """Take whether private targets are allowed."""
        self._allow_private = allow_private
        # No connection is kept: the pool would find it by its address, and two names may share one.
        limits = httpx2.Limits(max_keepalive_connections=0)
        self._inner = httpx2.AsyncHTTPTransport(retries=0, trust_env=False, limits=limits)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Resolve, check, and send to the first address that can be reached."""
        url, host = request.url, request.url.host
        try:
            addresses = await resolve(host, _port(url), allow_private=self._allow_private)
        except OSError as error:
            raise httpx2.ConnectError(f"{host} does not resolve: {error}", request=request) from error
        request.extensions = {**request.extensions, "sni_hostname": host}
        *others, last = addresses
        for address in others:
            try:
                return await self._send(request, url.copy_with(host=address))
            except httpx2.ConnectError:
                continue
        return await self._send(request, url.copy_with(host=last))

    async def aclose(self) -> None:
        """Close connections."""
        await self._inner.aclose()

    async def _send(self, request: httpx2.Request, url: httpx2.URL) -> httpx2.Response:
        request.url = url
        return await self._inner.handle_async_request(request)


def _port(url: httpx2.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)
