"""Fetches the sets of keys that platforms publish, guarded as channels are."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from orderwatch.channels.guard import ForbiddenTarget
from orderwatch.domain.errors import Unavailable

if TYPE_CHECKING:
    import httpx2

LONGEST_BYTES = 256 * 1024
_TIMEOUT_SECONDS = 5.0
_OK = 200


class HttpKeyFetcher:
    """Asks by HTTPS, follows no redirect, and reads no more than a set of keys is long."""

    def __init__(self, *, allow_private: bool) -> None:
        """Take whether private addresses and plain HTTP are allowed."""
        self._allow_private = allow_private

    async def fetch(self, address: str) -> bytes:
        """Return what stands at `address`.

        Raises:
            Unavailable: nothing, or not what could be a set of keys.
        """
        import httpx2  # noqa: PLC0415  (a tenth of a second, and few sources need it)

        from orderwatch.channels.transport import GuardedTransport  # noqa: PLC0415

        if urlsplit(address).scheme != "https" and not self._allow_private:
            raise Unavailable("it is no HTTPS address")
        transport = GuardedTransport(allow_private=self._allow_private)
        try:
            async with httpx2.AsyncClient(
                transport=transport, follow_redirects=False, trust_env=False, timeout=_TIMEOUT_SECONDS
            ) as client:
                return await _read(client, address)
        except ForbiddenTarget as fault:
            raise Unavailable(str(fault)) from fault
        except (httpx2.HTTPError, httpx2.InvalidURL) as fault:
            raise Unavailable(str(fault) or type(fault).__name__) from fault


async def _read(client: "httpx2.AsyncClient", address: str) -> bytes:
    # Unpacked, a few bytes could become any number of them.
    headers = {"accept": "application/json", "accept-encoding": "identity", "user-agent": "Orderwatch"}
    async with client.stream("GET", address, headers=headers) as answer:
        if answer.status_code != _OK:
            raise Unavailable(f"the answer is {answer.status_code}")
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise Unavailable("the answer is compressed")
        body = b""
        async for chunk in answer.aiter_raw():
            body += chunk
            if len(body) > LONGEST_BYTES:
                raise Unavailable(f"the answer is longer than {LONGEST_BYTES} bytes")
        return body
