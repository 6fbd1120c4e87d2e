"""What was received: submissions on their way into the journal, and receipts that are in it."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class ReceiptKind(StrEnum):
    """How a receipt relates to those before it."""

    EVENT = "event"
    """The first receipt with its key."""
    DUPLICATE = "duplicate"
    """The same key and the same body again; `of` is the first one's position. Its own body is not kept."""
    CONFLICT = "conflict"
    """The same event id with another body; `of` is the first one's position."""
    REPLAY = "replay"
    """An operator asked for the receipt at `of` to be understood anew. It has no body of its own."""


class Submission(Struct, frozen=True, kw_only=True):
    """A verified request, ready for the journal. `body` is byte for byte as it came."""

    source: str
    key: bytes
    """16 bytes that identify the event within everything received: see `journal.keys`."""
    event_id: str | None
    """The sender's own id, where it has one."""
    digest: bytes
    """SHA-256 of the body, 32 bytes: tells a duplicate from a conflict."""
    body: bytes
    headers: bytes
    """JSON object of the request's headers, secrets masked."""
    method: str = "POST"
    path: str = "/webhook"
    """The request's path with its query, as received."""
    content_type: str = "application/json"
    received_at: datetime
    replay_of: int | None = None
    """Set for a replay, which goes past the dedupe: the position to understand anew."""


class Ack(Struct, frozen=True, kw_only=True):
    """What the journal did with one submission; given only once it is on disk."""

    position: int
    kind: ReceiptKind
    of: int | None = None


class Receipt(Struct, frozen=True, kw_only=True):
    """One row of the journal. Positions rise by commit order and never change; gaps are allowed."""

    position: int
    kind: ReceiptKind
    of: int | None
    source: str
    key: bytes | None
    """Unique where set. A conflict has a digest of key and body; a duplicate or replay has None."""
    event_id: str | None
    digest: bytes
    body: bytes
    headers: bytes
    method: str
    path: str
    content_type: str
    received_at: datetime


class Rejection(Struct, frozen=True, kw_only=True):
    """A request that was refused, kept in quarantine with its cause."""

    source: str
    code: str
    """The error's code, such as ``unreadable`` or ``wrong_signature``."""
    reason: str
    """A sentence for people."""
    status: int
    """The HTTP status that was answered."""
    body: bytes
    """As far as it was read; `truncated` when that is not all."""
    truncated: bool = False
    headers: bytes
    proof: bytes = b""
    """What was masked and is needed to verify the request once more; whoever keeps it must encrypt it."""
    method: str
    path: str
    content_type: str
    received_at: datetime


class ReceiptEntry(Struct, frozen=True, kw_only=True):
    """A receipt in a list, without body and headers."""

    position: int
    kind: ReceiptKind
    of: int | None
    source: str
    event_id: str | None
    method: str
    path: str
    content_type: str
    received_at: datetime
    size: int
    """Of the body, in bytes; 0 for a duplicate and a replay."""
