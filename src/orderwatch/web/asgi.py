"""The few ASGI words that our own handlers need, below any framework."""

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any, TypeAlias

from orderwatch.web.problems import CONTENT_TYPE, problem

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
HeaderList: TypeAlias = Sequence[tuple[bytes, bytes]]


async def answer(send: Send, status: int, body: bytes, headers: HeaderList) -> None:
    """Send one whole response. A body where the status forbids one is the caller's fault."""
    length = () if status == 204 else ((b"content-length", b"%d" % len(body)),)  # noqa: PLR2004
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *length]})
    await send({"type": "http.response.body", "body": body})


async def refuse(send: Send, status: int, *, code: str, detail: str, headers: HeaderList = ()) -> None:
    """Send a problem."""
    body = problem(status, code=code, detail=detail)
    await answer(send, status, body, [(b"content-type", CONTENT_TYPE), *headers])
