"""The receiver on a real port with every real part, in the test's own process; its worker runs when a test says so."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2

from orderwatch.config import Settings
from orderwatch.domain.people import Role
from orderwatch.intake.ports import KeyFetcher
from orderwatch.kit.clock import Clock, SystemClock, to_micros
from orderwatch.processes.opening import Store, open_store
from orderwatch.processes.receiver import open_receiver
from orderwatch.processes.server import make_server
from orderwatch.processes.wiring import Worker, open_worker
from orderwatch.storage.registry.registry import Registry
from orderwatch.storage.state.state import HEARTBEAT
from orderwatch.web.direct_protocol import direct_protocol


class WebServer:
    """A running receiver. `call` asks with an admin's token unless told otherwise; `work` is the worker's turn."""

    def __init__(self, *, store: Store, worker: Worker, client: httpx2.AsyncClient, ending: Callable[[], None]) -> None:
        self.store, self.worker, self.client, self.ending = store, worker, client, ending
        self.tokens: dict[Role, str] = {}

    @property
    def registry(self) -> Registry:
        return self.store.registry

    async def work(self) -> None:
        while await self.worker.follower.step() + await self.worker.commands.step():
            pass
        await self.worker.state.set_mark(HEARTBEAT, to_micros(SystemClock().now()))

    async def call(
        self, method: str, path: str, body: Any = None, *, role: Role | None = Role.ADMIN, **more: Any
    ) -> httpx2.Response:
        headers = more.pop("headers", {})
        if role is not None:
            headers = {"Authorization": f"Bearer {self.tokens[role]}", **headers}
        return await self.client.request(method, path, json=body, headers=headers, **more)

    async def get(self, path: str, *, role: Role | None = Role.ADMIN) -> Any:
        answer = await self.call("GET", path, role=role)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def send(self, *events: dict[str, Any]) -> None:
        for event in events:
            answer = await self.client.post("/webhook", json=event)
            assert answer.status_code == 200, answer.text
        await self.work()


@asynccontextmanager
async def web_server(
    folder: Path, *, clock: Clock | None = None, key_fetcher: KeyFetcher | None = None, **more: Any
) -> AsyncGenerator[WebServer]:
    """Run a server over the store in `folder`; `more` are settings."""
    # The protocol is named because asyncio sets TCP_NODELAY only where it is.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(2048)
    listener.setblocking(False)
    settings = Settings(data=str(folder), port=listener.getsockname()[1], language="en", **more)
    now = clock or SystemClock()
    async with (
        open_store(settings, now, migrate=True) as store,
        open_receiver(settings, store, now, ring=lambda: None, key_fetcher=key_fetcher) as receiver,
        open_worker(settings, store, now, committed=receiver.state_changed) as worker,
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{settings.port}", timeout=20) as client,
    ):
        uvicorn = make_server(receiver.app, protocol=direct_protocol(10, receiver.taker), ending=receiver.ending)
        serving = asyncio.ensure_future(uvicorn.serve(sockets=[listener]))
        server = WebServer(store=store, worker=worker, client=client, ending=receiver.ending)
        for role in Role:
            _, server.tokens[role] = await store.registry.tokens.create(role.value, role=role, by="test")
        try:
            yield server
        finally:
            receiver.ending()
            uvicorn.should_exit = True
            await serving
            await receiver.drain()
