"""Server-sent events as bytes (WHATWG HTML, section 9.2), and the JSON in them. The stream holds no personal data."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Raw, Struct

from orderwatch.domain.notifications import Notification
from orderwatch.live.ports import Board, ChangedOrder, Changes

HEARTBEAT = b":\n\n"
RETRY = b"retry: 2000\n\n"
"""Tells browsers how long to wait before they come back."""

_encode = msgspec.json.encode


class Place(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a card shows of a courier."""

    id: str | None = None
    lat: float | None = None
    lon: float | None = None


class Card(Struct, frozen=True, kw_only=True):
    """An order without what a board does not show. Values that are passed on as they are stay undecoded."""

    source: Raw
    order_id: Raw
    status: Raw
    status_since: Raw
    store_id: Raw = Raw(b"null")
    region: Raw = Raw(b"null")
    placed_at: Raw = Raw(b"null")
    promised_at: Raw = Raw(b"null")
    eta: Raw = Raw(b"null")
    courier: Place | None = None
    courier_seen_at: Raw = Raw(b"null")
    total: Raw = Raw(b"null")
    currency: Raw = Raw(b"null")
    reason: Raw = Raw(b"null")
    flags: Raw = Raw(b"[]")
    last_event_at: Raw


_decode_card = msgspec.json.Decoder(Card).decode


def card(order: ChangedOrder) -> bytes:
    """Return the card of `order` as JSON."""
    body = _encode(_decode_card(order.view))
    return b'%b,"open":%b,"first_receipt":%d}' % (body[:-1], b"true" if order.open else b"false", order.first_receipt)


def frame(event: bytes, data: bytes, *, number: int | None = None) -> bytes:
    """Return one event. `data` is JSON without line breaks; `number` becomes its id."""
    ident = b"" if number is None else b"id: %d\n" % number
    return b"event: %b\n%bdata: %b\n\n" % (event, ident, data)


def changes_frames(changes: Changes) -> bytes:
    """Return the events of `changes`; the last one carries their number, so that a half-read batch is sent again."""
    events = [(b"gone", _encode({"source": source, "order_id": ident})) for source, ident in changes.gone]
    events += [(b"order", card(order)) for order in changes.orders]
    events += [(b"notification", notification(entry)) for entry in changes.notifications]
    if not events:
        return b""
    frames = [frame(name, data) for name, data in events[:-1]]
    name, data = events[-1]
    return b"".join(frames) + frame(name, data, number=changes.number)


def snapshot_frame(board: Board, *, at: datetime, stats: bytes) -> bytes:
    """Return the event that replaces all that a reader had."""
    parts = {
        b"at": _encode(at),
        b"stats": stats,
        b"open": _array([card(order) for order in board.open]),
        b"open_total": b"%d" % board.open_total,
        b"open_truncated": b"true" if board.open_total > len(board.open) else b"false",
        b"done": _array([card(order) for order in board.done]),
        b"notifications": _array([notification(entry) for entry in board.notifications]),
    }
    body = b"{" + b",".join(b'"%b":%b' % part for part in parts.items()) + b"}"
    return frame(b"snapshot", body, number=board.number)


def resumed_frame(*, at: datetime, after: int) -> bytes:
    """Return the event that says that what was missed after `after` follows."""
    return frame(b"resumed", _encode({"at": at, "after": after}))


def bye_frame(reason: str) -> bytes:
    """Return the last event of a stream that we end."""
    return frame(b"bye", _encode({"reason": reason}))


def notification(entry: Notification) -> bytes:
    """Return `entry` as JSON, without its attempts."""
    plain = msgspec.to_builtins(entry)
    del plain["attempts"]
    return _encode(plain)


def _array(values: Sequence[bytes]) -> bytes:
    return b"[" + b",".join(values) + b"]"
