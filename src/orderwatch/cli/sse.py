"""Reads server-sent events."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import msgspec
from msgspec import Struct

from orderwatch.cli.api import refusal

_QUIET_SECONDS = 60.0
"""The server says something every fifteen."""


class StreamEvent(Struct, frozen=True):
    """One event of the live stream."""

    name: str
    id: str
    data: dict[str, Any]


async def read_stream(client: httpx2.AsyncClient, *, last_event_id: str) -> AsyncIterator[StreamEvent]:
    """Yield the events of ``/api/v1/stream`` until it ends; `last_event_id` is where to go on, or empty.

    Raises:
        OrderwatchError: the server refused.
        httpx2.TransportError: nobody answers, or the connection broke.
    """
    headers = {"accept": "text/event-stream"} | ({"last-event-id": last_event_id} if last_event_id else {})
    timeout = httpx2.Timeout(_QUIET_SECONDS, connect=5.0)
    async with client.stream("GET", "/api/v1/stream", headers=headers, timeout=timeout) as answer:
        if not answer.is_success:
            await answer.aread()
            raise refusal(answer)
        fields: dict[str, str] = {}
        async for line in _lines(answer):
            if not line:
                if "data" in fields:
                    yield StreamEvent(
                        fields.get("event", "message"), fields.get("id", ""), msgspec.json.decode(fields["data"])
                    )
                fields = {}
            elif not line.startswith(":"):
                name, _, value = line.partition(":")
                value = value.removeprefix(" ")
                fields[name] = f"{fields[name]}\n{value}" if name == "data" and name in fields else value


async def _lines(answer: httpx2.Response) -> AsyncIterator[str]:
    """Yield lines as the standard ends them. The client's own ends them at U+2028 too, which JSON holds as it is."""
    rest = b""
    async for part in answer.aiter_bytes():
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            yield line.removesuffix(b"\r").decode()
