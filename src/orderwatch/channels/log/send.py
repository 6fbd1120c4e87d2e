"""The log channel."""

import structlog

from orderwatch.channels.kinds import Kind, NoSettings, Surroundings
from orderwatch.domain.notifications import Channel, Outcome, Sent
from orderwatch.notify.ports import Due


class LogSender:
    """Writes each notification as one line."""

    def __init__(self, channel: str) -> None:
        """Take the channel's name."""
        self._log = structlog.get_logger("notification")
        self._channel = channel

    async def send(self, due: Due) -> Outcome:
        """Write the line; this cannot fail but for a closed output."""
        self._log.info(due.message.text, channel=self._channel, order_id=due.order_id, source=due.source)
        return Sent()


def make(channel: Channel, settings: NoSettings, surroundings: Surroundings) -> LogSender:  # noqa: ARG001
    """Return the sender."""
    return LogSender(channel.name)


KIND = Kind(
    name="log",
    label={"en": "Server log", "ko": "서버 로그"},
    shape=NoSettings,
    concurrency=0,
    make=make,
)
