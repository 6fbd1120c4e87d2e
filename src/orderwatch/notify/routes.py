"""Which channels hear of an event. Called for every event, so it looks up by type first."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from orderwatch.domain.events import Event, EventType
from orderwatch.domain.notifications import Channel, Draft, Route
from orderwatch.domain.orders import Order
from orderwatch.notify.words import message_of

_EVERYTHING = "*"


class Router:
    """The routes that are switched on, by event type."""

    def __init__(self, *, routes: Iterable[Route], channels: Iterable[Channel], language: str, base_url: str) -> None:
        """Take what is registered; `language` is ``ko`` or ``en``."""
        self._language = language
        self._base_url = base_url
        enabled = {channel.name for channel in channels if channel.enabled}
        self._by_type: dict[str, list[tuple[Route, list[str]]]] = defaultdict(list)
        for route in routes:
            reached = [name for name in route.channels if name in enabled]
            if route.enabled and reached:
                for kind in _types(route):
                    self._by_type[kind].append((route, reached))

    def drafts(self, event: Event, order: Order | None) -> Sequence[Draft]:
        """Return a notification for each channel of each route that `event` takes; none twice for one channel.

        A conflict is nobody's news: it is flagged at its order.
        """
        routes = self._by_type.get(event.type)
        if not routes or event.conflict:
            return ()
        told: dict[str, Route] = {}
        for route, reached in routes:
            if _matches(route, event, order):
                for channel in reached:
                    told.setdefault(channel, route)
        if not told:
            return ()
        message = message_of(event, order, language=self._language, base_url=self._base_url)
        cause = f"{event.type.value}:{event.source}:{event.key}"
        return [
            Draft(
                cause=cause,
                channel=channel,
                route=route.name,
                message=message,
                source=event.source,
                order_id=event.order_id,
            )
            for channel, route in told.items()
        ]


def _types(route: Route) -> Iterable[str]:
    if _EVERYTHING in route.event_types or not route.event_types:
        return [kind.value for kind in EventType]
    return [kind if "." in kind else kind.replace("_", ".", 1) for kind in route.event_types]


def _matches(route: Route, event: Event, order: Order | None) -> bool:
    if route.sources and event.source not in route.sources:
        return False
    store = event.store_id or (order.store_id if order else None)
    return not route.stores or store in route.stores
