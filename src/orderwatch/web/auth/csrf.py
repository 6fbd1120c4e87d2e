"""Keeps other sites from using a visitor's cookie."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers

from orderwatch.domain.errors import CrossSite

HEADER = "x-orderwatch"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS = frozenset({"same-origin", "none"})


class SiteGuard:
    """Compares where a request says it comes from with where it goes to."""

    def __init__(self, base_url: str) -> None:
        """Take the address under which people reach the server; behind a proxy the Host header may be another."""
        self._host = urlsplit(base_url).netloc.lower()

    def check_write(self, method: str, headers: Headers) -> None:
        """Let a request with our cookie pass if it reads, or comes from our page and carries its header.

        Raises:
            CrossSite: it does not.
        """
        if method in _SAFE:
            return
        self.check_site(headers)
        if headers.get(HEADER) != "1":
            raise CrossSite("A write with a session's cookie needs the header X-Orderwatch: 1.")

    def check_site(self, headers: Headers) -> None:
        """Let a request pass if nothing says that another site sent it.

        Raises:
            CrossSite: something does.
        """
        fetch_site = headers.get("sec-fetch-site")
        if fetch_site is not None and fetch_site not in _OURS:
            raise CrossSite(f"The request comes from another site (Sec-Fetch-Site: {fetch_site[:20]}).")
        origin = headers.get("origin")
        if origin is not None and not self._is_ours(origin, headers.get("host")):
            raise CrossSite("The request comes from another site, as its Origin says.")

    def _is_ours(self, origin: str, host: str | None) -> bool:
        try:
            sender = urlsplit(origin).netloc.lower()
        except ValueError:
            return False
        return bool(sender) and sender in {self._host, (host or "").lower()}
