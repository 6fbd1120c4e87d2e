"""What the live stream needs of the store and of the clock's side of the world."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from orderwatch.domain.notifications import Notification


class ChangedOrder(Struct, frozen=True, kw_only=True):
    """An order as it is now."""

    view: bytes
    """Its public JSON."""
    open: bool
    first_receipt: int


class Changes(Struct, frozen=True, kw_only=True):
    """What changed after some transaction of the state."""

    number: int
    """The state's transaction that all of it includes."""
    orders: Sequence[ChangedOrder]
    notifications: Sequence[Notification]
    gone: Sequence[tuple[str, str]] = ()
    """Source and id of orders that are there no more."""


class Board(Struct, frozen=True, kw_only=True):
    """All that a board shows, at one moment."""

    number: int
    """The state's transaction that all of it includes."""
    open: Sequence[ChangedOrder]
    """The newest first; not all of them when there are more than were asked for."""
    open_total: int
    done: Sequence[ChangedOrder]
    """Those that ended or changed last, newest change first."""
    notifications: Sequence[Notification]
    """Newest first."""


class ChangeSource(Protocol):
    """Where changes are read from: the state, which another process writes."""

    async def latest(self) -> int:
        """Return the number of the state's last transaction."""
        ...

    async def after(self, number: int, *, limit: int) -> Changes | None:
        """Return what changed after `number`, each as it is now; None when unknown or more than `limit` rows."""
        ...

    async def board(self, *, most_open: int, latest: int) -> Board:
        """Return up to `most_open` open orders, and the `latest` ended ones and notifications."""
        ...


class StatsSource(Protocol):
    """Where the figures come from."""

    async def stats(self, *, readers: int) -> bytes:
        """Return the figures as JSON."""
        ...


class Bell(Protocol):
    """Tells that the state may have changed."""

    async def wait(self, seconds: float) -> None:
        """Return when there is news, or after `seconds` at most."""
        ...
