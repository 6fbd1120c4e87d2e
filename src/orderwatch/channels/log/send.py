"""The log channel."""

from collections.abc import Mapping
from typing import Any

import structlog

from orderwatch.channels.kinds import Surroundings
from orderwatch.domain.notifications import Outcome, Sent
from orderwatch.notify.ports import Due


class LogSender:
    """Writes each notification as one line."""

    def __init__(self) -> None:
        """Open the log."""
        self._log = structlog.get_logger("notification")

    async def send(self, due: Due) -> Outcome:
        """Write the line; this cannot fail but for a closed output."""
        self._log.info(due.message.text, channel=due.channel, order_id=due.order_id, source=due.source)
        return Sent()


def make(settings: Mapping[str, Any], surroundings: Surroundings) -> LogSender:  # noqa: ARG001
    """Return the sender."""
    return LogSender()


def faults(settings: Mapping[str, Any]) -> list[str]:  # noqa: ARG001
    """Return nothing: there are no settings."""
    return []
