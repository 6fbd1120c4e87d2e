"""What is kept of an order between events: the join of what each of its events says.

Every field is a set, a minimum, a maximum or a register that the latest event wins. So joining two states is
associative, commutative and idempotent, and an order's state depends on the set of its events alone.
"""

from datetime import datetime
from decimal import Decimal

import msgspec
from msgspec import Struct

from orderwatch.domain.events import Item
from orderwatch.orders.stamps import Register, Stamp

MAX_COURIERS = 16
"""Whose details are kept for one order. With more it is no single order, and they would grow without end."""


class Step(Struct, frozen=True, array_like=True):
    """When a step was first told to have happened, and the latest event that told it."""

    first: datetime
    last: Stamp


class Place(Struct, frozen=True, array_like=True):
    """Degrees, WGS 84."""

    lat: float
    lon: float


class CourierState(Struct, frozen=True, array_like=True):
    """What was said of one courier."""

    first: Stamp | None = None
    """The first event but positions that named them."""
    last: Stamp | None = None
    """The latest one."""
    dismissed: Stamp | None = None
    """The latest event that took the order from them."""
    name: Register[str] | None = None
    phone: Register[str] | None = None
    place: Register[Place] | None = None


class CustomerState(Struct, frozen=True, array_like=True):
    """What was said of the customer."""

    name: Register[str] | None = None
    phone: Register[str] | None = None
    address: Register[str] | None = None
    place: Register[Place] | None = None


class Facts(Struct, frozen=True, array_like=True):
    """Plain fields, the latest saying of each."""

    store_id: Register[str] | None = None
    region: Register[str] | None = None
    promised_at: Register[datetime] | None = None
    eta: Register[datetime] | None = None
    items: Register[tuple[Item, ...]] | None = None
    total: Register[Decimal] | None = None
    currency: Register[str] | None = None
    reason: Register[str] | None = None


class State(Struct, frozen=True, array_like=True):
    """An order's state. `duplicates` alone is no join but a sum, and its caller's to count."""

    first_at: datetime | None = None
    last_at: datetime | None = None
    aside_at: datetime | None = None
    """The first event that may not shape the order: a conflict."""
    flags: tuple[str, ...] = ()
    """What single events brought about, sorted; flags that follow from several are made when the order is shown."""
    is_known: bool = False
    """Whether an event other than UNKNOWN ones is among them."""
    steps: dict[str, Step] = {}
    """By the name of the milestone."""
    facts: Facts = Facts()
    customer: CustomerState = CustomerState()
    courier_id: Register[str] | None = None
    """Who was last named as this order's."""
    seen_id: Register[str] | None = None
    """Whose position was last told. That alone gives nobody the order: positions lag behind a change of couriers."""
    couriers: dict[str, CourierState] = {}
    is_crowd: bool = False
    """More than `MAX_COURIERS` couriers were named; nothing but the latest one's id is kept."""
    nameless: CourierState = CourierState()
    """What was said of the courier without saying which one. `dismissed`: whoever it was, they are no longer."""
    duplicates: int = 0


_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_decode = msgspec.msgpack.Decoder(State).decode


def encode(state: State) -> bytes:
    """Return the bytes of `state`; the same for the same set of events, however they came."""
    return _encode(state)


def decode(blob: bytes) -> State:
    """Return the state that `encode` wrote."""
    return _decode(blob)
