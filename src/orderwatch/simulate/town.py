"""A town: its shops, dishes, names and money. Everything in it is made up but the places."""

from datetime import timedelta
from decimal import Decimal
from random import Random

from msgspec import Struct

from orderwatch.simulate.place import Place


class District(Struct, frozen=True, kw_only=True):
    """A part of the town."""

    name: str
    branch: str
    """What a shop there adds to its name."""
    centre: Place


class Dish(Struct, frozen=True, kw_only=True):
    """Something to order."""

    name: str
    price: Decimal


class Town(Struct, frozen=True, kw_only=True):
    """What orders in a town are made of."""

    name: str
    time_zone: str
    currency: str
    step: Decimal
    """The smallest step of a price."""
    districts: tuple[District, ...]
    shop_names: tuple[str, ...]
    dishes: tuple[Dish, ...]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    name_order: str
    """Such as ``{last}{first}``."""
    phone: str
    """A number that nobody has, with ``{number:04}`` in it."""
    address: str
    """Such as ``{number} {street}, {district}``."""
    streets: tuple[str, ...]
    cancel_reasons: tuple[str, ...]
    reject_reasons: tuple[str, ...]

    def person(self, random: Random) -> str:
        """Return a name."""
        return self.name_order.format(first=random.choice(self.first_names), last=random.choice(self.last_names))


class Shop(Struct, frozen=True, kw_only=True):
    """A store: where it is, what it sells, how fast its kitchen is."""

    id: str
    """Readable, for it is what people see of a store."""
    district: District
    place: Place
    menu: tuple[Dish, ...]
    cooks: int
    preparing: timedelta
    """The median; a busy or unlucky kitchen takes longer."""
    share: float
    """How much it sells, where 1 is the average."""


def open_shops(town: Town, count: int, *, random: Random) -> tuple[Shop, ...]:
    """Return `count` shops of `town`, the first ones selling most."""
    shares = [1 / (number + 2) ** 0.5 for number in range(count)]
    average = sum(shares) / count
    return tuple(_shop(town, number, share / average, random) for number, share in enumerate(shares))


def _shop(town: Town, number: int, share: float, random: Random) -> Shop:
    district = town.districts[number % len(town.districts)]
    chain = town.shop_names[number % len(town.shop_names)]
    # Names and districts come together again after this many shops.
    again = number // (len(town.districts) * len(town.shop_names))
    return Shop(
        id=f"{chain} {district.branch}" + (f" {again + 1}" if again else ""),
        district=district,
        place=district.centre.near(random, spread_m=900),
        menu=tuple(random.sample(town.dishes, k=min(6, len(town.dishes)))),
        # Enough for its usual evening, not for its best.
        cooks=1 + round(1.2 * share + random.random()),
        preparing=timedelta(minutes=random.uniform(7, 14)),
        share=share,
    )
