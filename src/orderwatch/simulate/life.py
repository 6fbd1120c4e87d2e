"""The life of one order, step by step, as the platform would tell it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Any

from msgspec import Struct

from orderwatch.simulate.basket import Basket, fill_basket, meet_customer
from orderwatch.simulate.place import Place
from orderwatch.simulate.street import Ride, Street, usual_ride
from orderwatch.simulate.town import Shop, Town

Step = tuple[datetime, str, dict[str, Any]]
"""When, which event, and what its body says beside the order's and the store's names."""

_REJECTED, _CANCELLED, _MODIFIED, _FAILED, _RETURNED, _REFUNDED = 0.012, 0.022, 0.03, 0.004, 0.25, 0.08
_POSITION_EVERY = timedelta(seconds=75)
_LATE = timedelta(minutes=4)
_PROMISED_SLACK = timedelta(minutes=12)
_NEAR_SECONDS = 110


class Fate(Struct, frozen=True, kw_only=True):
    """What shall happen to an order, where that is not left to chance."""

    cancelled: bool = False
    slow: float = 1.0
    """How many times longer than usual the kitchen takes."""


class Errand(Struct, frozen=True, kw_only=True):
    """From where to where, and until when."""

    shop: Shop
    home: Place
    promised: datetime


class Kitchens:
    """The cooks of all shops: who is behind makes the next order wait."""

    def __init__(self, shops: tuple[Shop, ...], *, start: datetime) -> None:
        """Have every cook free at `start`."""
        self._cooks = {shop.id: [start] * shop.cooks for shop in shops}

    def cook(self, shop: Shop, *, at: datetime, takes: timedelta) -> tuple[datetime, datetime]:
        """Return when the dish is begun and when it is ready."""
        cooks = self._cooks[shop.id]
        begun = max(at, heappop(cooks))
        heappush(cooks, begun + takes)
        return begun, begun + takes


class Life:
    """Lets orders of a town live; each of them takes from the same kitchens and couriers."""

    def __init__(self, town: Town, shops: tuple[Shop, ...], street: Street, *, start: datetime, random: Random) -> None:
        """Take the town and those who serve it."""
        self._town = town
        self._street = street
        self._kitchens = Kitchens(shops, start=start)
        self._random = random

    def of_order(self, shop: Shop, placed: datetime, fate: Fate) -> Iterator[Step]:
        """Yield the steps of an order placed at `shop`, in the order of their times but for couriers' positions."""
        random = self._random
        basket = fill_basket(shop, random=random)
        home = shop.place.near(random, spread_m=2600)
        errand = Errand(shop=shop, home=home, promised=_promise(shop, home, placed))
        yield (
            placed,
            "order_created",
            {
                **self._money(basket),
                "items": basket.as_items(),
                "promised_at": errand.promised,
                "customer": meet_customer(self._town, home, shop.district.name, random=random),
            },
        )
        accepted = placed + timedelta(seconds=min(random.lognormvariate(3.9, 0.75), 900))
        if not fate.cancelled and random.random() < _REJECTED:
            yield accepted, "order_rejected", {"reason": random.choice(self._town.reject_reasons)}
            return
        yield accepted, "order_accepted", {}
        yield from self._after_accepted(errand, accepted, basket, fate)

    def _after_accepted(self, errand: Errand, accepted: datetime, basket: Basket, fate: Fate) -> Iterator[Step]:
        random = self._random
        takes = errand.shop.preparing * random.lognormvariate(0, 0.35) * fate.slow
        begun, ready = self._kitchens.cook(
            errand.shop, at=accepted + timedelta(seconds=random.uniform(5, 60)), takes=takes
        )
        if random.random() < _MODIFIED and basket.smaller() != basket:
            smaller = basket.smaller()
            changed = accepted + (begun - accepted) * random.random()
            yield changed, "order_modified", {**self._money(smaller), "items": smaller.as_items()}
        yield begun, "order_preparing", {}
        if fate.cancelled or random.random() < _CANCELLED:
            gone = begun + takes * random.uniform(0.1, 0.9)
            yield gone, "order_cancelled", {"reason": random.choice(self._town.cancel_reasons)}
            return
        ride = self._street.send(errand.shop.place, wanted=begun + takes * 0.35)
        yield from self._on_the_way(errand, ready, ride)

    def _on_the_way(self, errand: Errand, ready: datetime, ride: Ride) -> Iterator[Step]:
        random, rider = self._random, ride.rider
        shop, home = errand.shop.place, errand.home
        known = {"id": rider.id, "name": rider.name, "phone": rider.phone}
        yield ride.assigned_at, "courier_assigned", {"courier": known | _at(ride.from_place)}
        picked_up = max(ready, ride.at_shop) + timedelta(seconds=random.uniform(15, 120))
        arrives = picked_up + self._street.riding(shop, home)
        steps: list[Step] = [
            (ready, "order_ready", {}),
            (ride.at_shop, "courier_at_pickup", {"courier": {"id": rider.id} | _at(shop)}),
            (picked_up, "order_picked_up", {"courier": {"id": rider.id} | _at(shop)}),
        ]
        if arrives > errand.promised + _LATE:
            steps.append((max(ready, ride.assigned_at), "eta_changed", {"eta": arrives}))
        yield from sorted(steps, key=lambda step: step[0])
        yield from self._positions(ride, shop, home, picked_up, arrives)
        self._street.finish(ride, at=arrives, place=home)
        yield from self._ending(arrives, home, rider.id, late=arrives > errand.promised + _LATE)

    def _positions(
        self, ride: Ride, shop: Place, home: Place, picked_up: datetime, arrives: datetime
    ) -> Iterator[Step]:
        legs = ((ride.assigned_at, ride.at_shop, ride.from_place, shop), (picked_up, arrives, shop, home))
        for left, reached, start, end in legs:
            seen = left + _POSITION_EVERY
            while seen < reached:
                where = start.towards(end, (seen - left) / (reached - left)).near(self._random, spread_m=15)
                yield seen, "courier_location", {"courier": {"id": ride.rider.id} | _at(where)}
                seen += _POSITION_EVERY
        near = max(picked_up, arrives - timedelta(seconds=_NEAR_SECONDS))
        place = shop.towards(home, 0.9)
        yield near, "order_nearby", {"courier": {"id": ride.rider.id} | _at(place), "eta": arrives}

    def _ending(self, arrives: datetime, home: Place, rider: str, *, late: bool) -> Iterator[Step]:
        random = self._random
        if random.random() < _FAILED:
            yield arrives, "order_failed", {"reason": self._town.cancel_reasons[-1]}
            if random.random() < _RETURNED:
                yield arrives + timedelta(minutes=random.uniform(10, 30)), "order_returned", {}
            return
        yield arrives, "order_delivered", {"courier": {"id": rider} | _at(home)}
        if late and random.random() < _REFUNDED:
            yield arrives + timedelta(minutes=random.uniform(5, 40)), "order_refunded", {}

    def _money(self, basket: Basket) -> dict[str, Any]:
        return {"total": str(basket.total), "currency": self._town.currency}


def _promise(shop: Shop, home: Place, placed: datetime) -> datetime:
    riding = usual_ride(shop.place.metres_to(home))
    promised = placed + _PROMISED_SLACK + shop.preparing + riding
    return promised.replace(second=0, microsecond=0)


def _at(place: Place) -> dict[str, float]:
    return {"lat": place.lat, "lon": place.lon}
