"""What the columns of a table of deliveries mean: as told, or as their names suggest."""

import difflib
from collections.abc import Mapping, Sequence

from msgspec import Struct

from orderwatch.domain.errors import BadSettings
from orderwatch.domain.events import EventType

ORDER_ID = "order_id"
FIELDS = frozenset(
    {
        ORDER_ID,
        "store_id",
        "region",
        "total",
        "currency",
        "reason",
        "promised_at",
        "eta",
        *(f"courier.{key}" for key in ("id", "name", "phone", "lat", "lon")),
        *(f"customer.{key}" for key in ("name", "phone", "address", "lat", "lon")),
    }
)
EVENTS = frozenset(
    kind.value.replace(".", "_") for kind in EventType if kind.value.startswith(("order.", "courier.", "eta."))
)
_DATA = "data."

_USUAL: Mapping[str, tuple[str, ...]] = {
    ORDER_ID: ("order_id", "order_number", "order_no", "delivery_id", "id"),
    "order_created": ("placed_at", "created_at", "ordered_at", "order_placed_at", "order_time", "created"),
    "order_accepted": ("accepted_at", "sent_to_restaurant_at", "confirmed_at", "accepted"),
    "order_preparing": ("preparing_at", "prep_started_at", "cooking_at"),
    "order_ready": ("ready_at", "food_ready_at", "prepared_at"),
    "courier_assigned": ("assigned_at", "courier_assigned_at", "driver_assigned_at"),
    "courier_at_pickup": ("courier_at_restaurant_at", "driver_at_restaurant_at", "at_restaurant_at", "at_pickup_at"),
    "order_picked_up": ("picked_up_at", "pickup_at", "collected_at"),
    "order_delivered": ("delivered_at", "delivery_time", "dropped_off_at", "delivered"),
    "order_cancelled": ("cancelled_at", "canceled_at"),
    "store_id": ("store_id", "restaurant_id", "merchant_id", "shop_id", "store"),
    "region": ("region", "city", "district", "area", "delivery_region"),
    "courier.id": ("courier_id", "driver_id", "rider_id"),
    "total": ("order_total", "total", "amount", "total_amount"),
    "currency": ("currency",),
    "promised_at": ("promised_at", "promised_time"),
    "eta": ("eta", "estimated_at"),
    "reason": ("reason", "cancel_reason", "cancellation_reason"),
    **{f"{_DATA}{name}": (name,) for name in ("discount", "tip", "refunded", "is_asap", "consumer_id", "customer_id")},
}


class Columns(Struct, frozen=True, kw_only=True):
    """The meaning of a table."""

    order_id: str
    """The column with the order's id."""
    steps: Mapping[str, str]
    """Column with a time → event that happened then."""
    fields: Mapping[str, str]
    """Column → field, such as ``courier.id``."""
    data: Mapping[str, str]
    """Column → key that is kept as it is."""


def read_columns(header: Sequence[str], told: Mapping[str, str]) -> Columns:
    """Return what the columns in `header` mean: as `told` (column → meaning), else as their names suggest.

    Raises:
        BadSettings: a column or meaning that does not exist, or nothing that could be an order.
    """
    told = {column: _plain(meaning) for column, meaning in told.items()}
    meanings = _suggested(header, told) | told
    faults = [fault for column, meaning in told.items() for fault in _faults(header, column, meaning)]
    by_meaning = {meaning: column for column, meaning in meanings.items()}
    steps = {column: meaning for column, meaning in meanings.items() if meaning in EVENTS}
    if not faults and ORDER_ID not in by_meaning:
        faults.append(f"No column is the order's id: add --map COLUMN=order_id. The columns are {', '.join(header)}.")
    if not faults and not steps:
        faults.append(f"No column is the time of an event: add --map COLUMN=order_created. {_list(EVENTS)}")
    if faults:
        raise BadSettings(faults)
    return Columns(
        order_id=by_meaning[ORDER_ID],
        steps=steps,
        fields={c: m for c, m in meanings.items() if m in FIELDS and m != ORDER_ID},
        data={c: m.removeprefix(_DATA) for c, m in meanings.items() if m.startswith(_DATA)},
    )


def _plain(meaning: str) -> str:
    """Return an event in the underscore spelling, anything else as it is."""
    event = meaning.replace(".", "_")
    return event if event in EVENTS else meaning


def _suggested(header: Sequence[str], told: Mapping[str, str]) -> dict[str, str]:
    taken = set(told.values())
    found: dict[str, str] = {}
    for meaning, names in _USUAL.items():
        column = next((c for name in names for c in header if c.strip().lower() == name and c not in told), None)
        if column is not None and meaning not in taken and column not in found:
            found[column] = meaning
    return found


def _faults(header: Sequence[str], column: str, meaning: str) -> list[str]:
    faults: list[str] = []
    if column not in header:
        faults.append(f"--map {column}={meaning}: there is no such column{_nearest(column, header)}")
    if meaning not in FIELDS | EVENTS and not meaning.startswith(_DATA):
        faults.append(f"--map {column}={meaning}: no such event or field{_nearest(meaning, sorted(FIELDS | EVENTS))}")
    return faults


def _nearest(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {near[0]}?" if near else f". {_list(known)}"


def _list(known: frozenset[str] | Sequence[str]) -> str:
    return f"There are: {', '.join(sorted(known))}."
