"""The couriers of a town, and the time that riding takes."""

from datetime import datetime, timedelta
from random import Random

from msgspec import Struct

from orderwatch.simulate.place import Place
from orderwatch.simulate.town import Town

_METRES_PER_SECOND = 5.0
"""Eighteen kilometres an hour: a scooter among traffic lights."""


class Rider(Struct, kw_only=True):
    """One courier, where and when free."""

    id: str
    name: str
    phone: str
    place: Place
    free_at: datetime


class Ride(Struct, frozen=True, kw_only=True):
    """What one order does to a courier."""

    rider: Rider
    assigned_at: datetime
    from_place: Place
    at_shop: datetime


class Street:
    """Gives each order the courier who would be there first."""

    def __init__(self, town: Town, count: int, *, start: datetime, random: Random) -> None:
        """Send `count` couriers out."""
        self._random = random
        self._riders = [_rider(town, number, start, random) for number in range(count)]

    def send(self, shop: Place, *, wanted: datetime) -> Ride:
        """Assign a courier, at `wanted` or when one is free again; `finish` must follow before the next."""
        rider = min(self._riders, key=lambda one: max(wanted, one.free_at) + usual_ride(one.place.metres_to(shop)))
        assigned = max(wanted, rider.free_at) + timedelta(seconds=self._random.uniform(4, 40))
        at_shop = assigned + self.riding(rider.place, shop)
        return Ride(rider=rider, assigned_at=assigned, from_place=rider.place, at_shop=at_shop)

    def finish(self, ride: Ride, *, at: datetime, place: Place) -> None:
        """Let the courier of `ride` be free `at`, in `place`."""
        ride.rider.free_at = at
        ride.rider.place = place

    def riding(self, from_place: Place, to: Place) -> timedelta:
        """Return how long a ride takes this time: lights, stairs, wrong turns, and now and then a puncture."""
        usual = 45 + from_place.metres_to(to) / _METRES_PER_SECOND
        return timedelta(seconds=usual * self._random.lognormvariate(0, 0.28))


def usual_ride(metres: float) -> timedelta:
    """Return what a platform would promise for a ride."""
    return timedelta(seconds=45 + metres / _METRES_PER_SECOND)


def _rider(town: Town, number: int, start: datetime, random: Random) -> Rider:
    return Rider(
        id=f"c{number + 1}",
        name=town.person(random),
        phone=town.phone.format(number=random.randrange(1000)),
        place=random.choice(town.districts).centre.near(random, spread_m=1500),
        free_at=start,
    )
