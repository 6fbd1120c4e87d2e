"""Receipts become events here, each with its source's provider."""

from collections.abc import Mapping, Sequence

from orderwatch.domain.errors import BadMapping, Unreadable
from orderwatch.domain.events import Event
from orderwatch.domain.providers import Provider
from orderwatch.domain.receipts import Receipt
from orderwatch.domain.sources import Source
from orderwatch.normalise.envelope import unwrap


class Reader:
    """Reads receipts. Both mappings may change while it is in use; it looks into them at each receipt."""

    def __init__(self, *, sources: Mapping[str, Source], providers: Mapping[str, Provider]) -> None:
        """Take the sources and the providers by name."""
        self._sources = sources
        self._providers = providers

    def read(self, receipt: Receipt) -> Sequence[Event]:
        """Return what `receipt` tells, in its own order.

        Raises:
            BadMapping: its source or provider is not known, or nothing of it could be understood.
            Unreadable: it is not what this source should send.
        """
        source = self._sources.get(receipt.source)
        if source is None:
            raise BadMapping(f"There is no source “{receipt.source}”.")
        provider = self._providers.get(source.provider)
        if provider is None:
            raise BadMapping(f"The source “{source.name}” names the provider “{source.provider}”, which there is not.")
        try:
            return provider.read(source, unwrap(receipt))
        except (BadMapping, Unreadable):
            raise
        except Exception as fault:  # one bad receipt must not hold up all those behind it
            raise BadMapping(f"The provider “{source.provider}” failed: {type(fault).__name__}.") from fault
