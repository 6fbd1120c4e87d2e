"""The Apprise channel. The library is loaded at the first use (0.8 s) and works in a thread: it blocks."""

import asyncio
import logging
import re
from typing import TYPE_CHECKING, Self

from msgspec import Struct

from orderwatch.channels.guard import ForbiddenTarget, resolve
from orderwatch.channels.kinds import Kind, Setting, Surroundings
from orderwatch.domain.notifications import Channel, Outcome, Rejected, Retry, Sent
from orderwatch.notify.ports import Due

if TYPE_CHECKING:
    from apprise import NotifyBase

_SECRETS = re.compile(r"[A-Za-z0-9+/_\-]{12,}")


class AppriseSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """The service's address with its credentials."""

    url: str


class AppriseSender:
    """Sends through one Apprise URL."""

    def __init__(self, settings: AppriseSettings, surroundings: Surroundings) -> None:
        """Take the settings; the URL is understood at the first use."""
        self._url = settings.url
        self._allow_private = surroundings.allow_private_targets
        self._service: NotifyBase | None = None

    async def send(self, due: Due) -> Outcome:
        """Send once. Apprise says only whether it worked; what it logged meanwhile tells why not."""
        if self._service is None:
            self._service = await asyncio.to_thread(load, self._url)
        if self._service is None:
            return Rejected(detail="Apprise does not know this address")
        try:
            await self._check_host(self._service)
        except ForbiddenTarget as error:
            return Rejected(detail=str(error))
        except OSError as error:
            return Retry(detail=f"the host does not resolve: {error}")
        return await asyncio.to_thread(_notify, self._service, due)

    async def _check_host(self, service: "NotifyBase") -> None:
        # Hosts that the user names are checked; the services' own (Slack, Telegram …) are the library's constants.
        host = getattr(service, "host", None)
        if host and any("{host}" in str(template) for template in service.templates):
            await resolve(str(host), int(getattr(service, "port", None) or 443), allow_private=self._allow_private)


def load(url: str) -> "NotifyBase | None":
    """Return Apprise's service for `url`, None when it knows none. Blocks: loads the library."""
    import apprise  # noqa: PLC0415  (0.8 s and 30 MB, only for those who use it)

    return apprise.Apprise.instantiate(url, suppress_exceptions=True)  # pyright: ignore[reportUnknownMemberType]


def _notify(service: "NotifyBase", due: Due) -> Outcome:
    message = due.message
    with _Heard() as heard:
        sent = service.notify(body=message.text, title=message.title if message.title != message.text else "")
    if sent:
        return Sent()
    return Retry(detail=_SECRETS.sub("…", heard.last or "the service did not take it")[:300])


class _Heard(logging.Handler):
    """Listens to Apprise's log on this thread's behalf: the only place where it says what went wrong."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.last = record.getMessage()

    def __enter__(self) -> Self:
        logging.getLogger("apprise").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("apprise").removeHandler(self)


def make(channel: Channel, settings: AppriseSettings, surroundings: Surroundings) -> AppriseSender:  # noqa: ARG001
    """Return the sender."""
    return AppriseSender(settings, surroundings)


def faults(settings: AppriseSettings) -> list[str]:
    """Return what is wrong; loads Apprise."""
    if load(settings.url) is None:
        return ["url is none that Apprise knows, or it lacks a part; it looks like slack://… or mailto://…"]
    return []


KIND = Kind(
    name="apprise",
    label={"en": "Slack, Telegram, mail and more (Apprise)", "ko": "슬랙·텔레그램·메일·카카오톡 등 (Apprise)"},
    shape=AppriseSettings,
    settings=(
        Setting(
            name="url",
            label={"en": "Apprise address", "ko": "Apprise 주소"},
            help={
                "en": "The service with its credentials, as Apprise's documentation writes it.",
                "ko": "Apprise 문서에 적힌 대로, 인증 정보가 든 서비스 주소입니다.",
            },
            example="slack://TokenA/TokenB/TokenC/#orders",
            secret=True,
            required=True,
        ),
    ),
    concurrency=2,
    make=make,
    faults=faults,
)
