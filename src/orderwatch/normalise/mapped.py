"""One event out of one JSON object, by a source's `Mapping`: for every provider whose fields are found by JMESPath."""

import re
from collections.abc import Mapping as AnyMapping
from functools import lru_cache
from typing import cast

import msgspec

from orderwatch.domain.errors import BadMapping, Unreadable
from orderwatch.domain.events import Event, EventType
from orderwatch.domain.receipts import Receipt
from orderwatch.domain.sources import Mapping, Source
from orderwatch.normalise.bodies import Json
from orderwatch.normalise.expressions import search
from orderwatch.normalise.fields import FIELDS, PARTS, make_event, read_order_id, read_word
from orderwatch.normalise.words import event_type

_QUOTED = re.compile(r'\s*("(?:[^"\\]|\\.)*")\s*')
_string = msgspec.json.Decoder(str).decode
_BARE = re.compile(r"\s*\w+(?:\s*\|\|\s*\w+)*\s*", re.ASCII)


def read_mapped(
    entry: Json,
    *,
    source: Source,
    receipt: Receipt,
    index: int = 0,
    word: Json = None,
    happened: Json = None,
    beside: AnyMapping[str, Json] | None = None,
) -> Event:
    """Return the event that `entry` is.

    `word` and `happened` are its type and time where the body's envelope holds them; the entry's own time stands
    before `happened`. `beside` are unknown keys of that envelope, to be kept.

    Raises:
        BadMapping: an expression or a word of the mapping is wrong.
        Unreadable: it is no object, or has no type or no order id where it must have one.
    """
    if not isinstance(entry, dict):
        raise Unreadable("The event is no JSON object.")
    entry = cast("dict[str, Json]", entry)
    mapping = source.mapping
    said = read_word(search(mapping.event_type, entry) if word is None else word)
    kind = meaning(said, mapping.statuses)
    fields = _fields(entry, mapping)
    if fields.get("occurred_at") is None:
        fields["occurred_at"] = happened
    return make_event(
        fields,
        source=source,
        receipt=receipt,
        word=said,
        kind=kind,
        order_id=read_order_id(search(mapping.order_id, entry), kind=kind),
        rest={**(beside or {}), **_rest(entry, mapping, typed=word is None)},
        index=index,
    )


def meaning(word: str, statuses: AnyMapping[str, str]) -> EventType:
    """Return what a sender's `word` means: by `statuses` (in any case), else by the words that everybody uses.

    Raises:
        BadMapping: `statuses` gives it a meaning that is no event type.
    """
    meant = statuses.get(word)
    if meant is None:
        folded = word.casefold()
        meant = next((value for key, value in statuses.items() if key.casefold() == folded), None)
    if meant is None:
        return event_type(word)
    kind = event_type(meant)
    if kind is EventType.UNKNOWN and meant.casefold() != EventType.UNKNOWN:
        raise BadMapping(f"The mapping takes “{word}” for “{meant}”, which is no event type.")
    return kind


def _fields(entry: dict[str, Json], mapping: Mapping) -> dict[str, Json]:
    fields = {name: entry[name] for name in FIELDS if name in entry}
    # Whole fields first, so that a part can be laid over its whole.
    for path in sorted(mapping.fields, key=lambda path: "." in path):
        name, dot, part = path.partition(".")
        if name not in FIELDS or (dot and part not in PARTS.get(name, ())):
            raise BadMapping(f"The mapping names the field “{path}”, which there is not.")
        found = search(mapping.fields[path], entry)
        if dot:
            whole = fields.get(name)
            fields[name] = {**(cast("dict[str, Json]", whole) if isinstance(whole, dict) else {}), part: found}
        else:
            fields[name] = found
    return fields


def _rest(entry: dict[str, Json], mapping: Mapping, *, typed: bool) -> dict[str, Json]:
    """Return the keys of `entry` that no field has taken whole."""
    taken = {name for name in FIELDS if name not in mapping.fields}
    expressions = (mapping.order_id, mapping.event_id, mapping.event_type if typed else None, *mapping.fields.values())
    for expression in expressions:
        # Of “a || b” the first that holds something is taken, as JMESPath does.
        taken.add(next((name for name in _bare_names(expression) if entry.get(name)), ""))
    return {key: value for key, value in entry.items() if key not in taken}


# A memo of a pure function.
@lru_cache(maxsize=1024)
def _bare_names(expression: str | None) -> tuple[str, ...]:
    """Return the keys that an expression such as ``event_type || type`` may take; none for any other."""
    if expression is None:
        return ()
    if quoted := _QUOTED.fullmatch(expression):
        # A JSON string, by JMESPath's grammar: how a Korean key is written.
        return (_string(quoted[1]),)
    if not _BARE.fullmatch(expression):
        return ()
    return tuple(name.strip() for name in expression.split("||"))
