"""What ``simulate`` sends: webhooks with the moments at which they go."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from msgspec import Struct

from orderwatch.domain.errors import BadSettings
from orderwatch.kit.clock import Clock
from orderwatch.simulate.columns import FIELDS, read_columns
from orderwatch.simulate.deliveries import Reading, Skipped, webhooks_of
from orderwatch.simulate.pace import faster, unruly
from orderwatch.simulate.towns import TOWNS
from orderwatch.simulate.traffic import Plan
from orderwatch.simulate.traffic import simulate as simulate_town
from orderwatch.simulate.webhook import Webhook, moved

_STAMPS = ("auto", "original", "now")
_OPENING_HOUR = 11
_LAST_ORDERS = timedelta(hours=3)
"""After the last order is placed, the last ones are still under way for a while."""


class Wish(Struct, frozen=True, kw_only=True):
    """What the options say of any load."""

    source: str
    speed: float
    stamp: str
    duplicates: float
    shuffle: float
    seed: int
    language: str


class Load(Struct, frozen=True, kw_only=True):
    """What is sent. The webhooks can be gone through once."""

    webhooks: Iterable[Webhook]
    total: int | None
    """How many, where that is known beforehand."""
    paced: bool
    skipped: list[Skipped]
    """Rows that could not be read whole."""
    seed: int


def load_town(
    wish: Wish, clock: Clock, *, town: str | None, start: datetime | None, hours: float, per_day: float
) -> Load:
    """Return believable traffic of a town.

    Raises:
        BadSettings: an option has a value that it cannot have.
    """
    name = town or ("seoul" if wish.language == "ko" else "london")
    if name not in TOWNS:
        raise BadSettings([f"--town {name}: there are {', '.join(TOWNS)}"])
    stamp = _stamp(wish, usual="now" if wish.speed else "original")
    zone, length = ZoneInfo(TOWNS[name].time_zone), timedelta(hours=hours)
    # What keeps its times must be over by now, or it would tell of the future.
    ended = clock.now() - length - _LAST_ORDERS if stamp == "original" else clock.now()
    begin = start.replace(tzinfo=start.tzinfo or zone) if start else _opening(ended.astimezone(zone))
    plan = Plan(
        town=TOWNS[name],
        seed=wish.seed,
        start=begin.astimezone(UTC),
        length=length,
        orders_per_day=per_day,
        sources=((wish.source, 1.0),),
    )
    webhooks = _unruly(simulate_town(plan), wish)
    if wish.speed == 0 and stamp == "now":
        found = list(webhooks)
        return _load(found, wish, clock, total=len(found), stamp=stamp)
    return _load(webhooks, wish, clock, total=None, stamp=stamp, start=plan.start)


def load_deliveries(
    file: Path,
    wish: Wish,
    clock: Clock,
    *,
    columns: Mapping[str, str],
    constants: Mapping[str, str],
    zone: str | None,
    prefix: str,
) -> Load:
    """Return the deliveries in a CSV file, in the order of their events' times.

    Raises:
        BadSettings: the file or an option cannot be used.
    """
    faults = [
        f"--set {name}=…: there is no such field ({', '.join(sorted(FIELDS))})" for name in set(constants) - FIELDS
    ]
    if zone is not None and zone not in available_timezones():
        faults.append(f"--zone {zone}: is no time zone such as Asia/Seoul")
    if faults:
        raise BadSettings(faults)
    rows = _open_table(file)
    skipped: list[Skipped] = []
    try:
        reading = Reading(
            columns=read_columns(rows.fieldnames or (), columns),
            source=wish.source,
            prefix=prefix,
            zone=ZoneInfo(zone) if zone else None,
            constants=constants,
        )
        found = sorted(webhooks_of(rows, reading, skipped=skipped), key=lambda webhook: webhook.at)
    except csv.Error as error:
        raise BadSettings([f"{file}: after line {rows.line_num}: is no table ({error})"]) from None
    if not found:
        raise BadSettings([f"{file}: no row in it tells of anything that happened"])
    found = list(_unruly(found, wish))
    stamp = _stamp(wish, usual="original")
    return _load(found, wish, clock, total=len(found), stamp=stamp, skipped=skipped)


def _stamp(wish: Wish, *, usual: str) -> str:
    if wish.stamp not in _STAMPS:
        raise BadSettings([f"--stamp {wish.stamp}: should be one of {', '.join(_STAMPS)}"])
    return usual if wish.stamp == "auto" else wish.stamp


def _opening(latest: datetime) -> datetime:
    """Return the last time before `latest` that the shops opened."""
    opened = latest.replace(hour=_OPENING_HOUR, minute=0, second=0, microsecond=0)
    return opened if opened <= latest else opened - timedelta(days=1)


def _unruly(webhooks: Iterable[Webhook], wish: Wish) -> Iterable[Webhook]:
    if not wish.duplicates and not wish.shuffle:
        return webhooks
    random = Random(f"unruly {wish.seed}")  # noqa: S311  (it must be the same each time)
    return unruly(webhooks, duplicates=wish.duplicates, shuffled=wish.shuffle, random=random)


def _load(
    webhooks: Iterable[Webhook],
    wish: Wish,
    clock: Clock,
    *,
    total: int | None,
    stamp: str,
    start: datetime | None = None,
    skipped: list[Skipped] | None = None,
) -> Load:
    if isinstance(webhooks, list) and wish.speed == 0 and stamp == "now":
        last = webhooks[-1].at
        webhooks = [moved(one, lambda moment: moment + (clock.now() - last)) for one in webhooks]
    elif wish.speed:
        webhooks = _paced(webhooks, clock, speed=wish.speed, start=start, stamped=stamp == "now")
    return Load(webhooks=webhooks, total=total, paced=wish.speed > 0, skipped=skipped or [], seed=wish.seed)


def _paced(
    webhooks: Iterable[Webhook], clock: Clock, *, speed: float, start: datetime | None, stamped: bool
) -> Iterator[Webhook]:
    shift: Callable[[datetime], datetime] | None = None
    for webhook in webhooks:
        # Time starts with the first webhook, not while it is still being read.
        shift = shift or faster(start or webhook.at, origin=clock.now(), speed=speed)
        yield moved(webhook, shift) if stamped else msgspec.structs.replace(webhook, at=shift(webhook.at))


def _open_table(file: Path) -> "csv.DictReader[str]":
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadSettings([f"{file}: is not UTF-8 text ({error.reason} at byte {error.start})"]) from None
    try:
        dialect = csv.Sniffer().sniff(text[:4096].split("\n", 1)[0], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    return csv.DictReader(io.StringIO(text, newline=""), dialect=dialect)
