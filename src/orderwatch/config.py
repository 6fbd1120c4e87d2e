"""Settings: ``orderwatch.toml``, then ``ORDERWATCH_*`` variables, then command-line options; the later one counts.

`Settings` is a plain frozen value, so that the worker need not import what reads it (see `settings_file`).
"""

from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be set. Sizes in bytes, times in seconds."""

    host: str = "127.0.0.1"
    port: int = 8000
    data: str = "./orderwatch-data"
    """Folder of the embedded store, of the secret key and of the sockets."""
    database: str | None = None
    """``postgresql://…`` in place of the embedded store."""
    handlers: str | None = None
    """``module:name`` of a `Handlers` object."""
    providers: str | None = None
    """Folder with providers of one's own, each a folder with a ``provider.toml``; they stand before the product's."""
    public_url: str | None = None
    """The address under which platforms and people reach this server, where it is not host and port."""
    trusted_proxies: str | None = None
    """Addresses and networks (CIDR) of the proxies in front, between commas, whose ``X-Forwarded-…`` is believed."""
    open_webhook: bool | None = None
    """Whether ``/webhook`` takes unsigned requests; by default only when `host` is a loopback address."""
    max_body_bytes: int = 1024 * 1024
    max_depth: int = 64
    request_seconds: float = 10.0
    """A request must be complete within this time."""
    max_pending: int = 10_000
    """Webhooks waiting for the journal before new ones are answered 503."""
    api_per_minute: int = 6000
    """Requests that one session or token may send to the API in a minute before it is answered 429; 0: no bound."""
    quarantine_rows: int = 10_000
    quarantine_bytes: int = 100 * 1024 * 1024
    quarantine_days: int = 14
    retry_hours: float = 24.0
    """How long a notification is retried."""
    allow_private_targets: bool = False
    """Whether channels may call private addresses (SSRF guard off)."""
    log_format: str = "auto"
    """``console``, ``json``, or ``auto``: console on a terminal."""
    language: str = "auto"
    """``ko``, ``en`` or ``auto``: language of messages to people, from the environment."""

    @property
    def folder(self) -> Path:
        """Return the data folder."""
        return Path(self.data)

    @property
    def proxies(self) -> tuple[str, ...]:
        """Return the trusted proxies one by one."""
        return tuple(one.strip() for one in (self.trusted_proxies or "").split(",") if one.strip())

    @property
    def is_loopback(self) -> bool:
        """Say whether only this machine can reach the server: neither directly, by a public address nor by a proxy."""
        if self.trusted_proxies:
            return False
        public = urlsplit(self.public_url).hostname if self.public_url else None
        return _is_loopback(self.host) and (public is None or _is_loopback(public))

    @property
    def base_url(self) -> str:
        """Return the address to show to people, without a slash at its end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = "127.0.0.1" if self.host == "0.0.0.0" else f"[{self.host}]" if ":" in self.host else self.host  # noqa: S104
        return f"http://{host}:{self.port}"


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")
