"""The signed webhook channel.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import asyncio
import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx2
import msgspec

from orderwatch.channels.guard import ForbiddenTarget
from orderwatch.channels.kinds import Surroundings
from orderwatch.domain.errors import BadSettings
from orderwatch.domain.notifications import Outcome, Rejected, Retry, Sent
from orderwatch.kit.clock import to_micros
from orderwatch.notify.ports import Due

_TIMEOUT_SECONDS = 15.0
_SHORTEST_KEY, _LONGEST_KEY = 24, 64
_GONE = 410
_NOT_THIS_MESSAGE = frozenset({400, 413, 415, 422})
"""Said of the message itself. Other refusals (401, 403, 404 …) come from a setting that somebody can still mend."""
_LONGEST_WAIT = timedelta(hours=1)
_encode = msgspec.json.Encoder(decimal_format="string").encode


class WebhookSender:
    """Posts one notification as one message; its id stays the same over all tries."""

    def __init__(self, settings: Mapping[str, Any], surroundings: Surroundings) -> None:
        """Take settings that were found right."""
        self._url: str = settings["url"]
        self._key = b64decode(settings["secret"].removeprefix("whsec_"))
        self._surroundings = surroundings

    async def send(self, due: Due) -> Outcome:
        """Post once. Only 2xx is success; 410 ends it; Retry-After is honoured."""
        body = _body(due)
        request = self._surroundings.http.build_request(
            "POST", self._url, content=body, headers=self._headers(due, body), timeout=_TIMEOUT_SECONDS
        )
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                answer = await self._surroundings.http.send(request, stream=True)
                # The status is all that counts; a body may be endless.
                await answer.aclose()
        except ForbiddenTarget as error:
            return Rejected(detail=str(error))
        except (TimeoutError, httpx2.TimeoutException):
            return Retry(detail=f"no answer within {_TIMEOUT_SECONDS:g} s")
        except httpx2.HTTPError as error:
            return Retry(detail=str(error) or type(error).__name__)
        return self._judge(answer)

    def _headers(self, due: Due, body: bytes) -> dict[str, str]:
        now = self._surroundings.clock.now()
        number, stamp = f"msg_{due.id}_{to_micros(due.created_at):x}", str(to_micros(now) // 1_000_000)
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
            return Rejected(detail="410 Gone: the receiver has switched this address off; give the channel another one")
        if status in _NOT_THIS_MESSAGE:
            return Rejected(detail=f"{status}: the receiver refuses this message")
        now = self._surroundings.clock.now()
        return Retry(detail=str(status), after=_retry_after(answer.headers.get("retry-after"), now))


def _body(due: Due) -> bytes:
    message = due.message
    return _encode(
        {
            "type": message.payload.get("type", "notification"),
            "timestamp": message.payload.get("occurred_at", due.created_at),
            "data": {
                "title": message.title,
                "text": message.text,
                "severity": message.severity,
                "link": message.link,
                **message.payload,
            },
        }
    )


def _retry_after(value: str | None, now: datetime) -> timedelta | None:
    # Seconds or a date (RFC 9110, section 10.2.3); what is neither says nothing.
    if not value:
        return None
    try:
        wait = timedelta(seconds=int(value)) if value.isdigit() else parsedate_to_datetime(value) - now
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), _LONGEST_WAIT)


def make(settings: Mapping[str, Any], surroundings: Surroundings) -> WebhookSender:
    """Return the sender.

    Raises:
        BadSettings: see `faults`.
    """
    found = faults(settings)
    if found:
        raise BadSettings(found)
    return WebhookSender(settings, surroundings)


def faults(settings: Mapping[str, Any]) -> list[str]:
    """Return what is wrong."""
    found = _url_faults(settings["url"]) if "url" in settings else []
    return [*found, *(_secret_faults(settings["secret"]) if "secret" in settings else [])]


def _url_faults(url: str) -> list[str]:
    try:
        parts = urlsplit(url)
        is_right = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        httpx2.URL(url)
    except (ValueError, httpx2.InvalidURL):
        is_right = False
    return [] if is_right else ["url must be an http:// or https:// address"]


def _secret_faults(secret: str) -> list[str]:
    try:
        size = len(b64decode(secret.removeprefix("whsec_"), validate=True))
    except ValueError:
        size = 0
    if secret.startswith("whsec_") and _SHORTEST_KEY <= size <= _LONGEST_KEY:
        return []
    return ["secret must be whsec_ and base64 of 24 to 64 random bytes (openssl rand -base64 32 makes them)"]
