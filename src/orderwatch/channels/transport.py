"""The guarded way out for HTTP. Apart from `guard`, because httpx2 takes a tenth of a second to import."""

import httpx2

from orderwatch.channels.guard import resolve


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
        except (OSError, UnicodeError) as error:  # The latter for a name that no name can be, such as a..b.
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
