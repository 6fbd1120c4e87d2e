"""What can be asked of the store. What is None or empty matches everything."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from orderwatch.domain.notifications import NotificationStatus
from orderwatch.domain.orders import OrderStatus
from orderwatch.domain.receipts import ReceiptKind


class OrderFilter(Struct, frozen=True, kw_only=True):
    """Which orders."""

    statuses: tuple[OrderStatus, ...] = ()
    open: bool | None = None
    source: str | None = None
    store: str | None = None
    flag: str | None = None
    since: datetime | None = None
    """Placed then or later; where that is not known, in its status since then or later."""
    until: datetime | None = None
    """Placed before then."""
    q: str | None = None
    """What the id begins with; or, where no id does, what id, store or region contains."""


class ReceiptFilter(Struct, frozen=True, kw_only=True):
    """Which receipts, by when they were received."""

    source: str | None = None
    kind: ReceiptKind | None = None
    since: datetime | None = None
    until: datetime | None = None


class QuarantineFilter(Struct, frozen=True, kw_only=True):
    """Which refused requests and unreadable receipts."""

    source: str | None = None
    code: str | None = None
    kind: Literal["rejected", "unreadable"] | None = None
    state: Literal["waiting", "resubmitted"] | None = None


class NotificationFilter(Struct, frozen=True, kw_only=True):
    """Which notifications."""

    status: NotificationStatus | None = None
    channel: str | None = None
    cause: str | None = None
