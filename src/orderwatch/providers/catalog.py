"""Every provider, by the name that a source gives."""

import difflib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from orderwatch.domain.errors import BadSettings
from orderwatch.domain.providers import Provider
from orderwatch.domain.sources import Source
from orderwatch.intake.door import Door
from orderwatch.providers.declared import Declared, read_declared
from orderwatch.providers.files import FILE
from orderwatch.providers.generic import GenericProvider
from orderwatch.providers.orderwatch import OrderwatchProvider
from orderwatch.providers.standard_webhooks import StandardWebhooksProvider

PROVIDERS: Mapping[str, Provider] = {
    "orderwatch": OrderwatchProvider(),
    "generic": GenericProvider(),
    "standard_webhooks": StandardWebhooksProvider(),
}
"""Those that are code alone."""
_HERE = Path(__file__).parent


class Catalog(Struct, frozen=True, kw_only=True):
    """The providers that there are."""

    providers: Mapping[str, Provider]
    doors: Mapping[str, Door]
    declared: Mapping[str, Declared]

    def faults(self, source: Source) -> Sequence[str]:
        """Return what is wrong with `source` as its provider sees it."""
        declared = self.declared.get(source.provider)
        if declared is not None:
            return declared.faults(source)
        if source.provider in self.providers:
            return []
        near = difflib.get_close_matches(source.provider, self.providers, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(self.providers))}"
        return [f"provider: there is no {source.provider}; {hint}"]


def open_catalog(folder: str | None = None) -> Catalog:
    """Return the providers of the product, and those in `folder`, which stand before them.

    Raises:
        BadSettings: with all that is wrong in them.
    """
    declared = dict(_own())
    if folder is not None:
        path = Path(folder)
        if not path.is_dir():
            raise BadSettings([f"providers = {folder!r}: should be a folder with one folder a provider in it"])
        declared |= _read_all(path)
    return Catalog(
        providers={**PROVIDERS, **{slug: one.provider for slug, one in declared.items()}},
        doors={slug: one.door for slug, one in declared.items()},
        declared=declared,
    )


# The product's own do not change while it runs.
@lru_cache(maxsize=1)
def _own() -> Mapping[str, Declared]:
    return _read_all(_HERE)


def _read_all(folder: Path) -> dict[str, Declared]:
    declared: dict[str, Declared] = {}
    faults: list[str] = []
    for path in sorted(folder.glob(f"*/{FILE}")):
        try:
            declared[path.parent.name] = read_declared(path.parent)
        except BadSettings as fault:
            faults += fault.faults
    if faults:
        raise BadSettings(faults)
    return declared
