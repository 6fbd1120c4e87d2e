"""The examples beside a ``provider.toml``: requests as the platform sends them, and the events that they are."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from orderwatch.domain.errors import BadSettings, NotFound

FOLDER = "examples"


class ExampleRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One request, without what proves it."""

    method: str = "POST"
    rest: str = ""
    """What follows the source's own address: ``/order-accepted?x=1``."""
    headers: dict[str, str] = {}
    body: msgspec.Raw = msgspec.Raw(b"null")
    """JSON, sent byte for byte as it stands in the file."""
    text: str | None = None
    """Where the body is no JSON."""

    @property
    def content(self) -> bytes:
        """Return the body's bytes."""
        return bytes(self.body) if self.text is None else self.text.encode()


class Example(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of the folder ``examples``; its name is the file's."""

    about: str
    origin: str
    """Where it is from: an address, or ``made by us after`` one."""
    received_at: str = "2026-11-24T12:00:00Z"
    request: ExampleRequest
    events: list[dict[str, Any]] = []
    """The canonical events, without what belongs to the receipt."""


def example_names(folder: Path) -> Sequence[str]:
    """Return the names of the examples of the provider in `folder`."""
    return sorted(path.stem for path in (folder / FOLDER).glob("*.json"))


def read_example(folder: Path, name: str) -> Example:
    """Return the example `name` of the provider in `folder`.

    Raises:
        NotFound: there is none.
        BadSettings: its file is not as it should be.
    """
    names = example_names(folder)
    if name not in names:
        raise NotFound(f"There is no example {name} (there are {', '.join(names) or 'none'}).")
    path = folder / FOLDER / f"{name}.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Example)
    except msgspec.MsgspecError as fault:
        raise BadSettings([f"{path}: {fault}"]) from None
