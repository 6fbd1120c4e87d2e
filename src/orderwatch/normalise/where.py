"""Finds a value where a provider's file says it is."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias, cast
from urllib.parse import parse_qs, unquote, urlsplit

from msgspec import Struct

from orderwatch.domain.errors import BadMapping
from orderwatch.domain.presets import Where
from orderwatch.domain.providers import HeaderLookup
from orderwatch.normalise.bodies import Json
from orderwatch.normalise.expressions import compile_expression, search

_PLAIN = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*", re.ASCII)
_PREFIX = "/in/"


class Ground(Struct, frozen=True):
    """What a request offers for the search."""

    entry: Json
    """The event."""
    body: Json
    headers: HeaderLookup
    path: str
    """The request's path with its query, as received."""


Finder: TypeAlias = Callable[[Ground], Json]


def find_first(where: Where | None) -> Finder:
    """Return what finds the first of `where` that is neither missing nor empty.

    Raises:
        BadMapping: one of them is no JMESPath. What is returned raises it where an expression fails on a body.
    """
    texts = (where,) if isinstance(where, str) else where or ()
    finders = tuple(map(_finder, texts))
    if len(finders) == 1:
        return finders[0]

    def first(ground: Ground) -> Json:
        for find in finders:
            found = find(ground)
            if found is not None and found != "":
                return found
        return None

    return first


def path_parts(path: str) -> tuple[str, ...]:
    """Return the parts of a request's path after the source's own address."""
    plain = path.partition("?")[0]
    rest = plain[len(_PREFIX) :].partition("/")[2] if plain.startswith(_PREFIX) else ""
    return tuple(unquote(part) for part in rest.split("/") if part)


def query_value(path: str, name: str) -> str | None:
    """Return the one value of a query's parameter; None where it is missing or doubled."""
    values = parse_qs(urlsplit(path).query, keep_blank_values=True).get(name, [])
    return values[0] if len(values) == 1 else None


# A memo of a pure function: providers' files are few, and read once.
@lru_cache(maxsize=4096)
def _finder(text: str) -> Finder:
    kind, colon, rest = text.partition(":")
    make = _KINDS.get(kind) if colon else None
    return make(rest) if make else _in_entry(text)


def _in_entry(expression: str) -> Finder:
    find = _searcher(expression)
    return lambda ground: find(ground.entry)


def _in_body(expression: str) -> Finder:
    find = _searcher(expression)
    return lambda ground: find(ground.body)


def _in_header(name: str) -> Finder:
    key = name.strip().lower()
    return lambda ground: ground.headers.get(key)


def _in_query(name: str) -> Finder:
    return lambda ground: query_value(ground.path, name)


def _in_path(number: str) -> Finder:
    if not number.isdigit() or int(number) < 1:
        raise BadMapping(f"“path:{number}” should have a number from 1 on.")
    at = int(number) - 1

    def find(ground: Ground) -> Json:
        parts = path_parts(ground.path)
        return parts[at] if at < len(parts) else None

    return find


def _constant(word: str) -> Finder:
    return lambda _ground: word


_KINDS: dict[str, Callable[[str], Finder]] = {
    "body": _in_body,
    "header": _in_header,
    "query": _in_query,
    "path": _in_path,
    "text": _constant,
}


def _searcher(expression: str) -> Callable[[Json], Json]:
    """Return a search; one for keys with dots between them, which is nearly all, does without the interpreter."""
    if not _PLAIN.fullmatch(expression):
        compile_expression(expression)
        return lambda value: search(expression, value)
    keys = tuple(expression.split("."))

    def walk(value: Json) -> Json:
        for key in keys:
            if not isinstance(value, dict):
                return None
            value = cast("dict[str, Json]", value).get(key)
        return value

    return walk
