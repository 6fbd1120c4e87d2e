"""The Apprise channel. The library is loaded at the first use (0.8 s) and works in threads: it blocks."""

import asyncio
import logging
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from orderwatch.channels.apprise.watch import only_public
from orderwatch.channels.kinds import Surroundings
from orderwatch.domain.notifications import Message, Outcome, Rejected, Retry, Sent
from orderwatch.notify.ports import Due

if TYPE_CHECKING:
    from apprise import AppriseAsset, NotifyBase

_THREADS = 8
_SERVICE_SECONDS = 30
_SHORTEST_SECRET = 4
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", None})


class AppriseSender:
    """Sends through one Apprise address."""

    def __init__(self, url: str, surroundings: Surroundings) -> None:
        """Take the address, which is understood at the first use."""
        self._url = url
        self._guarded = not surroundings.allow_private_targets
        self._service: NotifyBase | None = None

    async def send(self, due: Due) -> Outcome:
        """Send once, in a thread that no other channel waits for."""
        return await asyncio.get_running_loop().run_in_executor(_threads(), self._send, due.message)

    def _send(self, message: Message) -> Outcome:
        if self._service is None:
            self._service = load(self._url)
        if self._service is None:
            return Rejected(detail="Apprise does not know this address")
        with only_public() if self._guarded else nullcontext([]) as refused:
            detail = _notify(self._service, message)
        if detail is None:
            return Sent()
        if refused:
            return Rejected(
                detail=f"the address leads to {refused[-1]}, which is not a public one; "
                "set allow_private_targets to let that be"
            )
        return Retry(detail=hide(detail, self._url))


def load(url: str) -> "NotifyBase | None":
    """Return Apprise's service for `url`, None when it knows none. Blocks: loads the library."""
    import apprise  # noqa: PLC0415  (0.8 s and 30 MB, only for those who use it)

    return apprise.Apprise.instantiate(url, asset=_asset(), suppress_exceptions=True)  # pyright: ignore[reportUnknownMemberType]


def _notify(service: "NotifyBase", message: Message) -> str | None:
    """Send, and return what went wrong. Apprise says only whether it worked; what it logged meanwhile tells why."""
    import apprise  # noqa: PLC0415  (see `load`)

    services = apprise.Apprise(asset=_asset())
    services.add(service)  # pyright: ignore[reportUnknownMemberType]
    title, body = words(message)
    result = services.notify(  # pyright: ignore[reportUnknownMemberType]
        body=body,
        title=title,
        notify_type=apprise.NotifyType.WARNING if message.severity == "warning" else apprise.NotifyType.INFO,
        body_format=apprise.NotifyFormat.TEXT,
    )
    if result:
        return None
    logged = [entry.message for told in result for attempt in told for entry in attempt]
    return logged[-1] if logged else "the service did not take it"


def words(message: Message) -> tuple[str, str]:
    """Return title and body: services show both, so what the title says is not said again."""
    rest = message.text.removeprefix(message.title).removeprefix(" · ")
    lines = [rest] if rest else []
    if message.link and urlsplit(message.link).hostname not in _LOOPBACK:
        lines.append(message.link)
    return (message.title, "\n".join(lines)) if lines else ("", message.title)


def hide(text: str, url: str) -> str:
    """Return `text` without the parts of `url` that may be secret: all but its scheme and names of hosts."""
    scheme, _, rest = url.partition("://")
    for part in sorted(set(re.split(r"[/?&=@:#,\s]+", f"{rest} {unquote(rest)}")), key=len, reverse=True):
        if len(part) >= _SHORTEST_SECRET and part != scheme and not _HOST.fullmatch(part):
            text = text.replace(part, "••••")
    return text


@cache
def _asset() -> "AppriseAsset":
    import apprise  # noqa: PLC0415  (see `load`)

    # Its log may hold what must not be seen; what is of use in it comes with each result.
    logging.getLogger("apprise").propagate = False
    asset = apprise.AppriseAsset(service_timeout=_SERVICE_SECONDS)
    asset.app_id = asset.app_desc = "Orderwatch"
    asset.http_redirects = False
    return asset


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="services")


def make(settings: Mapping[str, Any], surroundings: Surroundings) -> AppriseSender:
    """Return the sender."""
    return AppriseSender(settings["url"], surroundings)


def faults(settings: Mapping[str, Any]) -> list[str]:
    """Return what is wrong; loads Apprise."""
    if "url" in settings and load(settings["url"]) is None:
        return ["url is none that Apprise knows, or it lacks a part; it looks like slack://… or mailto://…"]
    return []
