"""Every kind of channel, by name. A new one is a folder and a row here."""

import asyncio
from collections.abc import Mapping

from orderwatch.channels.kinds import Kind, Surroundings
from orderwatch.domain.errors import BadSettings
from orderwatch.domain.notifications import Channel
from orderwatch.notify.ports import Sender

CHANNELS: Mapping[str, Kind] = {name: Kind(name) for name in ("log", "browser", "webhook", "apprise")}


def make_sender(channel: Channel, surroundings: Surroundings) -> Sender:
    """Return the sender of a registered channel.

    Raises:
        BadSettings: its kind is not known, or its settings are wrong.
    """
    return kind_of(channel).make(channel, surroundings)


async def check_channel(channel: Channel) -> None:
    """Judge the settings of a channel that somebody is about to register, without blocking.

    Raises:
        BadSettings: its kind is not known, or its settings are wrong: with every fault.
    """
    await asyncio.to_thread(kind_of(channel).read, channel)


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
