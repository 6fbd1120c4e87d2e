"""What a kind of channel is: what its ``channel.toml`` says to people, and what its ``send.py`` does."""

import importlib
import tomllib
from collections.abc import Mapping
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

import msgspec
from msgspec import Struct

from orderwatch.domain.errors import BadSettings
from orderwatch.domain.notifications import Channel
from orderwatch.kit.clock import Clock
from orderwatch.notify.ports import Sender

if TYPE_CHECKING:
    import httpx2

Words = dict[str, str]
"""Language, ``ko`` or ``en`` → words."""


class Setting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One setting of a kind, as a form shows it."""

    name: str
    type: Literal["text", "url", "integer", "boolean"] = "text"
    required: bool = False
    secret: bool = False
    label: Words
    help: Words
    example: str | int | bool


class Description(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ``channel.toml``."""

    kind: str
    concurrency: int
    """Tries under way at a time; 0 for a channel that never waits."""
    label: Words
    help: Words
    settings: tuple[Setting, ...] = ()


class Surroundings:
    """What senders may need besides their settings. They share it, and what it makes is made at its first use."""

    def __init__(self, *, clock: Clock, allow_private_targets: bool) -> None:
        """Take the clock, and whether private addresses may be called."""
        self.clock = clock
        self.allow_private_targets = allow_private_targets

    @cached_property
    def http(self) -> "httpx2.AsyncClient":
        """Return the client for addresses that users give: guarded, no redirects, no proxies of the environment."""
        import httpx2  # noqa: PLC0415  (see `transport`)

        from orderwatch.channels.transport import GuardedTransport  # noqa: PLC0415

        transport = GuardedTransport(allow_private=self.allow_private_targets)
        return httpx2.AsyncClient(transport=transport, follow_redirects=False, trust_env=False)


class Code(Protocol):
    """A ``send.py``."""

    def make(self, settings: Mapping[str, Any], surroundings: Surroundings, /) -> Sender:
        """Return the sender for settings whose names and types are right. Does not block.

        Raises:
            BadSettings: they are wrong in another way.
        """
        ...

    def faults(self, settings: Mapping[str, Any], /) -> list[str]:
        """Return what is wrong with those settings whose names and types are right. May block."""
        ...


class Kind(Struct, frozen=True):
    """One way of sending: the folder of this name. Its code is imported at the first use."""

    name: str

    @property
    def description(self) -> Description:
        """Return what its ``channel.toml`` says."""
        return _description(self.name)

    @property
    def concurrency(self) -> int:
        """Return how many tries may be under way at a time; 0 for a channel that never waits."""
        return self.description.concurrency

    def read(self, channel: Channel) -> Mapping[str, Any]:
        """Return the channel's settings. May block: judging an Apprise address loads Apprise.

        Raises:
            BadSettings: with everything that is wrong with them.
        """
        settings = channel.settings
        wrong = _faults_of(self.description, settings)
        right = {name: value for name, value in settings.items() if name not in wrong}
        faults = [*wrong.values(), *self._code.faults(right)]
        if faults:
            raise self._wrong(channel, faults)
        return settings

    def make(self, channel: Channel, surroundings: Surroundings) -> Sender:
        """Return the channel's sender. Never blocks.

        Raises:
            BadSettings: with everything that is wrong with its settings, as far as that is found without blocking.
        """
        faults = _faults_of(self.description, channel.settings)
        if faults:
            raise self._wrong(channel, [*faults.values()])
        try:
            return self._code.make(channel.settings, surroundings)
        except BadSettings as error:
            raise self._wrong(channel, error.faults) from error

    def _wrong(self, channel: Channel, faults: list[str]) -> BadSettings:
        return BadSettings([f"channel “{channel.name}” ({self.name}): {fault}" for fault in faults])

    @property
    def _code(self) -> Code:
        return cast("Code", importlib.import_module(f"orderwatch.channels.{self.name}.send"))


@cache
def _description(name: str) -> Description:
    text = files(f"orderwatch.channels.{name}").joinpath("channel.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Description)


_TYPES: Mapping[str, tuple[type, str]] = {
    "text": (str, "a text"),
    "url": (str, "an address"),
    "integer": (int, "a whole number"),
    "boolean": (bool, "true or false"),
}


def _faults_of(description: Description, settings: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with names and types, by name."""
    known = {setting.name: setting for setting in description.settings}
    unknown = {name: f"there is no setting “{name}”" for name in settings if name not in known}
    found = {name: _fault_of(setting, settings.get(name)) for name, setting in known.items()}
    return unknown | {name: fault for name, fault in found.items() if fault is not None}


def _fault_of(setting: Setting, value: object) -> str | None:
    kind, wanted = _TYPES[setting.type]
    if value is None or value == "":
        return f"{setting.name} is missing: {setting.help['en']}" if setting.required else None
    # True and False are whole numbers to Python, and to nobody else.
    is_right = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    return None if is_right else f"{setting.name} must be {wanted}"
