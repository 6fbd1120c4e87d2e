"""The traffic of a town: orders of several platforms, woven into one stream."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random
from zoneinfo import ZoneInfo

from msgspec import Struct

from orderwatch.simulate.demand import arrivals
from orderwatch.simulate.life import Fate, Life, Step
from orderwatch.simulate.street import Street
from orderwatch.simulate.town import Shop, Town, open_shops
from orderwatch.simulate.webhook import DEFAULT_SOURCE, Webhook

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Plan(Struct, frozen=True, kw_only=True):
    """What to simulate. The same plan gives the same traffic, byte for byte."""

    town: Town
    seed: int
    start: datetime
    length: timedelta
    """How long orders are placed; the last ones end later."""
    orders_per_day: float = 600
    """On an average day of this town's week."""
    shops: int | None = None
    """By default one for each forty orders a day."""
    couriers: int | None = None
    """By default enough for all but the peaks."""
    sources: tuple[tuple[str, float], ...] = ((DEFAULT_SOURCE, 1.0),)
    """Who sends, and the share of orders of each."""
    fates: Mapping[int, Fate] = {}
    """What shall happen to the nth order, from 0."""
    slow_shop: float = 1.0
    """How many times longer than usual the kitchen of the best-selling shop takes."""

    @property
    def prefix(self) -> str:
        """Return what order ids begin with: other plans have other ids."""
        return "".join(Random(f"{self.seed} {self.start.isoformat()}").choices(_ALPHABET, k=4))  # noqa: S311


def simulate(plan: Plan) -> Iterator[Webhook]:
    """Yield the webhooks of `plan`, in the order of their times."""
    waiting: list[tuple[datetime, int, Webhook]] = []
    number = 0
    for placed, webhooks in _orders(plan):
        # No step of this or a later order is before its placing, so all before it can go.
        while waiting and waiting[0][0] < placed:
            yield heappop(waiting)[2]
        for webhook in webhooks:
            number += 1
            heappush(waiting, (webhook.at, number, webhook))
    while waiting:
        yield heappop(waiting)[2]


def _orders(plan: Plan) -> Iterator[tuple[datetime, list[Webhook]]]:
    random = Random(f"orderwatch {plan.seed}")  # noqa: S311  (it must be the same each time)
    shops = open_shops(plan.town, plan.shops or max(6, round(plan.orders_per_day / 40)), random=random)
    couriers = plan.couriers or max(4, round(plan.orders_per_day / 18))
    street = Street(plan.town, couriers, start=plan.start, random=random)
    life = Life(plan.town, shops, street, start=plan.start, random=random)
    weights = [shop.share for shop in shops]
    slow = Fate(slow=plan.slow_shop)
    for number, placed in enumerate(_moments(plan, random)):
        shop = random.choices(shops, weights=weights)[0]
        source = random.choices(*zip(*plan.sources, strict=True))[0]
        fate = plan.fates.get(number) or (slow if shop is shops[0] else Fate())
        order_id = f"{plan.prefix}-{number + 1:04}"
        yield placed, _webhooks(life.of_order(shop, placed, fate), shop, source=source, order_id=order_id)


def _moments(plan: Plan, random: Random) -> Iterator[datetime]:
    zone = ZoneInfo(plan.town.time_zone)
    return arrivals(plan.start, plan.start + plan.length, per_day=plan.orders_per_day, zone=zone, random=random)


def _webhooks(steps: Iterable[Step], shop: Shop, *, source: str, order_id: str) -> list[Webhook]:
    found: list[Webhook] = []
    for number, (at, event, more) in enumerate(steps, start=1):
        body = {"event_type": event, "order_id": order_id, "event_id": f"{order_id}-{number}", "occurred_at": at}
        body |= {"store_id": shop.id, "region": shop.district.name, **more}
        found.append(Webhook(at=at, source=source, body=body))
    return found
