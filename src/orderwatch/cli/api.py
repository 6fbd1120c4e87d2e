"""Asks a running server, through its API."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from orderwatch.cli.pump import reason_of
from orderwatch.cli.store import BY
from orderwatch.cli.target import open_client
from orderwatch.config import Settings
from orderwatch.domain.errors import BadSettings, NotAllowed, NotFound, OrderwatchError, Unavailable
from orderwatch.domain.people import Role
from orderwatch.kit.clock import SystemClock
from orderwatch.processes.opening import open_store


class Api:
    """One server, asked with one token."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        """Take an open client that sends the token."""
        self.client = client

    async def get(self, path: str, **query: str | int | None) -> Any:  # noqa: ANN401  (JSON)
        """Return the answer to GET.

        Raises:
            OrderwatchError: the server refused, or does not answer.
        """
        given = {key: value for key, value in query.items() if value is not None}
        return await self._ask("GET", path, params=given)

    async def post(self, path: str, body: object = None) -> Any:  # noqa: ANN401  (JSON)
        """Return the answer to POST, without a body where there is none.

        Raises:
            OrderwatchError: the server refused, or does not answer.
        """
        return await self._ask("POST", path, **({} if body is None else {"json": body}))

    async def _ask(self, method: str, path: str, **more: object) -> Any:  # noqa: ANN401
        try:
            answer = await self.client.request(method, path, **more)  # pyright: ignore[reportArgumentType]
        except httpx2.TransportError as error:
            raise nobody_answers(str(self.client.base_url), error) from None
        if answer.is_success:
            return answer.json() if answer.content else None
        raise refusal(answer)


@asynccontextmanager
async def open_api(settings: Settings, *, url: str | None, token: str | None, role: Role) -> AsyncGenerator[Api]:
    """Open the API of the server at `url`, else of the one that `settings` describe.

    Without a `token`, one is made in that server's store for as long as this lasts.

    Raises:
        BadSettings: there is no token, and no store on this machine to make one in.
    """
    base_url = (url or settings.base_url).rstrip("/")
    if token is not None:
        async with open_client(base_url, connections=8, token=token) as client:
            yield Api(client)
        return
    if url is not None or not (settings.database or (settings.folder / "registry.sqlite").is_file()):
        raise BadSettings(
            ["there is no token: add --token, or set ORDERWATCH_TOKEN (`orderwatch token create` makes one)"]
        )
    async with open_store(settings, SystemClock(), migrate=True) as store:
        tokens = store.registry.tokens
        made, secret = await tokens.create("command line, for the while", role=role, by=BY)
        try:
            async with open_client(base_url, connections=8, token=secret) as client:
                yield Api(client)
        finally:
            await tokens.revoke(made.id, by=BY)


def nobody_answers(url: str, error: Exception) -> Unavailable:
    """Return what to say when no server answers at `url`."""
    reason = str(error) or type(error).__name__
    return Unavailable(f"No server answers at {url.rstrip('/')} ({reason}). Is `orderwatch serve` running there?")


def refusal(answer: httpx2.Response) -> OrderwatchError:
    """Return what to say when the server refused."""
    kind = {404: NotFound, 401: NotAllowed, 403: NotAllowed}.get(answer.status_code, OrderwatchError)
    return kind(f"The server refused: {answer.status_code} {reason_of(answer)}")
