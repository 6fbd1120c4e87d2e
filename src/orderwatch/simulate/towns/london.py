"""London: real quarters, made-up shops and people."""

from decimal import Decimal

from orderwatch.simulate.place import Place
from orderwatch.simulate.town import Dish, District, Town

LONDON = Town(
    name="london",
    time_zone="Europe/London",
    currency="GBP",
    step=Decimal("0.10"),
    districts=(
        District(name="Shoreditch", branch="Shoreditch", centre=Place(51.5265, -0.0798)),
        District(name="Islington", branch="Islington", centre=Place(51.5380, -0.1028)),
        District(name="Southwark", branch="Southwark", centre=Place(51.5035, -0.0890)),
        District(name="Hackney", branch="Hackney", centre=Place(51.5450, -0.0553)),
        District(name="Camden", branch="Camden", centre=Place(51.5392, -0.1426)),
    ),
    shop_names=(
        "Bibim & Co",
        "The Copper Pan",
        "Noodle Quay",
        "Saffron Lane",
        "Dough Standard",
        "Green Fork",
        "Night Owl Burgers",
        "Little Lisbon",
        "Mill & Grain",
        "Tandoor Yard",
        "Harbour Sushi",
        "Pickle Room",
    ),
    dishes=(
        Dish(name="Bibim bowl", price=Decimal("11.20")),
        Dish(name="Chicken katsu", price=Decimal("12.50")),
        Dish(name="Margherita", price=Decimal("10.90")),
        Dish(name="Pad thai", price=Decimal("11.60")),
        Dish(name="Cheeseburger", price=Decimal("9.80")),
        Dish(name="Lamb biryani", price=Decimal("13.40")),
        Dish(name="Falafel wrap", price=Decimal("8.20")),
        Dish(name="Salmon nigiri", price=Decimal("14.90")),
        Dish(name="Garlic naan", price=Decimal("3.40")),
        Dish(name="Sweet potato fries", price=Decimal("4.30")),
        Dish(name="Pastel de nata", price=Decimal("2.90")),
        Dish(name="Lemonade", price=Decimal("3.10")),
    ),
    first_names=("Amara", "Ben", "Chloe", "Dev", "Elif", "Finn", "Grace", "Hana", "Imran", "Jo", "Kofi", "Leila"),
    last_names=("Archer", "Bell", "Costa", "Doyle", "Evans", "Farrow", "Gupta", "Hale", "Okoro", "Park"),
    name_order="{first} {last}",
    # Ofcom keeps 020 7946 0000 to 0999 for drama.
    phone="020 7946 {number:04}",
    address="{number} {street}, {district}",
    streets=("Mill Row", "Old Tannery Lane", "Canal Street", "Orchard Place", "Station Parade", "Chapel Yard"),
    cancel_reasons=("customer changed their mind", "out of stock", "wrong address", "outside area", "nobody home"),
    reject_reasons=("store too busy", "kitchen closed", "store has a problem"),
)
