"""Who really asks, where a proxy stands in front of us."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from orderwatch.web.asgi import App, Receive, Scope, Send

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network
_FOR = b"x-forwarded-for"
_PROTO = b"x-forwarded-proto"
_MOST_HOPS = 32


class Proxies:
    """The proxies whose word counts. Of anybody else's ``X-Forwarded-…`` nothing is believed."""

    def __init__(self, networks: Sequence[str]) -> None:
        """Take addresses and networks (CIDR)."""
        self._networks: list[Network] = [ip_network(network, strict=False) for network in networks]

    def behind(self, app: App) -> App:
        """Return `app` with `client` and `scheme` in its scope as the proxies in front say; itself without any."""
        if not self._networks:
            return app

        async def forwarded(scope: Scope, receive: Receive, send: Send) -> None:
            await app(self.seen(scope), receive, send)

        return forwarded

    def seen(self, scope: Scope) -> Scope:
        """Return the scope as the first of our proxies saw it."""
        client = scope.get("client")
        peer = _address(client[0]) if client else None
        if peer is None or not self._trusts(peer):
            return scope
        said = self._before(peer, _values(scope, _FOR))
        return {**scope, "client": (str(said), 0), "scheme": _scheme(scope)}

    def _before(self, peer: Address, hops: Sequence[str]) -> Address:
        """Return the last address that is none of ours, from the right: what stands further left, anybody can write."""
        for hop in reversed(hops[-_MOST_HOPS:]):
            address = _address(hop)
            if address is None:
                break
            peer = address
            if not self._trusts(peer):
                break
        return peer

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def _scheme(scope: Scope) -> str:
    said = _values(scope, _PROTO)
    return said[-1].lower() if said and said[-1].lower() in {"http", "https"} else scope["scheme"]


def _values(scope: Scope, name: bytes) -> list[str]:
    """Return the parts of a header that may stand there several times, and hold several each."""
    lines = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return [part.strip() for part in ",".join(lines).split(",") if part.strip()]


def _address(text: str) -> Address | None:
    """Return an address that may have a port; IPv4 within IPv6 is IPv4."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
