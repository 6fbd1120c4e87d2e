"""Writes the golden events of providers' examples anew: ``python -m tests.write_events uber_eats``. Then read them."""

import sys

from orderwatch.providers.examples import example_names
from tests.preset_cases import catalog, presets, understood, write_events


def main() -> None:
    for slug in sys.argv[1:] or presets():
        folder = catalog().declared[slug].folder
        for name in example_names(folder):
            write_events(folder, name, understood(slug, name)[0])


if __name__ == "__main__":
    main()
