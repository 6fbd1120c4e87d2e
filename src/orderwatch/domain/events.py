"""Canonical events: one thing that happened to an order, courier, store or source."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from msgspec import Struct


class EventType(StrEnum):
    """The canonical vocabulary. ``order_created`` in a webhook means ``order.created``."""

    ORDER_CREATED = "order.created"
    ORDER_ACCEPTED = "order.accepted"
    ORDER_REJECTED = "order.rejected"
    ORDER_MODIFIED = "order.modified"
    ORDER_PREPARING = "order.preparing"
    ORDER_READY = "order.ready"
    ORDER_PICKED_UP = "order.picked_up"
    ORDER_NEARBY = "order.nearby"
    ORDER_DELIVERED = "order.delivered"
    ORDER_CANCELLED = "order.cancelled"
    ORDER_FAILED = "order.failed"
    ORDER_RETURNED = "order.returned"
    ORDER_REFUNDED = "order.refunded"
    COURIER_ASSIGNED = "courier.assigned"
    COURIER_AT_PICKUP = "courier.at_pickup"
    COURIER_LOCATION = "courier.location"
    COURIER_UNASSIGNED = "courier.unassigned"
    ETA_CHANGED = "eta.changed"
    STORE_OPENED = "store.opened"
    STORE_CLOSED = "store.closed"
    STORE_OFFLINE = "store.offline"
    SOURCE_HEARTBEAT = "source.heartbeat"
    UNKNOWN = "unknown"


class Item(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of an order. `price` is of one piece, in the order's currency."""

    name: str
    quantity: Decimal = Decimal(1)
    price: Decimal | None = None
    id: str | None = None


class Courier(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an event says of the courier; what it does not say is None. Degrees, WGS 84."""

    id: str | None = None
    name: str | None = None
    phone: str | None = None
    lat: float | None = None
    lon: float | None = None


class Customer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an event says of the customer; what it does not say is None. Degrees, WGS 84."""

    name: str | None = None
    phone: str | None = None
    address: str | None = None
    lat: float | None = None
    lon: float | None = None


class Event(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One canonical thing that happened, as one receipt tells it. All times are aware UTC.

    An event is identified by (`receipt`, `index`); `key` is the same whatever the order of arrival.
    """

    source: str
    type: EventType
    raw_type: str = ""
    """The sender's own word for it."""
    order_id: str | None = None
    """None only for events of a store or of the source itself."""
    key: str
    """Hexadecimal identity of the receipt's event, then ``.index`` for the second and later of one receipt."""
    receipt: int
    index: int = 0
    conflict: bool = False
    """The receipt had the id of an earlier one and another body: kept and flagged, never folded."""
    occurred_at: datetime
    """When it happened; the time of receipt where the sender does not say."""
    received_at: datetime
    store_id: str | None = None
    region: str | None = None
    promised_at: datetime | None = None
    eta: datetime | None = None
    items: tuple[Item, ...] | None = None
    total: Decimal | None = None
    currency: str | None = None
    reason: str | None = None
    courier: Courier | None = None
    customer: Customer | None = None
    data: dict[str, Any] = {}
    """Unknown keys of the payload, as they came."""
    faults: tuple[str, ...] = ()
    """Codes of what could not be read as meant, such as ``bad_time`` or ``bad_total``; see `domain.flags`."""
