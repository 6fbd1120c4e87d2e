"""JSON as strictly as RFC 8259 allows: one reading only, bounded, nothing guessed."""

import json
import re
from collections import Counter
from typing import Any

import msgspec

from orderwatch.domain.errors import Unreadable

_BOM = b"\xef\xbb\xbf"
# Linear whatever the body: nothing is tried twice, and a string without an end reaches to the end of the body.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")
_QUOTE = b'"'
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def parse(body: bytes, *, max_depth: int) -> Any:  # noqa: ANN401  (any JSON)
    """Return the JSON value that `body` is.

    Raises:
        Unreadable: not JSON in UTF-8, nested deeper than `max_depth`, a key doubled, a number that is none.
    """
    if not body or body.isspace():
        raise Unreadable("The body is empty; it must be JSON.")
    if body.startswith(_BOM):
        raise Unreadable("The body begins with a byte order mark; send UTF-8 without one (RFC 8259, section 8.1).")
    if body.count(b"[") + body.count(b"{") > max_depth:
        _check_depth(body, max_depth)
    try:
        value = _decode(body)
    except UnicodeDecodeError as error:
        raise Unreadable("The body is not UTF-8.") from error
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Unreadable(f"The body is not JSON: {error}.") from error
    _check_keys(body, value)
    return value


def _check_depth(body: bytes, max_depth: int) -> None:
    # Brackets within strings are none. Before any parser that recurses: that one's stack must not decide.
    depth = 0
    for bracket in _BRACKET.findall(_STRING.sub(b"", body)):
        depth += 1 if bracket in b"[{" else -1
        if depth > max_depth:
            raise Unreadable(f"The body is nested deeper than {max_depth} levels.")


def _check_keys(body: bytes, value: Any) -> None:  # noqa: ANN401  (any JSON)
    # A body that is written as we would write it has lost no key. Else, without backslashes each text stands between
    # two quotes that nothing else has, and the value written anew has as many, unless one of two keys is lost. So both
    # are exact, and take a third of the other way's time.
    again = _encode(value)
    if again == body or (b"\\" not in body and body.count(_QUOTE) == again.count(_QUOTE)):
        return
    try:
        json.loads(body, object_pairs_hook=_once)
    except RecursionError as error:
        raise Unreadable("The body is nested too deep.") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        counts = Counter(name for name, _ in pairs)
        doubled = next(name for name in found if counts[name] > 1)
        raise Unreadable(f"The key “{doubled[:60]}” stands twice in one object.")
    return found
