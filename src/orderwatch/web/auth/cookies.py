"""The session's cookie. HttpOnly and SameSite=Lax always, Secure where the server is reached by HTTPS."""

from datetime import timedelta
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

_LIFETIME = timedelta(days=14)


class SessionCookie:
    """Reads and writes the cookie. Cookies know no port, so its name does: several servers may share a machine."""

    def __init__(self, base_url: str) -> None:
        """Take the address under which people reach the server."""
        address = urlsplit(base_url)
        self.name = "orderwatch_session" + (f"_{address.port}" if address.port else "")
        self._is_https = address.scheme == "https"

    def read(self, header: str | None) -> str | None:
        """Return the session's secret from a Cookie header, None when it is not there."""
        if not header or self.name not in header:
            return None
        try:
            morsel = SimpleCookie(header).get(self.name)
        except CookieError:
            return None
        return morsel.value if morsel and morsel.value else None

    def set(self, secret: str, *, scheme: str = "http") -> str:
        """Return the Set-Cookie header that keeps `secret`; `scheme` is by what the request came."""
        return self._header(secret, max_age=int(_LIFETIME.total_seconds()), scheme=scheme)

    def clear(self) -> str:
        """Return the Set-Cookie header that forgets it."""
        return self._header("", max_age=0, scheme="http")

    def _header(self, value: str, *, max_age: int, scheme: str) -> str:
        secure = "; Secure" if self._is_https or scheme == "https" else ""
        return f"{self.name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}"
