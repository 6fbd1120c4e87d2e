"""Real deliveries: rows of a table become the webhooks that would have told of them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any

from msgspec import Struct

from orderwatch.domain.errors import BadSettings
from orderwatch.simulate.columns import Columns
from orderwatch.simulate.webhook import DEFAULT_SOURCE, Webhook

_TIMES = frozenset({"promised_at", "eta"})
_EVERYWHERE = frozenset({"store_id", "region"})
_NUMBERS = frozenset({"lat", "lon"})
# A courier is known from the step that first needs one.
_WITH_COURIER = frozenset(
    {
        "courier_assigned",
        "courier_at_pickup",
        "courier_location",
        "order_picked_up",
        "order_nearby",
        "order_delivered",
    }
)
_WITH_REASON = frozenset({"order_cancelled", "order_rejected", "order_failed", "order_returned", "order_refunded"})


class Reading(Struct, frozen=True, kw_only=True):
    """How to read the rows."""

    columns: Columns
    source: str = DEFAULT_SOURCE
    prefix: str = ""
    """Goes before each order's id, to keep one run apart from another."""
    zone: tzinfo | None = None
    """For times that come without one."""
    constants: Mapping[str, str] = {}
    """Fields that are the same everywhere, such as ``currency``."""


class Skipped(Struct, frozen=True, kw_only=True):
    """A row that could not be read whole, and why."""

    line: int
    reason: str


def webhooks_of(rows: Iterable[Mapping[str, str]], reading: Reading, *, skipped: list[Skipped]) -> Iterator[Webhook]:
    """Yield the webhooks of `rows`, row by row; empty times are steps that did not happen or were not told.

    What cannot be read is left out and put into `skipped`; the rest of its row is sent.

    Raises:
        BadSettings: times have no zone and `reading` has none either.
    """
    for line, row in enumerate(rows, start=2):
        order_id = (row.get(reading.columns.order_id) or "").strip()
        if not order_id:
            skipped.append(Skipped(line=line, reason=f"{reading.columns.order_id} is empty"))
            continue
        yield from _of_row(row, order_id, reading, line, skipped)


def _of_row(
    row: Mapping[str, str], order_id: str, reading: Reading, line: int, skipped: list[Skipped]
) -> Iterator[Webhook]:
    fields = _fields(row, reading, line, skipped)
    first = True
    for column, event in reading.columns.steps.items():
        at = _time(row.get(column), column, reading, line, skipped)
        if at is None:
            continue
        body = _body(event, f"{reading.prefix}{order_id}", at, fields, first=first or event == "order_created")
        if first and reading.columns.data:
            body |= {key: row[column] for column, key in reading.columns.data.items() if row.get(column)}
        first = False
        yield Webhook(at=at, source=reading.source, body=body)


def _body(event: str, order_id: str, at: datetime, fields: Mapping[str, Any], *, first: bool) -> dict[str, Any]:
    body: dict[str, Any] = {
        "event_type": event,
        "order_id": order_id,
        "event_id": f"{order_id}-{event}",
        "occurred_at": at,
    }
    return body | {key: value for key, value in fields.items() if _belongs(key, event, first=first)}


def _belongs(field: str, event: str, *, first: bool) -> bool:
    if field in _EVERYWHERE:
        return True
    if field == "courier":
        return event in _WITH_COURIER
    if field == "reason":
        return event in _WITH_REASON
    return first


def _fields(row: Mapping[str, str], reading: Reading, line: int, skipped: list[Skipped]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    told = {**{name: name for name in reading.constants}, **reading.columns.fields}
    for column, field in told.items():
        text = (reading.constants.get(column) or row.get(column) or "").strip()
        value = _time(text, column, reading, line, skipped) if field in _TIMES else text
        if not value:
            continue
        whole, _, part = field.partition(".")
        if not part:
            found[whole] = value
        elif part not in _NUMBERS:
            found.setdefault(whole, {})[part] = value
        elif (number := _number(text, column, line, skipped)) is not None:
            found.setdefault(whole, {})[part] = number
    return found


def _time(text: str | None, column: str, reading: Reading, line: int, skipped: list[Skipped]) -> datetime | None:
    if not text or not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        skipped.append(Skipped(line=line, reason=f"{column}: {text!r} is no time such as 2026-11-24T19:32:08+09:00"))
        return None
    if moment.tzinfo is None:
        if reading.zone is None:
            fault = f"line {line}, {column}: {text!r} has no time zone: add --zone, such as --zone Asia/Seoul"
            raise BadSettings([fault])
        moment = moment.replace(tzinfo=reading.zone)
    return moment


def _number(text: str, column: str, line: int, skipped: list[Skipped]) -> float | None:
    try:
        return float(text)
    except ValueError:
        skipped.append(Skipped(line=line, reason=f"{column}: {text!r} is no number"))
        return None
