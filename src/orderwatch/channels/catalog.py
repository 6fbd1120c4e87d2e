"""Every kind of channel, by name."""

from collections.abc import Mapping

from orderwatch.channels.apprise.send import KIND as APPRISE
from orderwatch.channels.browser.send import KIND as BROWSER
from orderwatch.channels.kinds import Kind, Surroundings
from orderwatch.channels.log.send import KIND as LOG
from orderwatch.channels.webhook.send import KIND as WEBHOOK
from orderwatch.domain.errors import BadSettings
from orderwatch.domain.notifications import Channel
from orderwatch.notify.ports import Sender

CHANNELS: Mapping[str, Kind] = {kind.name: kind for kind in (LOG, BROWSER, WEBHOOK, APPRISE)}


def make_sender(channel: Channel, surroundings: Surroundings) -> Sender:
    """Return the sender of a registered channel.

    Raises:
        BadSettings: its kind is not known, or its settings are wrong.
    """
    kind = kind_of(channel)
    return kind.make(channel, kind.read(channel), surroundings)


def kind_of(channel: Channel) -> Kind:
    """Return the kind of a channel.

    Raises:
        BadSettings: there is none of that name.
    """
    kind = CHANNELS.get(channel.kind)
    if kind is None:
        known = ", ".join(CHANNELS)
        raise BadSettings([f"channel “{channel.name}”: there is no kind “{channel.kind}”; there are {known}"])
    return kind
