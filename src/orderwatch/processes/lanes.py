"""The channels as the registry has them now, each ready to send."""

from collections.abc import Mapping
from datetime import timedelta

import structlog

from orderwatch.channels.catalog import kind_of, make_sender
from orderwatch.channels.kinds import Surroundings
from orderwatch.config import Settings
from orderwatch.domain.errors import BadSettings
from orderwatch.domain.notifications import Channel, Outcome, Rejected
from orderwatch.kit.clock import Clock
from orderwatch.notify.dispatcher import Lane
from orderwatch.notify.policy import RetryPolicy
from orderwatch.notify.ports import Due
from orderwatch.processes.registered import RegisteredCache

_NEW_ORDER = frozenset({"order.created", "order_created", "*"})


class Misconfigured:
    """Stands for a channel that cannot be made, so that its notifications say why they fail."""

    def __init__(self, fault: str) -> None:
        """Take what is wrong."""
        self._fault = fault

    async def send(self, due: Due) -> Outcome:  # noqa: ARG002
        """Refuse, with the reason."""
        return Rejected(detail=self._fault)


class Lanes:
    """Gives the lanes; makes them anew when the registry has changed."""

    def __init__(self, registered: RegisteredCache, *, settings: Settings, clock: Clock) -> None:
        """Take what is registered and what the channels may do."""
        self._registered = registered
        self._settings = settings
        self._surroundings = Surroundings(clock=clock, allow_private_targets=settings.allow_private_targets)
        self._revision = -1
        self._lanes: dict[str, Lane] = {}
        self._log = structlog.get_logger("channels")

    async def current(self) -> Mapping[str, Lane]:
        """Return the lane of each channel that is switched on; asks the registry first, for one added a moment ago."""
        await self._registered.refresh()
        now = self._registered.current
        if now.revision != self._revision:
            self._lanes = {channel.name: self._lane(channel) for channel in now.channels if channel.enabled}
            self._revision = now.revision
        return self._lanes

    def default_channels(self) -> list[str]:
        """Return the channels that hear of new orders: whoever gets those gets what handlers have to say."""
        routes = self._registered.current.routes
        reached = [
            name for route in routes if route.enabled and _NEW_ORDER & set(route.event_types) for name in route.channels
        ]
        return list(dict.fromkeys(reached)) or ["log"]

    def _lane(self, channel: Channel) -> Lane:
        policy = RetryPolicy(lasts=timedelta(hours=self._settings.retry_hours), fallback=channel.fallback)
        try:
            return Lane(
                sender=make_sender(channel, self._surroundings),
                policy=policy,
                concurrency=kind_of(channel).concurrency,
            )
        except BadSettings as error:
            self._log.error("channel cannot be used", channel=channel.name, faults=error.faults)
            return Lane(sender=Misconfigured(error.message), policy=policy, concurrency=0)
