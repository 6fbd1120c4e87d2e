"""Single values as senders write them: ids, texts, numbers, places. Each reader raises ValueError for what is none."""

import re
from decimal import Decimal
from functools import lru_cache

ID_LENGTH = 255
"""Characters of an id; a longer one is refused, for cut short it could be another's."""
TEXT_LENGTH = 2000
"""Characters of a text for people; the rest is cut off."""
_MAX_DIGITS = 40
_MAX_BITS = 1024  # of an id that came as a number: far past ID_LENGTH, and Python refuses to write out much more
_PLAIN = re.compile(r"-?[1-9]\d{0,14}(\.\d{1,6})?", re.ASCII)
_BIG = 10**15
_SMALLEST = -6  # powers of ten: what is smaller Decimal writes with an exponent, and nobody pays or orders so little


def read_id(value: object) -> str | None:
    """Return an id as text, None for an empty one. 12 and 12.0 are ``12``, 1e3 is ``1000``.

    Control characters stay as they were sent, so that the id can be asked for as its sender knows it. NUL alone, which
    PostgreSQL cannot keep, becomes its picture ␀.
    """
    text = value if isinstance(value, str) else _written(value)
    if len(text) > ID_LENGTH:
        raise ValueError(f"longer than {ID_LENGTH} characters")
    return _without_nul(text) if text.strip() else None


def read_text(value: object) -> str | None:
    """Return a text for people, None for an empty one; numbers are taken as they are written."""
    text = value.strip() if isinstance(value, str) else _written(value)
    return _without_nul(text[:TEXT_LENGTH]) or None


def read_decimal(value: object) -> Decimal:
    """Return a number exactly as it was written, but without an exponent; zeros at its end stay."""
    # Nearly all are as plain as these, and a body may hold thousands.
    if type(value) is int and -_BIG < value < _BIG:
        return Decimal(value)
    if type(value) is str and (plain := _plain(value)) is not None:
        return plain
    number = _number(value)
    if _PLAIN.fullmatch(str(number)):
        return number
    digits = number.as_tuple().digits
    if not number.is_finite() or number.adjusted() > _MAX_DIGITS or len(digits) > _MAX_DIGITS:
        raise ValueError("not a number that can be meant")
    if number.is_zero():
        return number.copy_abs() if _SMALLEST <= number.adjusted() <= 0 else Decimal(0)
    if number.adjusted() < _SMALLEST:
        raise ValueError("not a number that can be meant")
    # 1E+3 is written out; adding zeros changes no value.
    return Decimal(format(number, "f")) if number.as_tuple().exponent > 0 else number  # pyright: ignore[reportOperatorIssue]


# A memo of a pure function, since a menu has the same few prices; senders choose the texts, so it is bounded.
@lru_cache(maxsize=4096)
def _plain(text: str) -> Decimal | None:
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def read_place(lat: object, lon: object) -> tuple[float, float]:
    """Return latitude and longitude in degrees."""
    return _degrees(lat, limit=90), _degrees(lon, limit=180)


def _degrees(value: object, *, limit: int) -> float:
    number = _number(value)
    if not number.is_finite() or abs(number) > limit:
        raise ValueError("not on the earth")
    return float(number)


def _number(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str) and ("_" in value or len(value) > 2 * _MAX_DIGITS):
        raise ValueError("not a number")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("not a number")  # noqa: TRY004  (one error for whatever is unfit)
    try:
        return Decimal(repr(value) if isinstance(value, float) else value)
    except ArithmeticError as fault:
        raise ValueError("not a number") from fault


def _written(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= _MAX_BITS:
        return str(value)
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal) and value.is_finite():
        return str(int(value)) if value == int(value) else format(value, "f")
    raise ValueError("neither text nor number")


def _without_nul(text: str) -> str:
    return text.replace("\0", "␀") if "\0" in text else text
