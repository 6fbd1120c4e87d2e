"""The browser channel."""

from orderwatch.channels.kinds import Kind, NoSettings, Surroundings
from orderwatch.domain.notifications import Channel, Outcome, Sent
from orderwatch.notify.ports import Due


class BrowserSender:
    """Has nothing to do: a notification that is in the store is on every open page."""

    async def send(self, due: Due) -> Outcome:  # noqa: ARG002
        """Return at once."""
        return Sent(detail="shown on open pages")


def make(channel: Channel, settings: NoSettings, surroundings: Surroundings) -> BrowserSender:  # noqa: ARG001
    """Return the sender."""
    return BrowserSender()


KIND = Kind(
    name="browser",
    label={"en": "This page", "ko": "이 화면"},
    shape=NoSettings,
    concurrency=0,
    make=make,
)
