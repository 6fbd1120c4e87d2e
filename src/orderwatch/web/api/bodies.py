"""Request bodies: bounded, JSON alone, and checked by the type that they become."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request

from orderwatch.domain.errors import BadSettings, TooLarge, UnsupportedMedia

_MOST_BYTES = 256 * 1024
_MOST_SECONDS = 10
_PLACE = re.compile(r" - at `\$\.?(?P<place>[^`]*)`$")
T = TypeVar("T", bound=msgspec.Struct)


def body_of(
    kind: type[T], *, empty: T | None = None, ignored: frozenset[str] = frozenset()
) -> Callable[[Request], Awaitable[T]]:
    """Return a dependency that reads the request's body as a `kind`.

    An empty body is `empty`, where that is given; keys in `ignored` are passed over.
    """
    decode = msgspec.json.Decoder(dict[str, Any] if ignored else kind).decode

    async def read(request: Request) -> T:
        raw = await _read(request)
        if not raw and empty is not None:
            return empty
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != "application/json":
            raise UnsupportedMedia("The body must be JSON: Content-Type: application/json.")
        try:
            body = decode(raw)
            if isinstance(body, dict):
                return msgspec.convert({k: v for k, v in body.items() if k not in ignored}, kind)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise BadSettings([_fault(str(error))]) from error
        except RecursionError as error:
            raise BadSettings(["The body is nested too deeply."]) from error
        return body

    return read


async def _read(request: Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(_MOST_SECONDS):
            async for part in request.stream():
                body += part
                if len(body) > _MOST_BYTES:
                    raise TooLarge(f"The body is longer than {_MOST_BYTES} bytes.")
    except TimeoutError:
        detail = f"The body was not complete after {_MOST_SECONDS} s."
        raise HTTPException(408, detail, headers={"connection": "close"}) from None
    return bytes(body)


def _fault(message: str) -> str:
    """Return msgspec's message with the field in front, as our own faults have it."""
    found = _PLACE.search(message)
    if not found:
        return message
    rest = message[: found.start()]
    return f"{found['place'].replace(' ', '')}: {rest}" if found["place"] else rest
