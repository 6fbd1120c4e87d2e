"""What a simulation yields: webhooks and the moments at which a platform would send them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

DEFAULT_SOURCE = "default"


class Webhook(Struct, frozen=True, kw_only=True):
    """One webhook, in Orderwatch's own format until a platform shapes it. Times are datetimes until `encode`."""

    at: datetime
    """When it is sent; the same as the body's ``occurred_at`` unless the platform was silent then."""
    source: str = DEFAULT_SOURCE
    body: dict[str, Any]
    id: str | None = None
    """The sender's id for it, where it does not stand in the body as ``event_id``."""

    @property
    def event_id(self) -> str | None:
        """Return the sender's id for it."""
        return self.id or self.body.get("event_id")


def encode(body: dict[str, Any]) -> bytes:
    """Return `body` as JSON, times as RFC 3339."""
    return msgspec.json.encode(body)


def moved(webhook: Webhook, shift: Callable[[datetime], datetime]) -> Webhook:
    """Return `webhook` with every time in it, also those in its body, put through `shift`."""
    body = {key: shift(value) if isinstance(value, datetime) else value for key, value in webhook.body.items()}
    return msgspec.structs.replace(webhook, at=shift(webhook.at), body=body)
