"""Times as senders write them."""

import contextlib
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from orderwatch.kit.clock import EPOCH

# What lies outside is a placeholder (year 1, year 9999) or a fault, never the time of a delivery.
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)

_UNIX = re.compile(r"\d{9,20}(\.\d{1,20})?", re.ASCII)
# From which magnitude on a Unix time is in ns, µs, ms. Each begins in 1973, where the one below it is in the year 5138.
_UNITS = ((Decimal(10) ** 17, 1000), (Decimal(10) ** 14, 1), (Decimal(10) ** 11, Decimal("0.001")))
_SECONDS = Decimal("0.000001")
_LONGEST = 64
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]00:00(?::00(?:\.0+)?)?(Z|z|[+-]\d\d:?\d\d)?)?", re.ASCII)


def read_time(value: object, *, zone: str | None) -> datetime:
    """Return the UTC time that `value` is: ISO 8601 text, or a Unix time in s, ms, µs or ns, told by its magnitude.

    Text without a zone is taken as local time in the IANA zone `zone`. Fractions below a microsecond are cut off.

    Raises:
        ValueError: it is no time, an impossible one, or has no zone and `zone` is None.
    """
    if isinstance(value, str):
        text = value.strip()
        moment = _unix(Decimal(text)) if _UNIX.fullmatch(text) else _iso(text, zone)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        moment = _unix(Decimal(value))
    else:
        raise ValueError("not a time")  # noqa: TRY004  (one error for whatever is unfit)
    if not EARLIEST <= moment < LATEST:
        raise ValueError("not a time that can be meant")
    return moment


def read_local(value: object, *, zone: str | None, formats: tuple[str, ...]) -> object:
    """Return `value` as a text with its zone, where it is a time in one of `formats` or lacks a zone; else as it is."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return value
    text = value.strip()
    for form in formats:
        with contextlib.suppress(ValueError):
            moment = datetime.strptime(text, form)  # noqa: DTZ007  (the zone follows)
            return _with_zone(moment, zone).isoformat() if zone or moment.tzinfo else moment.isoformat()
    try:
        moment = None if zone is None or _UNIX.fullmatch(text) else datetime.fromisoformat(text)
        return value if moment is None or moment.tzinfo else _with_zone(moment, zone).isoformat()
    except ValueError:
        return value


def end_of_day(value: object, *, zone: str | None) -> object:
    """Return the last second of the day that `value` names, by a date alone or by its midnight; else `value` itself.

    A day without a zone is one of `zone`, else of UTC: then it may end half a day too early or too late.
    """
    day = _DAY.fullmatch(value.strip()) if isinstance(value, str) and len(value) <= _LONGEST else None
    if day is None:
        return value
    end = f"{day[1]}T23:59:59"
    return f"{end}{day[2] or ''}" if day[2] or zone else f"{end}Z"


def _with_zone(moment: datetime, zone: str | None) -> datetime:
    return moment if moment.tzinfo or zone is None else moment.replace(tzinfo=_zone(zone))


def _unix(number: Decimal) -> datetime:
    for limit, unit in _UNITS:
        if number >= limit:
            return _from_micros(number / unit)
    return _from_micros(number / _SECONDS)


def _from_micros(micros: Decimal) -> datetime:
    try:
        return EPOCH + timedelta(microseconds=int(micros))
    except OverflowError as fault:
        raise ValueError("not a time that can be meant") from fault


def _iso(text: str, zone: str | None) -> datetime:
    if len(text) > _LONGEST:
        raise ValueError("too long for a time")
    # The parser knows "T" and "Z" as capitals only; RFC 3339 allows both.
    moment = datetime.fromisoformat(text if text[-1:] != "z" else text.upper())
    if moment.tzinfo is None:
        if zone is None:
            raise ValueError("no zone")
        moment = moment.replace(tzinfo=_zone(zone))
    elif moment.tzinfo is UTC:
        return moment
    try:
        return moment.astimezone(UTC)
    except OverflowError as fault:
        raise ValueError("not a time that can be meant") from fault


# A memo: looking a zone up asks the file system.
@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError) as fault:
        raise ValueError("no such zone") from fault
