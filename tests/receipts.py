"""Receipts as the journal has them, for tests of what is right of it."""

import json
from hashlib import blake2b, sha256
from typing import Any

from orderwatch.domain.events import Event
from orderwatch.domain.receipts import Receipt, ReceiptKind
from orderwatch.domain.sources import Source
from orderwatch.normalise.reader import Reader
from orderwatch.providers.catalog import PROVIDERS
from tests.set_clock import NOON

TUTORIAL = {"event_type": "order_created", "order_id": "A-1"}


def receipt(body: object, **changes: Any) -> Receipt:
    """Return a receipt of `body`: bytes as they are, anything else as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    found: dict[str, Any] = {
        "position": 7,
        "kind": ReceiptKind.EVENT,
        "of": None,
        "source": "shop",
        "key": blake2b(raw, digest_size=16).digest(),
        "event_id": None,
        "digest": sha256(raw).digest(),
        "body": raw,
        "headers": b'{"content-type":"application/json"}',
        "method": "POST",
        "path": "/in/shop",
        "content_type": "application/json",
        "received_at": NOON,
    }
    return Receipt(**{**found, **changes})


def read(body: object, *, source: Source | None = None, **changes: Any) -> list[Event]:
    """Return the events of a receipt of `body`, read as the whole product reads it."""
    source = source or Source(name="shop", provider="orderwatch")
    return list(Reader(sources={source.name: source}, providers=PROVIDERS).read(receipt(body, **changes)))


def read_one(body: object, *, source: Source | None = None, **changes: Any) -> Event:
    """Return the one event of a receipt of `body`."""
    (event,) = read(body, source=source, **changes)
    return event
