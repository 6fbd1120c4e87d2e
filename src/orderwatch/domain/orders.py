"""An order as the world sees it: what follows from the set of its events."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from msgspec import Struct

from orderwatch.domain.events import Courier, Customer, EventType, Item


class OrderStatus(StrEnum):
    """Where an order is. The last five are its possible ends."""

    CREATED = "created"
    ACCEPTED = "accepted"
    PREPARING = "preparing"
    READY = "ready"
    PICKED_UP = "picked_up"
    NEARBY = "nearby"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    FAILED = "failed"
    RETURNED = "returned"


TERMINAL = frozenset(
    {
        OrderStatus.DELIVERED,
        OrderStatus.CANCELLED,
        OrderStatus.REJECTED,
        OrderStatus.FAILED,
        OrderStatus.RETURNED,
    }
)


class Order(Struct, frozen=True, kw_only=True):
    """An order's public state, without its timeline. Money is decimal, as text in JSON."""

    source: str
    order_id: str
    status: OrderStatus
    status_since: datetime
    store_id: str | None = None
    region: str | None = None
    placed_at: datetime | None = None
    promised_at: datetime | None = None
    eta: datetime | None = None
    courier: Courier | None = None
    courier_seen_at: datetime | None = None
    """When the courier's position was last told."""
    customer: Customer | None = None
    total: Decimal | None = None
    currency: str | None = None
    items: tuple[Item, ...] = ()
    reason: str | None = None
    milestones: dict[str, datetime] = {}
    """First time of each step: ``created`` … ``returned``, ``courier.assigned``, ``courier.at_pickup``."""
    flags: tuple[str, ...] = ()
    """Codes, sorted; `domain.flags` says what each means."""
    duplicates: int = 0
    last_event_at: datetime
    """The latest `occurred_at` of its events."""


class TimelineEntry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event of an order, with what it changed."""

    type: EventType
    raw_type: str
    occurred_at: datetime
    received_at: datetime
    receipt: int
    changes: dict[str, Any]
    """Field → ``[before, after]``; for ``items``, what was ``added``, ``removed`` and ``changed``."""
    conflict: bool = False
    faults: tuple[str, ...] = ()
    data: dict[str, Any] = {}


class StoredView(Struct, frozen=True, kw_only=True):
    """An order's public JSON as the worker made it, and what is known beside it."""

    view: bytes
    open: bool
    first_receipt: int
