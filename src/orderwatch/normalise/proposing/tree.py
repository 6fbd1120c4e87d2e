"""A sample payload as places with JMESPath expressions."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import cast

from msgspec import Struct

from orderwatch.domain.proposals import SampleField, Shape
from orderwatch.normalise.bodies import Json

MOST = 400
"""Places of one sample; what lies beyond is not looked at."""
_DEEPEST = 8
_SHOWN = 120
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


class Place(Struct, frozen=True):
    """One key or entry of the sample."""

    path: str
    names: tuple[str, ...]
    """The keys that lead to it, the last one its own; numbers of entries are left out."""
    value: Json
    depth: int
    name: str


def places_of(value: Json) -> list[Place]:
    """Return the places of `value`, which is where an event begins, each before its parts."""
    found: list[Place] = []
    for place in _walk(value, "", (), 0):
        if len(found) == MOST:
            break
        found.append(place)
    return found


def as_field(place: Place) -> SampleField:
    """Return `place` as it is shown."""
    shape = _shape(place.value)
    has_parts = shape in {"object", "list"}
    return SampleField(
        path=place.path,
        name=place.name,
        depth=place.depth,
        shape=shape,
        value=None if has_parts else _shown(place.value),
        size=len(place.value) if has_parts else 0,
    )


def key_path(before: str, key: str) -> str:
    """Return the expression of `key` after the expression `before`."""
    own = key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)
    return f"{before}.{own}" if before else own


def _walk(value: Json, path: str, names: tuple[str, ...], depth: int) -> Iterator[Place]:
    if depth >= _DEEPEST:
        return
    if isinstance(value, dict):
        for key, inner in cast("dict[str, Json]", value).items():
            yield from _with_parts(inner, key_path(path, key), (*names, key), depth, key)
    elif isinstance(value, list):
        # One entry tells how all of them are; of numbers and texts each may be a field of its own.
        entries = cast("list[Json]", value)
        seen = entries[:1] if any(isinstance(entry, dict) for entry in entries) else entries[:4]
        for number, inner in enumerate(seen):
            yield from _with_parts(inner, f"{path}[{number}]", names, depth, f"[{number}]")


def _with_parts(value: Json, path: str, names: tuple[str, ...], depth: int, name: str) -> Iterator[Place]:
    yield Place(path, names, value, depth, name)
    yield from _walk(value, path, names, depth + 1)


def _shape(value: Json) -> Shape:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "list"
    return "text" if isinstance(value, str) else "number"


def _shown(value: Json) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
