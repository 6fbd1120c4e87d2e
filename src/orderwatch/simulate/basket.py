"""What a customer orders, and who that is."""

from decimal import Decimal
from random import Random
from typing import Any

from msgspec import Struct

from orderwatch.simulate.place import Place
from orderwatch.simulate.town import Shop, Town


class Basket(Struct, frozen=True, kw_only=True):
    """Lines of an order: a dish's name, how many, the price of one."""

    lines: tuple[tuple[str, int, Decimal], ...]

    @property
    def total(self) -> Decimal:
        """Return what it costs."""
        return sum((count * price for _, count, price in self.lines), Decimal(0))

    def as_items(self) -> list[dict[str, Any]]:
        """Return it as a webhook's ``items``."""
        return [{"name": name, "quantity": count, "price": str(price)} for name, count, price in self.lines]

    def smaller(self) -> "Basket":
        """Return it after the customer changed their mind: one fewer of the last dish, or without it."""
        name, count, price = self.lines[-1]
        kept = self.lines[:-1]
        return Basket(lines=(*kept, (name, count - 1, price)) if count > 1 else kept or self.lines)


def fill_basket(shop: Shop, *, random: Random) -> Basket:
    """Choose some dishes of `shop`."""
    dishes = random.sample(shop.menu, k=min(len(shop.menu), random.choice((1, 1, 2, 2, 3, 4))))
    return Basket(lines=tuple((dish.name, random.choice((1, 1, 1, 2)), dish.price) for dish in dishes))


def meet_customer(town: Town, home: Place, district: str, *, random: Random) -> dict[str, Any]:
    """Return a webhook's ``customer``."""
    address = town.address.format(
        number=random.randrange(1, 240), street=random.choice(town.streets), district=district
    )
    return {
        "name": town.person(random),
        "phone": town.phone.format(number=random.randrange(1000)),
        "address": address,
        "lat": home.lat,
        "lon": home.lon,
    }
