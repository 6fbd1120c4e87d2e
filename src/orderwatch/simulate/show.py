"""The demo's traffic: one rush hour after another, quickened, with some trouble in it."""

import heapq
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from orderwatch.simulate.life import Fate
from orderwatch.simulate.pace import faster, silence
from orderwatch.simulate.platforms import Platform, shaped
from orderwatch.simulate.town import Town
from orderwatch.simulate.traffic import Plan, simulate
from orderwatch.simulate.webhook import Webhook, moved

# Lunch and dinner: when orders begin to come in and for how long, local time.
_RUSHES = ((10, 15, timedelta(hours=3, minutes=30)), (17, 15, timedelta(hours=3, minutes=30)))
_HEAD_START = timedelta(hours=1, minutes=40)
"""Of simulated time: what has happened before anybody looks."""
_ORDERS_PER_DAY = 2600
_SHOPS = 24
_SLOW_SHOP = 2.3
_CANCELLED_EACH = 45
_FIRST_SILENCE, _SILENT_FOR, _SILENCE_EACH = (timedelta(seconds=s) for s in (25, 25, 240))
_SHIFTS = 60


class Show(Struct, frozen=True, kw_only=True):
    """What to show."""

    town: Town
    platforms: tuple[Platform, ...]
    seed: int
    speed: float
    day: datetime
    """The simulated day of the first rush hour; aware."""


def perform(show: Show, *, now: datetime) -> Iterator[Webhook]:
    """Yield the webhooks of the demo by the time at which to send them; those before `now` are its head start."""
    begin = now - _HEAD_START / show.speed
    webhooks: Iterator[Webhook] = heapq.merge(*_shifts(show, begin), key=lambda webhook: webhook.at)
    silent = show.platforms[1].source.name
    for number in range(_SHIFTS):
        start = now + _FIRST_SILENCE + number * _SILENCE_EACH
        webhooks = silence(webhooks, source=silent, start=start, end=start + _SILENT_FOR)
    shapes = {platform.source.name: platform.shape for platform in show.platforms}
    return (shaped(webhook, shapes) for webhook in webhooks)


def _shifts(show: Show, begin: datetime) -> Iterator[Iterator[Webhook]]:
    origin = begin
    for number in range(_SHIFTS):
        plan = _plan(show, number)
        yield _moved(plan, faster(plan.start, origin=origin, speed=show.speed))
        origin += plan.length / show.speed


def _moved(plan: Plan, shift: Callable[[datetime], datetime]) -> Iterator[Webhook]:
    return (moved(webhook, shift) for webhook in simulate(plan))


def _plan(show: Show, number: int) -> Plan:
    hour, minute, length = _RUSHES[number % len(_RUSHES)]
    day = show.day + timedelta(days=number // len(_RUSHES))
    start = day.astimezone(ZoneInfo(show.town.time_zone)).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return Plan(
        town=show.town,
        seed=show.seed + number,
        start=start.astimezone(UTC),
        length=length,
        orders_per_day=_ORDERS_PER_DAY,
        shops=_SHOPS,
        sources=tuple((platform.source.name, platform.share) for platform in show.platforms),
        fates={nth: Fate(cancelled=True) for nth in range(_CANCELLED_EACH // 2, _ORDERS_PER_DAY, _CANCELLED_EACH)},
        slow_shop=_SLOW_SHOP,
    )
