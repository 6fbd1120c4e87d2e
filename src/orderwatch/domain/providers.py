"""What a provider must be able to do. Two stages need it (intake identifies, normalise reads), so it lives here."""

from collections.abc import Sequence
from typing import Any, Protocol

from msgspec import Struct

from orderwatch.domain.events import Event
from orderwatch.domain.receipts import Receipt
from orderwatch.domain.sources import Source


class Identity(Struct, frozen=True):
    """What intake must know of a body before it is taken."""

    event_id: str | None
    always_new: bool = False
    """Without an id, the same body again is another event, and no duplicate."""


class HeaderLookup(Protocol):
    """A request's headers."""

    def get(self, name: str, /) -> str | None:
        """Return the one value of a header by its name in lower case; None when it is missing or doubled."""
        ...


class Provider(Protocol):
    """How one platform speaks. Stateless; the same object serves every source of its kind."""

    def identify(self, source: Source, headers: HeaderLookup, body: Any, *, path: str = "") -> Identity:  # noqa: ANN401
        """Return the event id of a parsed JSON `body`; `path` is the request's, with its query.

        Raises:
            Unreadable: the body has no event type or no order id where it must have one.
        """
        ...

    def read(self, source: Source, receipt: Receipt) -> Sequence[Event]:
        """Return the events that `receipt` tells, in its own order.

        A field that cannot be read is left out and named in `Event.faults`; the rest is understood.

        Raises:
            BadMapping: nothing of it could be understood.
            Unreadable: it is not what `identify` would take.
        """
        ...
