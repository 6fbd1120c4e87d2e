"""Reads what a platform sends by the ``[event]`` and ``[[case]]`` tables of its ``provider.toml``."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import cast

from msgspec import Struct

from orderwatch.domain.errors import BadMapping, Unreadable
from orderwatch.domain.events import Event, EventType
from orderwatch.domain.presets import Case, Reading, Where
from orderwatch.domain.receipts import Receipt
from orderwatch.domain.sources import Source
from orderwatch.normalise.bodies import Json
from orderwatch.normalise.fields import FIELDS, PARTS, make_event, needs_order, read_order_id, unread_event
from orderwatch.normalise.meanings import Words, known
from orderwatch.normalise.money import to_major
from orderwatch.normalise.times import end_of_day, read_local
from orderwatch.normalise.values import read_id
from orderwatch.normalise.where import Finder, Ground, find_first

MAX_EVENTS = 10_000
"""Of one body."""
_TIMES = ("occurred_at", "promised_at", "eta")
_EXPECTED = ("promised_at", "eta")
_JOINT = "\x1f"
"""Between the parts of a composite id: no platform has it in one."""


class _Branch(Struct, frozen=True, kw_only=True):
    """One way to read an event: the usual one, or that of a case."""

    types: tuple[str, ...]
    when: Finder | None
    means: EventType | None
    status: Finder
    order_id: Finder
    minor: bool
    fields: tuple[tuple[str, str, Finder], ...]
    """Field, part (or nothing), where."""
    statuses: Words
    taken: frozenset[str]
    """Keys of the event that a field has taken whole."""


class _Said(Struct, frozen=True):
    """What an entry says before its fields are read."""

    branch: _Branch
    word: str
    kind: EventType


class DeclaredReader:
    """Reads by tables. Stateless."""

    def __init__(self, reading: Reading, cases: Sequence[Case] = ()) -> None:
        """Compile the tables.

        Raises:
            BadMapping: an expression, a field or an event type in them is none.
        """
        self._reading = reading
        self._type = find_first(reading.type)
        self._event_id = find_first(reading.event_id)
        self._dedupe = tuple(map(find_first, reading.dedupe))
        self._each = find_first(reading.each) if reading.each else None
        self._types = Words(reading.types)
        self._usual = _branch(reading, Case())
        self._cases = [_branch(reading, case) for case in cases]

    def event_id(self, ground: Ground) -> str | None:
        """Return what makes the request the same as another; None where only its body can tell.

        Raises:
            Unreadable: nothing in it is an event that can be understood as one.
        """
        try:
            entries = self._entries(ground)
            for entry in entries[:1]:
                said = self._said(entry)
                self._order_ids(entry, said)
            return _text(self._event_id(ground)) or self._composite(entries[0] if len(entries) == 1 else ground)
        except BadMapping as fault:
            raise Unreadable(fault.message) from fault

    def read(self, ground: Ground, *, source: Source, receipt: Receipt) -> list[Event]:
        """Return the events in `ground`, in its own order.

        Among several, one that cannot be read becomes UNKNOWN and without an order, and is kept whole in `data`.

        Raises:
            Unreadable: nothing in it could be understood.
        """
        entries = self._entries(ground)
        if len(entries) == 1:
            return self._read(entries[0], source=source, receipt=receipt, index=0)
        events: list[Event] = []
        refusals: list[Unreadable] = []
        for entry in entries:
            try:
                events += self._read(entry, source=source, receipt=receipt, index=len(events))
            except Unreadable as refusal:
                refusals.append(refusal)
                events.append(unread_event(entry.entry, source=source, receipt=receipt, index=len(events)))
        if len(refusals) == len(entries):
            raise refusals[0]
        return events

    def _entries(self, ground: Ground) -> list[Ground]:
        if self._each is None:
            if not isinstance(ground.entry, dict):
                raise Unreadable("The body must be a JSON object.")
            return [ground]
        found = self._each(ground)
        if not isinstance(found, list) or not found:
            raise Unreadable(f"“{self._reading.each}” finds no list of events in the body.")
        entries = cast("list[Json]", found)
        if len(entries) > MAX_EVENTS:
            raise Unreadable(f"The body holds {len(entries)} events; at most {MAX_EVENTS} are taken.")
        return [Ground(entry, ground.body, ground.headers, ground.path) for entry in entries]

    def _said(self, entry: Ground) -> _Said:
        word = _text(self._type(entry))
        branch = next((case for case in self._cases if _fits(case, entry, word)), self._usual)
        status = _text(branch.status(entry))
        if word is None and status is None:
            raise Unreadable("The event has no type.")
        kind = branch.means or branch.statuses.get(status) or self._types.get(word) or EventType.UNKNOWN
        said = word if status is None or status == word else status if word is None else f"{word} {status}"
        return _Said(branch, said or "", kind)

    def _order_ids(self, entry: Ground, said: _Said) -> list[str | None]:
        raw = said.branch.order_id(entry)
        if said.kind is EventType.UNKNOWN and raw in (None, ""):
            return [None]  # something about the account, perhaps: kept, and no reason to refuse the platform
        separator = self._reading.order_id_separator
        if separator and isinstance(raw, str) and separator in raw and needs_order(said.kind):
            parts = [part.strip() for part in raw.split(separator)]
            return [read_order_id(part, kind=said.kind) for part in parts if part][:MAX_EVENTS] or [None]
        return [read_order_id(raw, kind=said.kind)]

    def _composite(self, entry: Ground) -> str | None:
        try:
            parts = [_text(find(entry)) for find in self._dedupe]
        except BadMapping:
            return None  # an expression that cannot take this body tells nothing apart; the body does
        return _JOINT.join(part for part in parts if part) if parts and all(parts) else None

    def _read(self, entry: Ground, *, source: Source, receipt: Receipt, index: int) -> list[Event]:
        said = self._said(entry)
        fields, faults = self._fields(entry, said.branch)
        if self._reading.days == "end":
            zone = self._reading.zone or source.time_zone
            fields |= {name: end_of_day(fields[name], zone=zone) for name in _EXPECTED if name in fields}
        kept = cast("dict[str, Json]", entry.entry) if isinstance(entry.entry, dict) else {"value": entry.entry}
        rest = {key: value for key, value in kept.items() if key not in said.branch.taken}
        return [
            make_event(
                fields,
                source=source,
                receipt=receipt,
                word=said.word,
                kind=said.kind,
                order_id=order_id,
                rest=rest,
                index=index + number,
                faults=faults,
            )
            for number, order_id in enumerate(self._order_ids(entry, said))
        ]

    def _fields(self, entry: Ground, branch: _Branch) -> tuple[dict[str, Json], tuple[str, ...]]:
        fields: dict[str, Json] = {}
        faults: dict[str, None] = {}
        for name, part, find in branch.fields:
            try:
                found = find(entry)
            except BadMapping:
                faults[f"bad_{name}"] = None  # the rest is understood
                continue
            if found is None or found == "":
                continue
            if part:
                whole = fields.get(name)
                fields[name] = {**(cast("dict[str, Json]", whole) if isinstance(whole, dict) else {}), part: found}
            else:
                fields[name] = self._timed(found) if name in _TIMES else found
        if branch.minor:
            to_major(fields)
        return fields, tuple(faults)

    def _timed(self, value: Json) -> Json:
        zone, formats = self._reading.zone, self._reading.time_formats
        return read_local(value, zone=zone, formats=formats) if zone or formats else value


def _branch(reading: Reading, case: Case) -> _Branch:
    fields = {**reading.fields, **case.fields}
    for path in fields:
        name, dot, part = path.partition(".")
        if name not in FIELDS or (dot and part not in PARTS.get(name, ())):
            raise BadMapping(f"“{path}” is no field of an event.")
    order_id = reading.order_id if case.order_id is None else case.order_id
    names = [reading.type, order_id, reading.event_id, *fields.values()]
    return _Branch(
        types=tuple(pattern.casefold() for pattern in case.type),
        when=find_first(case.when) if case.when else None,
        means=known(case.means) if case.means else None,
        status=find_first(reading.status if case.status is None else case.status),
        order_id=find_first(order_id),
        minor=(case.money or reading.money) == "minor",
        # Whole fields first, so that a part can be laid over its whole.
        fields=tuple(
            (path.partition(".")[0], path.partition(".")[2], find_first(where))
            for path, where in sorted(fields.items(), key=lambda item: "." in item[0])
        ),
        statuses=Words({**reading.statuses, **case.statuses}),
        taken=frozenset(text for where in names for text in _texts(where) if text.isidentifier()),
    )


def _texts(where: Where) -> tuple[str, ...]:
    return (where,) if isinstance(where, str) else where


def _fits(case: _Branch, entry: Ground, word: str | None) -> bool:
    if case.types:
        folded = (word or "").casefold()
        if not any(fnmatchcase(folded, pattern) for pattern in case.types):
            return False
    try:
        return case.when is None or _is_true(case.when(entry))
    except BadMapping:
        return False  # what it cannot take is not what it was written for


def _is_true(found: Json) -> bool:
    return found is not None and found is not False and found not in ("", [], {})


def _text(value: Json) -> str | None:
    """Return a word or an id as text; None for nothing, and for what can be none."""
    try:
        text = None if value is None else read_id(value)
        return text.strip() if text else None
    except ValueError:
        return None
