"""What a kind of channel is, for the catalog and for people."""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from orderwatch.domain.errors import BadSettings
from orderwatch.domain.notifications import Channel
from orderwatch.kit.clock import Clock
from orderwatch.notify.ports import Sender


class Setting(Struct, frozen=True, kw_only=True):
    """One setting of a kind, as a form shows it."""

    name: str
    label: dict[str, str]
    """Language → words."""
    help: dict[str, str]
    example: str = ""
    secret: bool = False
    required: bool = False


class Surroundings(Struct, frozen=True, kw_only=True):
    """What a sender may need besides its settings."""

    clock: Clock
    allow_private_targets: bool


class Kind(Struct, frozen=True, kw_only=True):
    """One way of sending."""

    name: str
    label: dict[str, str]
    shape: type[Struct]
    """The type of its settings; unknown ones are refused."""
    settings: tuple[Setting, ...] = ()
    concurrency: int = 4
    """Tries under way at a time; 0 for a channel that never waits."""
    make: Callable[[Channel, Any, Surroundings], Sender]
    faults: Callable[[Any], list[str]] = lambda _: []
    """What is wrong with settings of the right shape."""

    def read(self, channel: Channel) -> Any:  # noqa: ANN401  (of type `shape`)
        """Return the channel's settings.

        Raises:
            BadSettings: one or more are wrong.
        """
        try:
            settings = msgspec.convert(channel.settings, self.shape)
        except msgspec.ValidationError as error:
            raise BadSettings([f"channel “{channel.name}” ({self.name}): {error}"]) from error
        faults = [f"channel “{channel.name}” ({self.name}): {fault}" for fault in self.faults(settings)]
        if faults:
            raise BadSettings(faults)
        return settings


class NoSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Of a kind that has none."""
