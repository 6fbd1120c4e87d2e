"""What a value looks like."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import cast

from orderwatch.normalise.bodies import Json
from orderwatch.normalise.proposing.meanings import guess_meaning
from orderwatch.normalise.times import read_time
from orderwatch.normalise.values import read_decimal, read_id, read_place

_CODES = "KRW USD EUR GBP JPY CNY AUD CAD CHF SEK NOK DKK PLN BRL MXN INR SGD HKD THB VND PHP"
_CURRENCIES = frozenset(_CODES.split())
_PHONE = re.compile(r"[+(]?\d[\d\s().*-]{6,18}\d", re.ASCII)
_LONGEST_WORD = 60


def _is_time(value: Json) -> bool:
    try:
        read_time(value, zone="UTC")
    except ValueError:
        return False
    return True


def _is_id(value: Json) -> bool:
    try:
        return not isinstance(value, bool) and read_id(value) is not None
    except ValueError:
        return False


def _is_number(value: Json) -> bool:
    if isinstance(value, bool):
        return False
    try:
        read_decimal(value)
    except ValueError:
        return False
    return True


def _is_word(value: Json) -> bool:
    return _is_id(value) and len(str(value)) <= _LONGEST_WORD and not (isinstance(value, str) and _is_time(value))


def _is_status(value: Json) -> bool:
    return isinstance(value, str) and guess_meaning(value) is not None


def _is_degrees(value: Json, *, lat: bool) -> bool:
    try:
        read_place(value if lat else 0, 0 if lat else value)
    except ValueError:
        return False
    return not isinstance(value, bool)


def _is_exact_degrees(value: Json) -> bool:
    # 3 may be anything; 37.5665 hardly.
    return isinstance(value, Decimal) or (isinstance(value, str) and "." in value)


def _is_text(value: Json) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_list_of_objects(value: Json) -> bool:
    entries = cast("list[Json]", value) if isinstance(value, list) else []
    return bool(entries) and all(isinstance(one, dict) for one in entries)


CAN_BE: Mapping[str, Callable[[Json], bool]] = {
    "event_type": _is_word,
    "order_id": _is_id,
    "event_id": _is_id,
    "occurred_at": _is_time,
    "promised_at": _is_time,
    "eta": _is_time,
    "store_id": _is_id,
    "region": _is_text,
    "total": _is_number,
    "currency": lambda value: isinstance(value, str) and value.strip().upper() in _CURRENCIES,
    "items": _is_list_of_objects,
    "reason": _is_text,
    "courier.id": _is_id,
    "customer.address": _is_text,
    **dict.fromkeys(("courier.name", "customer.name"), _is_text),
    **dict.fromkeys(("courier.phone", "customer.phone"), lambda value: _is_id(value) and not isinstance(value, bool)),
    **dict.fromkeys(("courier.lat", "customer.lat"), lambda value: _is_degrees(value, lat=True)),
    **dict.fromkeys(("courier.lon", "customer.lon"), lambda value: _is_degrees(value, lat=False)),
}
"""What a field needs of a value."""

LOOKS: Mapping[str, tuple[str, Callable[[Json], bool]]] = {
    "event_type": ("status", _is_status),
    **dict.fromkeys(("occurred_at", "promised_at", "eta"), ("time", _is_time)),
    "total": ("number", _is_number),
    "currency": ("currency", CAN_BE["currency"]),
    "items": ("items", _is_list_of_objects),
    **dict.fromkeys(
        ("courier.phone", "customer.phone"),
        ("phone", lambda value: isinstance(value, str) and _PHONE.fullmatch(value.strip()) is not None),
    ),
    **dict.fromkeys(("courier.lat", "customer.lat"), ("latitude", _is_exact_degrees)),
    **dict.fromkeys(("courier.lon", "customer.lon"), ("longitude", _is_exact_degrees)),
}
"""What in a value speaks for a field, beyond that it can be one."""
