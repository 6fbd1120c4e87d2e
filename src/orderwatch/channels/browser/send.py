"""The browser channel."""

from collections.abc import Mapping
from typing import Any

from orderwatch.channels.kinds import Surroundings
from orderwatch.domain.notifications import Outcome, Sent
from orderwatch.notify.ports import Due


class BrowserSender:
    """Has nothing to do: a notification that is in the store is on every open page."""

    async def send(self, due: Due) -> Outcome:  # noqa: ARG002
        """Return at once."""
        return Sent()


def make(settings: Mapping[str, Any], surroundings: Surroundings) -> BrowserSender:  # noqa: ARG001
    """Return the sender."""
    return BrowserSender()


def faults(settings: Mapping[str, Any]) -> list[str]:  # noqa: ARG001
    """Return nothing: there are no settings."""
    return []
