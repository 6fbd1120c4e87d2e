"""Guards addresses that users give: nothing of ours may be reached through a channel (SSRF)."""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable

_NOT_PUBLIC = (
    ipaddress.ip_network("100.64.0.0/10"),  # Carrier-grade NAT (RFC 6598).
    ipaddress.ip_network("::/96"),  # An IPv4 address within (RFC 4291, section 2.5.5.1), no longer in use.
    ipaddress.ip_network("fec0::/10"),  # Local to a site (RFC 3879), likewise.
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
