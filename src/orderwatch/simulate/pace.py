"""How simulated time becomes the time at which webhooks are sent."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from random import Random

import msgspec

from orderwatch.simulate.webhook import Webhook


def faster(start: datetime, *, origin: datetime, speed: float) -> Callable[[datetime], datetime]:
    """Return what maps `start` to `origin` and lets time pass `speed` times as fast from there."""
    return lambda moment: origin + (moment - start) / speed


def unruly(webhooks: Iterable[Webhook], *, duplicates: float, shuffled: float, random: Random) -> Iterator[Webhook]:
    """Yield `webhooks` as a bad line would: a share of them doubled, a share late by up to five minutes of their time.

    Sorted by the time of sending again.
    """
    waiting: list[Webhook] = []
    for webhook in webhooks:
        copies = [webhook, webhook] if random.random() < duplicates else [webhook]
        for copy in copies:
            late = _LATEST * random.random() if random.random() < shuffled else timedelta()
            waiting.append(msgspec.structs.replace(copy, at=copy.at + late))
        if len(waiting) >= _WINDOW:
            waiting.sort(key=_at)
            ready = [one for one in waiting if one.at <= webhook.at]
            yield from ready
            del waiting[: len(ready)]
    yield from sorted(waiting, key=_at)


def silence(webhooks: Iterable[Webhook], *, source: str, start: datetime, end: datetime) -> Iterator[Webhook]:
    """Yield `webhooks` with those of `source` held back from `start` to `end`, as in an outage."""
    held: list[Webhook] = []
    for webhook in webhooks:
        if webhook.at >= end:
            yield from held
            held = []
        if webhook.source == source and start <= webhook.at < end:
            held.append(msgspec.structs.replace(webhook, at=end))
        else:
            yield webhook
    yield from held


def _at(webhook: Webhook) -> datetime:
    return webhook.at


_LATEST = timedelta(minutes=5)
_WINDOW = 500
