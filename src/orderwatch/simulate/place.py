"""Points on the map of a town."""

import math
from random import Random

from msgspec import Struct

_METRES_PER_DEGREE = 111_320.0
_DECIMALS = 5


class Place(Struct, frozen=True):
    """Degrees, WGS 84."""

    lat: float
    lon: float

    def near(self, random: Random, *, spread_m: float) -> "Place":
        """Return a point around this one, mostly within `spread_m` metres."""
        north, east = random.gauss(0, spread_m / 2), random.gauss(0, spread_m / 2)
        return Place(
            round(self.lat + north / _METRES_PER_DEGREE, _DECIMALS),
            round(self.lon + east / (_METRES_PER_DEGREE * math.cos(math.radians(self.lat))), _DECIMALS),
        )

    def metres_to(self, other: "Place") -> float:
        """Return the distance, good enough within a town."""
        north = (other.lat - self.lat) * _METRES_PER_DEGREE
        east = (other.lon - self.lon) * _METRES_PER_DEGREE * math.cos(math.radians(self.lat))
        return math.hypot(north, east)

    def towards(self, other: "Place", share: float) -> "Place":
        """Return the point after `share` (0 to 1) of the way to `other`."""
        return Place(
            round(self.lat + (other.lat - self.lat) * share, _DECIMALS),
            round(self.lon + (other.lon - self.lon) * share, _DECIMALS),
        )
