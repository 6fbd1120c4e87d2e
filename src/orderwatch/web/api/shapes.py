"""What endpoints answer with, where that is more than a value of the domain; and the bodies that they take."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from orderwatch.domain.health import SourceHealth
from orderwatch.domain.notifications import Channel, Notification, Route
from orderwatch.domain.orders import Order, TimelineEntry
from orderwatch.domain.people import AccessToken, Role
from orderwatch.domain.quarantine import Quarantined
from orderwatch.domain.receipts import ReceiptEntry
from orderwatch.domain.sources import Source
from orderwatch.domain.stats import Activity


class ListedOrder(Order, frozen=True, kw_only=True, omit_defaults=True):
    """An order in a list."""

    masked: bool = False


class OrderDetail(ListedOrder, frozen=True, kw_only=True):
    """An order with all that is known of it."""

    open: bool
    timeline: tuple[TimelineEntry, ...]
    timeline_truncated: bool = False
    conflicts: tuple[TimelineEntry, ...]
    """Events whose id had come before with another body: kept, not counted as having happened."""
    told: tuple[Notification, ...]
    receipts: tuple[int, ...]


class Content(Struct, frozen=True, kw_only=True):
    """What was received."""

    headers: dict[str, str]
    body: str | None
    encoding: Literal["utf-8", "base64"] | None
    masked: bool = False


class ReceiptDetail(ReceiptEntry, frozen=True, kw_only=True):
    """A receipt, whole."""

    headers: dict[str, str]
    body: str | None
    encoding: Literal["utf-8", "base64"] | None
    masked: bool = False


class QuarantinedDetail(Quarantined, frozen=True, kw_only=True):
    """A refused request or an unreadable receipt, whole."""

    headers: dict[str, str]
    body: str | None
    encoding: Literal["utf-8", "base64"] | None
    masked: bool = False


class Replayed(Struct, frozen=True, kw_only=True):
    """A receipt that asks for another to be understood anew."""

    receipt: int
    replay_of: int


class QuarantinePage(Struct, frozen=True, kw_only=True):
    """A page of the quarantine."""

    items: tuple[Quarantined, ...]
    next: str | None
    dropped: dict[str, int]


class Resubmit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to submit again."""

    trust: bool = False


class ResubmitAll(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to submit again, and how."""

    source: str | None = None
    code: str | None = None
    kind: Literal["rejected", "unreadable"] | None = None
    trust: bool = False
    cursor: str | None = None


class ResubmittedAll(Struct, frozen=True, kw_only=True):
    """What came of it."""

    accepted: int
    duplicate: int
    refused: int
    more: bool
    next: str | None


class SourceShape(Source, frozen=True, kw_only=True):
    """A source as it is shown, its secrets masked."""

    created_at: datetime
    updated_at: datetime
    address: str
    activity: Activity
    health: SourceHealth


class ChannelShape(Channel, frozen=True, kw_only=True):
    """A channel as it is shown, its secrets masked."""

    created_at: datetime
    updated_at: datetime


class RouteShape(Route, frozen=True, kw_only=True):
    """A route as it is shown."""

    created_at: datetime
    updated_at: datetime


class CommandAccepted(Struct, frozen=True, kw_only=True):
    """The worker will do it."""

    command: int


class CommandShape(Struct, frozen=True, kw_only=True):
    """A command, and whether it was carried out."""

    id: int
    kind: str
    at: datetime
    by: str
    done: bool


class RetryAll(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which handler's dead runs to run again; all of them for None."""

    handler: str | None = None


class Login(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Name and password."""

    name: str
    password: str


class InviteLogin(Login, frozen=True, kw_only=True):
    """A one-time link, and the name and password that are chosen with it."""

    invite: str


class NewPassword(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change of password."""

    current: str
    new: str


class SessionState(Struct, frozen=True, kw_only=True):
    """What the login page must know."""

    authenticated: bool
    has_users: bool


class ServerFacts(Struct, frozen=True, kw_only=True):
    """What the page shows of the server."""

    version: str
    base_url: str
    open_webhook: bool
    language: str


class Me(Struct, frozen=True, kw_only=True):
    """Who asks."""

    name: str
    role: Role
    via: Literal["session", "token"]
    expires_at: datetime | None
    server: ServerFacts


class NewUser(Login, frozen=True, kw_only=True):
    """A user to be made."""

    role: Role


class UserChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of a user."""

    role: Role | None = None
    disabled: bool | None = None
    password: str | None = None


class NewInvite(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A one-time link to be made."""

    role: Role


class InviteShape(Struct, frozen=True, kw_only=True):
    """A one-time link."""

    url: str
    role: Role
    expires_at: datetime


class NewToken(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token to be made."""

    name: str
    role: Role


class NewTokenShape(AccessToken, frozen=True, kw_only=True):
    """A token as it is shown once."""

    token: str
