"""JSON bodies, decoded without floats: what a sender wrote as 12.50 stays 12.50."""

from decimal import Decimal
from typing import Any, TypeAlias, cast

import msgspec

from orderwatch.domain.errors import Unreadable
from orderwatch.domain.receipts import Receipt

Json: TypeAlias = Any
"""Whatever a JSON text may hold, fractions as Decimal."""
MAX_DEPTH = 200
"""Of what is kept of a body under `Event.data`. Intake's own bound is lower; this one spares the stack."""
_MAX_EXPONENT = 400


def read_number(text: str) -> Decimal | str:
    """Return the number that `text` writes; `text` itself where nothing could work with that number.

    Numbers beyond 10^±400 would take memory without end once they are written out.
    """
    try:
        number = Decimal(text)
    except ArithmeticError:
        return text
    return number if number.is_finite() and abs(number.adjusted()) <= _MAX_EXPONENT else text


_decode = msgspec.json.Decoder(float_hook=read_number).decode


def decode(body: bytes) -> Json:
    """Return the JSON value in `body`, fractions as Decimal.

    Raises:
        Unreadable: it is no JSON.
    """
    try:
        return _decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as fault:
        raise Unreadable(f"The body is no JSON: {fault}.") from fault


def decode_object(receipt: Receipt) -> dict[str, Json]:
    """Return the JSON object that is the receipt's body.

    Raises:
        Unreadable: it is no JSON object.
    """
    body = decode(receipt.body)
    if not isinstance(body, dict):
        raise Unreadable("The body is no JSON object.")
    return cast("dict[str, Json]", body)


def plain(value: Json, depth: int = 0) -> Json:
    """Return `value` with each Decimal as the JSON number that it was, or as text where a float would round it.

    Raises:
        Unreadable: it is nested too deep to be kept.
    """
    if isinstance(value, str | int):  # nearly all
        return value
    if isinstance(value, Decimal):
        number = float(value)
        return number if Decimal(repr(number)) == value else str(value)
    if isinstance(value, dict | list) and depth >= MAX_DEPTH:
        raise Unreadable(f"The body is nested deeper than {MAX_DEPTH} levels.")
    if isinstance(value, dict):
        return {key: plain(inner, depth + 1) for key, inner in cast("dict[str, Json]", value).items()}
    if isinstance(value, list):
        return [plain(inner, depth + 1) for inner in cast("list[Json]", value)]
    return value
