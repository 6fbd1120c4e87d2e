"""Towns to simulate, by name."""

from collections.abc import Mapping

from orderwatch.simulate.town import Town
from orderwatch.simulate.towns.london import LONDON
from orderwatch.simulate.towns.seoul import SEOUL

TOWNS: Mapping[str, Town] = {town.name: town for town in (SEOUL, LONDON)}
