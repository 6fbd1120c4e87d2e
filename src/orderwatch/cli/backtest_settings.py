"""What a backtest is told: its span, its warm-up, the rules' settings."""

import re
import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Struct

from orderwatch.domain.errors import BadSettings
from orderwatch.normalise.times import read_time
from orderwatch.rules.flow_settings import FlowSettings

_SPAN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(d|h|m|min)\s*", re.ASCII)
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "min": "minutes"}


class Wish(Struct, frozen=True, kw_only=True):
    """What part of the recording to look at; None where the recording says."""

    begin: datetime | None = None
    until: datetime | None = None
    warmup: timedelta | None = None


def read_wish(*, begin: str | None, until: str | None, warmup: str | None, zone: str) -> Wish:
    """Return the wish; times without a zone are in `zone`.

    Raises:
        BadSettings: with all that is no time or no duration.
    """
    faults: list[str] = []
    wish = Wish(
        begin=_moment("--from", begin, zone, faults),
        until=_moment("--to", until, zone, faults),
        warmup=_duration(warmup, faults),
    )
    if wish.begin and wish.until and wish.until <= wish.begin:
        faults.append(f"--to {until}: should be later than --from {begin}")
    if faults:
        raise BadSettings(faults)
    return wish


def read_rules(path: Path | None, *, zone: str | None) -> FlowSettings:
    """Return the rules' settings from a TOML or JSON file, `zone` before the file's own; the defaults without one.

    Raises:
        BadSettings: a key that there is not, or a value that cannot be.
    """
    told = _read(path) if path is not None else {}
    if zone is not None:
        told["zone"] = zone
    try:
        flow = msgspec.convert(told, FlowSettings)
    except msgspec.ValidationError as fault:
        raise BadSettings([f"{path}: {fault}. docs/detection.md lists the keys"]) from fault
    try:
        ZoneInfo(flow.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise BadSettings([f"zone {flow.zone!r}: no such time zone; write it as Asia/Seoul"]) from fault
    return flow


def _read(path: Path) -> dict[str, object]:
    text = path.read_bytes()
    try:
        found: object = msgspec.json.decode(text) if path.suffix.lower() == ".json" else tomllib.loads(text.decode())
        told = msgspec.convert(found, dict[str, object])
        # The rules' settings may be a part of a larger file.
        return msgspec.convert(told.get("flow", told), dict[str, object])
    except (msgspec.MsgspecError, tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise BadSettings(
            [f"{path}: should hold keys and values in TOML or JSON, such as drop_share = 0.3; {fault}"]
        ) from fault


def _moment(option: str, text: str | None, zone: str, faults: list[str]) -> datetime | None:
    if text is None:
        return None
    try:
        return read_time(text, zone=zone)
    except ValueError:
        faults.append(f"{option} {text}: should be a time such as 2026-11-24 or 2026-11-24T19:32:08+09:00")
        return None


def _duration(text: str | None, faults: list[str]) -> timedelta | None:
    if text is None:
        return None
    found = _SPAN.fullmatch(text)
    if found is None:
        faults.append(f"--warmup {text}: should be a number of days, hours or minutes, such as 15d, 36h or 90m")
        return None
    try:
        return timedelta(**{_UNITS[found[2]]: float(found[1])})
    except OverflowError:
        faults.append(f"--warmup {text}: is longer than any recording")
        return None
