"""A provider that is a folder: ``provider.toml``, examples, and code only where that cannot say it."""

import difflib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from orderwatch.domain.errors import BadMapping, BadSettings, OrderwatchError, Unreadable
from orderwatch.domain.events import Event
from orderwatch.domain.presets import Preset
from orderwatch.domain.providers import HeaderLookup, Identity
from orderwatch.domain.receipts import Receipt
from orderwatch.domain.sources import Source, Verification
from orderwatch.intake.door import FORM, Door, read_form
from orderwatch.normalise.bodies import Json, decode
from orderwatch.normalise.declared import DeclaredReader
from orderwatch.normalise.where import Ground
from orderwatch.providers.files import read_preset
from orderwatch.providers.hooks import read_hooks

Parse: TypeAlias = Callable[[Any, HeaderLookup], Json]
"""``parse.py``: ``def parse(body, headers)`` returns the body as ``[event]`` reads it."""
_headers = msgspec.json.Decoder(dict[str, str]).decode
_NAMED = "_named"


class DeclaredProvider:
    """Speaks as its ``provider.toml`` says."""

    def __init__(self, preset: Preset, *, parse: Parse | None = None) -> None:
        """Compile the preset; `parse` is the function of its ``parse.py``.

        Raises:
            BadMapping: something in it cannot be what was meant.
        """
        self._reader = DeclaredReader(preset.event, preset.case)
        self._always_new = preset.event.always_new
        self._parse = parse

    def identify(self, source: Source, headers: HeaderLookup, body: Any, *, path: str = "") -> Identity:  # noqa: ANN401, ARG002
        """Return the id of what the request tells.

        Raises:
            Unreadable: it has no event type, or no order id where it must have one.
        """
        return Identity(self._reader.event_id(self._ground(body, headers, path)), always_new=self._always_new)

    def read(self, source: Source, receipt: Receipt) -> Sequence[Event]:
        """Return the events that `receipt` tells.

        Raises:
            BadMapping: an expression of the preset cannot take this body.
            Unreadable: it is not what `identify` would take.
        """
        body: Json = read_form(receipt.body) if receipt.content_type == FORM else decode(receipt.body)
        headers = _headers(receipt.headers) if receipt.headers else {}
        return self._reader.read(self._ground(body, headers, receipt.path), source=source, receipt=receipt)

    def _ground(self, body: Json, headers: HeaderLookup, path: str) -> Ground:
        if self._parse is not None:
            body = _parsed(self._parse, body, headers)
        return Ground(body, body, headers, path)


class Declared(Struct, frozen=True, kw_only=True):
    """One provider's folder, ready for use."""

    slug: str
    folder: Path
    preset: Preset
    provider: DeclaredProvider
    door: Door

    def faults(self, source: Source) -> list[str]:
        """Return what is wrong with a source of this provider."""
        known = self.preset.settings
        faults = [
            f"settings.{name}: {setting.about}"
            for name, setting in known.items()
            if setting.needed and not source.settings.get(name)
        ]
        for name in source.settings:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
                faults.append(f"settings.{name}: {self.preset.name} has no such setting{_hint(near, list(known))}")
        if source.verification is Verification.PROVIDER and not self.preset.signature:
            faults.append(f"verification: {self.preset.name} can prove nothing; take another.")
        return faults


def read_declared(folder: Path) -> Declared:
    """Return the provider in `folder`.

    Raises:
        BadSettings: something in it is wrong; names the file.
    """
    preset = read_preset(folder)
    parse = read_hooks(folder, "parse.py").get("parse")
    try:
        return Declared(
            slug=folder.name,
            folder=folder,
            preset=preset,
            provider=DeclaredProvider(preset, parse=parse),
            door=Door(preset, hooks=read_hooks(folder, "verify.py")),
        )
    except BadMapping as fault:
        raise BadSettings([f"{folder / 'provider.toml'}: {fault.message}"]) from fault


def _parsed(parse: Parse, body: Json, headers: HeaderLookup) -> Json:
    try:
        return parse(body, headers)
    except OrderwatchError:
        raise
    except Exception as fault:  # it stumbled over what the sender wrote
        raise Unreadable(f"The body is not what the platform sends: {type(fault).__name__}.") from fault


def _hint(near: list[str], known: list[str]) -> str:
    if near:
        return f"; did you mean {near[0]}?"
    return f" (there are {', '.join(known)})" if known else ""
