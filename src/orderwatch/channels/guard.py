"""Guards addresses that users give: nothing of ours may be reached through a channel (SSRF)."""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence

import httpx2

_NOT_PUBLIC = (
    ipaddress.ip_network("100.64.0.0/10"),  # Carrier-grade NAT (RFC 6598).
    ipaddress.ip_network("64:ff9b::/96"),  # Leads to any IPv4 address through a translator (RFC 6052).
    ipaddress.ip_network("2002::/16"),  # 6to4 (RFC 3056), likewise.
)
"""What `is_global` takes for public."""


class ForbiddenTarget(Exception):
    """The address leads to this machine or into a private network."""


async def resolve(host: str, port: int, *, allow_private: bool) -> str:
    """Return one address of `host` to connect to; all of its addresses must be allowed.

    Connect to what is returned, not to the name: it might lead elsewhere the next time it is asked for.

    Raises:
        ForbiddenTarget: one of them is private, loopback, link-local or otherwise not a public one.
        OSError: the name does not resolve.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(info[4][0]) for info in found]
    if not allow_private:
        check(host, addresses)
    return addresses[0]


def check(host: str, addresses: Sequence[str]) -> None:
    """Raise ForbiddenTarget unless all of `addresses` are public."""
    for text in addresses:
        address = ipaddress.ip_address(text.partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None)
        if not _is_public(mapped or address):
            raise ForbiddenTarget(
                f"{host} leads to {address}, which is not a public address; set allow_private_targets to let that be"
            )


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if any(address in network for network in _NOT_PUBLIC):
        return False
    return address.is_global and not address.is_multicast


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Connects to the address that was checked, while the name stays in the Host header and in TLS."""

    def __init__(self, *, allow_private: bool) -> None:
        """Take whether private targets are allowed."""
        self._allow_private = allow_private
        self._inner = httpx2.AsyncHTTPTransport(retries=0)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Resolve, check, and send."""
        url, host = request.url, request.url.host
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            address = await resolve(host, port, allow_private=self._allow_private)
        except OSError as error:
            raise httpx2.ConnectError(f"{host} does not resolve: {error}", request=request) from error
        request.url = url.copy_with(host=address)
        request.extensions = {**request.extensions, "sni_hostname": host}
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close connections."""
        await self._inner.aclose()
