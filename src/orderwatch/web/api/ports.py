"""What the API needs of the store and of the stages. Errors are those of `domain.errors`."""

from collections.abc import Sequence
from typing import Any, Protocol

from orderwatch.domain.asking import NotificationFilter, OrderFilter, QuarantineFilter, ReceiptFilter
from orderwatch.domain.commands import Command, CommandKind
from orderwatch.domain.events import Event
from orderwatch.domain.handlers import DeadRun
from orderwatch.domain.health import SeenWord, SourceHealth
from orderwatch.domain.notifications import Notification
from orderwatch.domain.orders import StoredView, TimelineEntry
from orderwatch.domain.pages import Page
from orderwatch.domain.people import AccessToken, AuditEntry, Invite, Role, User
from orderwatch.domain.quarantine import Quarantined, Resubmitted
from orderwatch.domain.receipts import Ack, Receipt, ReceiptEntry, Rejection, Submission
from orderwatch.domain.registered import Registered, Spec
from orderwatch.domain.stats import Activity, Stats
from orderwatch.web.auth.ports import PasswordChecker


class OrderReader(Protocol):
    """Asks for orders."""

    async def page(self, wanted: OrderFilter, *, cursor: str | None, limit: int) -> Page[bytes]:
        """Return views of orders."""
        ...

    async def get(self, source: str, order_id: str) -> StoredView:
        """Return one order."""
        ...

    async def events(self, source: str, order_id: str, *, limit: int) -> list[Event]:
        """Return the latest events of an order, by receipt."""
        ...


class Timeline(Protocol):
    """Tells what each event of an order changed."""

    def __call__(self, events: Sequence[Event], /) -> Sequence[TimelineEntry]:
        """Return the timeline, by time."""
        ...


class NotificationReader(Protocol):
    """Asks for notifications."""

    async def page(self, wanted: NotificationFilter, *, cursor: str | None, limit: int) -> Page[Notification]:
        """Return notifications, newest first."""
        ...

    async def about(self, source: str, order_id: str, *, limit: int) -> list[Notification]:
        """Return the latest ones about an order, newest first."""
        ...

    async def get(self, number: int, /) -> Notification:
        """Return one notification."""
        ...


class DeadRunReader(Protocol):
    """Asks for handler runs that have given up."""

    async def page(self, *, handler: str | None, cursor: str | None, limit: int) -> Page[DeadRun]:
        """Return dead runs, newest first."""
        ...

    async def get(self, number: int, /) -> DeadRun:
        """Return one dead run."""
        ...


class ReceiptReader(Protocol):
    """Asks for receipts."""

    async def page(self, wanted: ReceiptFilter, *, cursor: str | None, limit: int) -> Page[ReceiptEntry]:
        """Return receipts, newest first."""
        ...

    async def get(self, position: int, /) -> Receipt:
        """Return one receipt, whole."""
        ...


class QuarantineReader(Protocol):
    """Asks for what was refused or could not be understood."""

    async def page(self, wanted: QuarantineFilter, *, cursor: str | None, limit: int) -> Page[Quarantined]:
        """Return both, newest first."""
        ...

    async def entry(self, ident: str, /) -> Quarantined:
        """Return one row."""
        ...

    async def rejection(self, ident: str, /) -> Rejection:
        """Return a refused request, whole."""
        ...

    async def dropped(self) -> dict[str, int]:
        """Return how many of each code were thrown away."""
        ...


class Resubmitter(Protocol):
    """Puts refused requests through the whole of the intake again."""

    async def submit(self, number: int, rejection: Rejection, /, *, trusted: bool) -> Resubmitted:
        """Submit one; `trusted` passes over the signature alone."""
        ...


class Writer(Protocol):
    """Puts submissions into the journal."""

    async def submit(self, submissions: Sequence[Submission], /) -> list[Ack]:
        """Return one ack for each, once all are on disk."""
        ...


class StatsReader(Protocol):
    """Asks for the figures of the live board."""

    async def read(self, *, readers: int) -> Stats:
        """Return the figures now."""
        ...


class ActivityReader(Protocol):
    """Asks for what sources have sent."""

    async def read(self) -> dict[str, Activity]:
        """Return the activity of each source that has any."""
        ...


class HealthReader(Protocol):
    """Asks for how sources are."""

    async def read(self) -> dict[str, SourceHealth]:
        """Return the health of each source of which anything ever came."""
        ...

    async def words(self, source: str, /) -> list[SeenWord]:
        """Return what a source was seen to say, newest first."""
        ...


class SpecKeeper(Protocol[Spec]):
    """Keeps sources, channels or routes."""

    async def entries(self) -> list[Registered[Spec]]:
        """Return all of them by name."""
        ...

    async def get(self, name: str, /) -> Registered[Spec]:
        """Return one."""
        ...

    async def create(self, spec: Spec, /, *, by: str) -> Registered[Spec]:
        """Write a new one."""
        ...

    async def replace(self, spec: Spec, /, *, by: str) -> Registered[Spec]:
        """Write over one."""
        ...

    async def delete(self, name: str, /, *, by: str) -> None:
        """Delete one."""
        ...

    async def restore(self, name: str, /, *, by: str) -> Registered[Spec]:
        """Bring back the one that was deleted last under this name."""
        ...


class UserKeeper(PasswordChecker, Protocol):
    """Keeps users."""

    async def list(self) -> list[User]:
        """Return all users by name."""
        ...

    async def create(self, name: str, /, *, password: str, role: Role, by: str) -> User:
        """Make a user."""
        ...

    async def change(
        self, name: str, /, *, by: str, role: Role | None, disabled: bool | None, password: str | None
    ) -> User:
        """Change a user: all of it or nothing."""
        ...

    async def delete(self, name: str, /, *, by: str) -> None:
        """Delete a user and its sessions."""
        ...


class TokenKeeper(Protocol):
    """Keeps tokens."""

    async def list(self) -> list[AccessToken]:
        """Return all tokens, newest first."""
        ...

    async def create(self, name: str, /, *, role: Role, by: str) -> tuple[AccessToken, str]:
        """Make a token and return it with its text."""
        ...

    async def revoke(self, token: int, /, *, by: str) -> None:
        """Revoke a token."""
        ...


class InviteKeeper(Protocol):
    """Keeps one-time links."""

    async def create(self, role: Role, /, *, by: str) -> Invite:
        """Make a link."""
        ...

    async def redeem(self, secret: str, *, name: str, password: str) -> User | None:
        """Make the user and spend the invite, both or neither; None when it is spent, too old or unknown."""
        ...


class CommandKeeper(Protocol):
    """Keeps what people ask of the worker."""

    async def add(self, kind: CommandKind, argument: dict[str, Any], /, *, by: str) -> Command:
        """Append a command."""
        ...

    async def get(self, number: int, /) -> Command:
        """Return a command."""
        ...


class Worker(Protocol):
    """Knows how far the worker has come."""

    async def last_command(self) -> int:
        """Return the id of the last command that was carried out."""
        ...


class AuditKeeper(Protocol):
    """Keeps who did what."""

    async def add(self, *, by: str, action: str, subject: str) -> None:
        """Write an entry."""
        ...

    async def page(self, *, cursor: str | None, limit: int) -> Page[AuditEntry]:
        """Return entries, newest first."""
        ...
