"""The signed webhook channel.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import hmac
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx2
import msgspec
from msgspec import Struct

from orderwatch.channels.guard import ForbiddenTarget, GuardedTransport
from orderwatch.channels.kinds import Kind, Setting, Surroundings
from orderwatch.domain.notifications import Channel, Outcome, Rejected, Retry, Sent
from orderwatch.kit.clock import Clock, to_micros
from orderwatch.notify.ports import Due

_TIMEOUT_SECONDS = 15.0
_SHORTEST_KEY, _LONGEST_KEY = 24, 64
_GONE = 410
_ASK_AGAIN = frozenset({408, 409, 423, 425, 429})
_LONGEST_WAIT = timedelta(hours=1)
_encode = msgspec.json.Encoder(decimal_format="string").encode


class WebhookSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Where to, and the key."""

    url: str
    secret: str
    """``whsec_`` and base64 of 24 to 64 bytes."""


class WebhookSender:
    """Posts one notification as one message; its id stays the same over all tries."""

    def __init__(self, settings: WebhookSettings, surroundings: Surroundings) -> None:
        """Take the checked settings."""
        self._url = settings.url
        self._key = b64decode(settings.secret.removeprefix("whsec_"))
        self._clock: Clock = surroundings.clock
        self._client = httpx2.AsyncClient(
            transport=GuardedTransport(allow_private=surroundings.allow_private_targets),
            timeout=_TIMEOUT_SECONDS,
            follow_redirects=False,
            trust_env=False,
        )

    async def send(self, due: Due) -> Outcome:
        """Post once. Only 2xx is success; 410 ends it; Retry-After is honoured."""
        body = _encode(
            {
                "type": due.message.payload.get("type", "notification"),
                "timestamp": due.created_at,
                "data": {"title": due.message.title, "text": due.message.text, **due.message.payload},
            }
        )
        try:
            answer = await self._client.post(self._url, content=body, headers=self._headers(due, body))
        except ForbiddenTarget as error:
            return Rejected(detail=str(error))
        except httpx2.HTTPError as error:
            return Retry(detail=f"{type(error).__name__}: {error}"[:300])
        return self._judge(answer)

    def _headers(self, due: Due, body: bytes) -> dict[str, str]:
        number, stamp = f"msg_{due.id}_{to_micros(due.created_at):x}", str(to_micros(self._clock.now()) // 1_000_000)
        digest = hmac.digest(self._key, f"{number}.{stamp}.".encode() + body, "sha256")
        return {
            "content-type": "application/json",
            "user-agent": "Orderwatch",
            "webhook-id": number,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{b64encode(digest).decode()}",
        }

    def _judge(self, answer: httpx2.Response) -> Outcome:
        status = answer.status_code
        if answer.is_success:
            return Sent(detail=str(status))
        if status == _GONE:
            return Rejected(detail="410: the receiver wants no more of it")
        if answer.is_client_error and status not in _ASK_AGAIN:
            return Rejected(detail=f"{status}: the receiver refuses this message")
        return Retry(detail=str(status), after=_retry_after(answer.headers.get("retry-after"), self._clock.now()))


def _retry_after(value: str | None, now: datetime) -> timedelta | None:
    # Seconds or a date (RFC 9110, section 10.2.3); what is neither says nothing.
    if not value:
        return None
    try:
        wait = timedelta(seconds=int(value)) if value.isdigit() else parsedate_to_datetime(value) - now
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), _LONGEST_WAIT)


def make(channel: Channel, settings: WebhookSettings, surroundings: Surroundings) -> WebhookSender:  # noqa: ARG001
    """Return the sender."""
    return WebhookSender(settings, surroundings)


def faults(settings: WebhookSettings) -> list[str]:
    """Return what is wrong."""
    found: list[str] = []
    parts = urlsplit(settings.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        found.append("url must be an http:// or https:// address")
    try:
        size = len(b64decode(settings.secret.removeprefix("whsec_"), validate=True))
    except ValueError:
        size = 0
    if not (settings.secret.startswith("whsec_") and _SHORTEST_KEY <= size <= _LONGEST_KEY):
        found.append("secret must be whsec_ and base64 of 24 to 64 random bytes (openssl rand -base64 32 makes them)")
    return found


KIND = Kind(
    name="webhook",
    label={"en": "Signed webhook", "ko": "서명된 웹훅"},
    shape=WebhookSettings,
    settings=(
        Setting(
            name="url",
            label={"en": "Address", "ko": "주소"},
            help={"en": "Gets a POST for each notification.", "ko": "알림마다 POST 요청을 받습니다."},
            example="https://example.com/hooks/orderwatch",
            required=True,
        ),
        Setting(
            name="secret",
            label={"en": "Secret", "ko": "비밀 키"},
            help={
                "en": "whsec_ and base64 of 24 to 64 bytes; the receiver verifies with it (Standard Webhooks).",
                "ko": "whsec_ 뒤에 24~64바이트의 base64. 받는 쪽이 이 키로 확인합니다(Standard Webhooks).",
            },
            example="whsec_…",
            secret=True,
            required=True,
        ),
    ),
    make=make,
    faults=faults,
)
