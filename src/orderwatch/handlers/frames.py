"""What the worker and the handler host say to each other: length-prefixed JSON over a socket."""

import asyncio
import struct
from typing import TypeVar

import msgspec
from msgspec import Struct

from orderwatch.domain.events import Event
from orderwatch.domain.orders import Order

_LENGTH = struct.Struct("!I")
_LONGEST = 64 * 1024 * 1024
Frame = TypeVar("Frame", bound=Struct)


class Ready(Struct, frozen=True):
    """The host's first word: what there is, or why there is nothing."""

    names_by_type: dict[str, list[str]]
    error: str | None = None


class Call(Struct, frozen=True, kw_only=True):
    """Run one handler."""

    id: int
    handler: str
    event: Event
    order: Order | None


class Note(Struct, frozen=True, kw_only=True):
    """What a handler wants to be told to people."""

    text: str
    title: str | None = None
    channel: str | None = None


class Answer(Struct, frozen=True, kw_only=True):
    """How a call went."""

    id: int
    notes: list[Note] = []
    error: str | None = None


async def read_frame(reader: asyncio.StreamReader, kind: type[Frame]) -> Frame | None:
    """Return the next frame; None when the other side is gone, or says what cannot be understood."""
    try:
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        if length > _LONGEST:
            return None
        return msgspec.json.decode(await reader.readexactly(length), type=kind)
    except (asyncio.IncompleteReadError, ConnectionError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def readable(text: str) -> str:
    """Return `text` as it can be sent and kept: half characters, which Python lets be made, and NUL are replaced."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def frame(value: Struct) -> bytes:
    """Return a frame's bytes."""
    body = msgspec.json.encode(value)
    return _LENGTH.pack(len(body)) + body
