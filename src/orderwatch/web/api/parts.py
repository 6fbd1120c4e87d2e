"""What the API is made of. Apart from `app`, so that naming the parts imports no framework."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from orderwatch.domain.notifications import Channel, Route
from orderwatch.domain.platforms import Platform
from orderwatch.domain.providers import Provider
from orderwatch.domain.sources import Source
from orderwatch.kit.clock import Clock
from orderwatch.web.api import ports
from orderwatch.web.api.shapes import ServerFacts
from orderwatch.web.auth.ports import SessionKeeper


class ApiParts(Struct, frozen=True, kw_only=True):
    """Everything that the API asks. In the order of the store's parts: journal, state, registry, then the rest."""

    receipts: ports.ReceiptReader
    quarantine: ports.QuarantineReader
    writer: ports.Writer
    """The journal's appender; replays go through it."""
    resubmitter: ports.Resubmitter

    orders: ports.OrderReader
    timeline: ports.Timeline
    notifications: ports.NotificationReader
    dead_runs: ports.DeadRunReader
    stats: ports.StatsReader
    activity: ports.ActivityReader
    health: ports.HealthReader
    worker: ports.Worker

    sources: ports.SpecKeeper[Source]
    channels: ports.SpecKeeper[Channel]
    routes: ports.SpecKeeper[Route]
    users: ports.UserKeeper
    sessions: SessionKeeper
    tokens: ports.TokenKeeper
    invites: ports.InviteKeeper
    commands: ports.CommandKeeper
    audit: ports.AuditKeeper

    platforms: Sequence[Platform]
    generic: Provider
    """Reads by a source's own mapping."""
    server: ServerFacts
    readers: Callable[[], int]
    """How many streams are open."""
    clock: Clock
