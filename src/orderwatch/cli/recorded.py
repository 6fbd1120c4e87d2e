"""Recorded events for a backtest: from a file in the generic format, or from the journal."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from orderwatch.domain.errors import BadInput, BadMapping, Unreadable
from orderwatch.domain.receipts import Receipt, ReceiptKind
from orderwatch.journal.ports import Journal
from orderwatch.kit.clock import Clock, SystemClock
from orderwatch.normalise.fields import read_order_id
from orderwatch.normalise.reader import Reader
from orderwatch.normalise.times import read_time
from orderwatch.normalise.values import read_id, read_text
from orderwatch.normalise.words import event_type
from orderwatch.rules.calendar import minute_of
from orderwatch.rules.recording import Recording

_TOLD = 5
_BOM = b"\xef\xbb\xbf"
_AT_ONCE = 2000


class Line(Struct, frozen=True):
    """What a backtest needs of an event. Anything may stand anywhere: it comes from outside."""

    event_type: Any = None
    type: Any = None
    order_id: Any = None
    event_id: Any = None
    id: Any = None
    occurred_at: Any = None
    source: Any = None
    store_id: Any = None
    region: Any = None


class Reading(Struct, kw_only=True):
    """What was read, and what was not."""

    recording: Recording = msgspec.field(default_factory=Recording)
    read: int = 0
    duplicates: int = 0
    skipped: int = 0
    reasons: list[str] = []
    """Why, for the first ones."""
    seconds: float = 0.0
    """What reading took."""

    def skip(self, where: str, reason: str) -> None:
        """Leave one out."""
        self.skipped += 1
        if len(self.reasons) < _TOLD:
            self.reasons.append(f"{where}: {reason}")


def read_lines(lines: Iterable[bytes], *, zone: str | None, source: str = "default") -> Reading:
    """Read events in the generic format, one a line, in any order, each received when it occurred.

    Events without a source of their own are of `source`; times without a zone are in `zone`.
    """
    reading = Reading()
    decode = msgspec.json.Decoder(Line).decode
    known: set[int] = set()
    add = reading.recording.add
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            line = decode(text.removeprefix(_BOM) if number == 1 else text)
            word = line.event_type if line.event_type is not None else line.type
            kind = event_type(_word(word))
            read_order_id(line.order_id, kind=kind)
            minute = minute_of(_moment(line.occurred_at, zone))
            sender = _word(line.source) if line.source else source
            origin = (sender, _plain(line.region, read_text), _plain(line.store_id, read_id))
        except (msgspec.MsgspecError, Unreadable, ValueError) as fault:
            reading.skip(f"line {number}", _reason(fault))
            continue
        event_id = line.event_id if line.event_id is not None else line.id
        identity = hash((sender, str(event_id))) if event_id is not None else hash(text)
        if identity in known:
            reading.duplicates += 1
            continue
        known.add(identity)
        reading.read += 1
        add(kind, origin=origin, minute=minute)
    return reading


def read_file(path: Path, *, zone: str | None) -> Reading:
    """Read a file of events in the generic format, one a line.

    Raises:
        BadInput: nothing in it is an event.
    """
    clock = SystemClock()
    started = clock.monotonic()
    with path.open("rb") as lines:
        reading = read_lines(lines, zone=zone)
    reading.seconds = clock.monotonic() - started
    if not reading.read:
        why = f" {reading.reasons[0]}" if reading.reasons else ""
        raise BadInput(
            f"{path} holds no event.{why} Each line should be one, such as "
            '{"event_type": "order_created", "order_id": "A-1", "occurred_at": "2026-11-24T19:32:08+09:00"}'
        )
    return reading


async def read_journal(
    journal: Journal, reader: Reader, clock: Clock, *, as_occurred: bool, progress: Callable[[int], None]
) -> Reading:
    """Read the events of the journal, each when it was received, or `as_occurred`, when it says it happened.

    Raises:
        BadInput: the journal holds none.
    """
    reading, after, started = Reading(), 0, clock.monotonic()
    while receipts := await journal.read(after=after, limit=_AT_ONCE):
        for receipt in receipts:
            _take(reading, receipt, reader, as_occurred=as_occurred)
        after = receipts[-1].position
        progress(after)
        await clock.sleep(0)
    reading.seconds = clock.monotonic() - started
    if not reading.read:
        raise BadInput("The journal holds no event yet. Give a file with --events, or another store with --data.")
    return reading


def _take(reading: Reading, receipt: Receipt, reader: Reader, *, as_occurred: bool) -> None:
    if receipt.kind is ReceiptKind.DUPLICATE:
        reading.duplicates += 1
    if receipt.kind is not ReceiptKind.EVENT:
        return
    try:
        events = reader.read(receipt)
    except (BadMapping, Unreadable) as fault:
        reading.skip(f"receipt {receipt.position}", fault.message)
        return
    for event in events:
        reading.read += 1
        origin = (event.source, event.region, event.store_id)
        moment = event.occurred_at if as_occurred else event.received_at
        reading.recording.add(event.type, origin=origin, minute=minute_of(moment))


def _word(value: object) -> str:
    word = None if value is None else read_id(value)
    if not word:
        raise ValueError("The event has no type.")
    return word


def _moment(value: object, zone: str | None) -> datetime:
    if value is None:
        raise ValueError("The event has no occurred_at.")
    try:
        return read_time(Decimal(str(value)) if isinstance(value, float) else value, zone=zone)
    except (ValueError, ArithmeticError) as fault:
        raise ValueError(f"occurred_at is no time: {value!r:.80}") from fault


def _plain(value: object, read: Callable[[object], object]) -> str | None:
    """Return a text as `read` finds it; what cannot be read is not there, as when it is received."""
    if value is None or value == "":
        return None
    try:
        found = read(value)
    except ValueError:
        return None
    return found if isinstance(found, str) and found else None


def _reason(fault: Exception) -> str:
    return "It is no JSON object." if isinstance(fault, msgspec.MsgspecError) else str(fault)
