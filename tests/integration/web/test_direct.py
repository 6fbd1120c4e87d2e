"""The short way of plain webhooks, on a real port: what it takes, what it leaves to the long way, and how it ends."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import pytest

from orderwatch.kit.clock import SystemClock
from orderwatch.processes.server import Server, make_server
from orderwatch.web.asgi import HeaderList, Receive, Scope, Send, answer
from orderwatch.web.bodies import read_body
from orderwatch.web.direct import Reply
from orderwatch.web.direct_protocol import DirectProtocol, direct_protocol

WEBHOOK = b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
LONG = b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nlong"
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


class Shop:
    """Takes what is ``{}`` by the short way; says of the rest which way it came."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.holds = False
        self.fault: Exception | None = None
        self.taken = asyncio.Event()

    def take(self, target: bytes, headers: HeaderList, body: bytes, reply: Reply) -> bool:
        if self.fault is not None:
            raise self.fault
        if body != b"{}":
            return False
        self.replies.append(reply)
        self.taken.set()
        if not self.holds:
            reply(200, [(b"x-way", b"short")], body)
        return True


async def long_way(scope: Scope, receive: Receive, send: Send) -> None:
    del scope
    await answer(send, 200, await read_body(receive, limit=100_000), [(b"x-way", b"long")])


class Wire:
    """A connection whose answers are read one by one."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return int(head[0].split()[1]), headers, body

    async def ask(self, *pieces: bytes) -> tuple[int, dict[str, str], bytes]:
        self.writer.writelines(pieces)
        return await self.answer()

    async def rest(self) -> bytes:
        return await self.reader.read()


def only(server: Server) -> DirectProtocol:
    (connection,) = server.server_state.connections
    assert isinstance(connection, DirectProtocol)
    return connection


async def until(it_is_so: Callable[[], bool]) -> None:
    while not it_is_so():
        await SystemClock().sleep(0)  # uvicorn tells nobody what it has noticed.


@asynccontextmanager
async def served(shop: Shop) -> AsyncGenerator[tuple[Server, Wire]]:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    listener.setblocking(False)
    server = make_server(long_way, protocol=direct_protocol(10, shop), ending=lambda: None)
    serving = asyncio.ensure_future(server.serve(sockets=[listener]))
    reader, writer = await asyncio.open_connection(*listener.getsockname())
    try:
        yield server, Wire(reader, writer)
    finally:
        writer.close()
        server.should_exit = True
        await serving


async def test_a_plain_webhook_goes_the_short_way_and_its_connection_stays_open():
    async with served(Shop()) as (_, wire):
        for _ in range(3):
            status, headers, body = await wire.ask(WEBHOOK)
            assert (status, headers["x-way"], body) == (200, "short", b"{}")
            assert "date" in headers


@pytest.mark.parametrize(
    "request_bytes",
    [
        LONG,
        HEALTH,
        WEBHOOK.replace(b"POST", b"PUT"),
        WEBHOOK.replace(b"/webhook", b"/other"),
        WEBHOOK.replace(b"/webhook", b"http://x/webhook"),
    ],
)
async def test_what_is_not_plain_goes_the_long_way(request_bytes):
    async with served(Shop()) as (_, wire):
        status, headers, _ = await wire.ask(request_bytes)
        assert (status, headers["x-way"]) == (200, "long")
        assert (await wire.ask(WEBHOOK))[1]["x-way"] == "short"


async def test_an_old_sender_s_webhook_goes_the_long_way_and_its_connection_ends():
    async with served(Shop()) as (_, wire):
        assert (await wire.ask(WEBHOOK.replace(b"HTTP/1.1", b"HTTP/1.0")))[1]["x-way"] == "long"
        assert await wire.rest() == b""


async def test_a_body_in_pieces_goes_the_long_way_whole():
    async with served(Shop()) as (server, wire):
        wire.writer.write(WEBHOOK[:-1])
        await wire.writer.drain()
        await until(lambda: bool(server.server_state.connections) and only(server).cycle is not None)
        status, headers, body = await wire.ask(b"}")
    assert (status, headers["x-way"], body) == (200, "long", b"{}")


async def test_a_sender_that_waits_to_be_told_to_go_on_is_told():
    request = WEBHOOK.replace(b"Host: x", b"Host: x\r\nExpect: 100-continue")
    async with served(Shop()) as (_, wire):
        wire.writer.write(request[:-2])
        assert (await wire.answer())[0] == 100
        assert (await wire.ask(b"{}"))[0] == 200


async def test_requests_sent_before_their_answers_are_answered_in_order():
    async with served(Shop()) as (_, wire):
        wire.writer.write(WEBHOOK + LONG + HEALTH + WEBHOOK + LONG)
        answers = [await wire.answer() for _ in range(5)]
    assert [body for *_, body in answers] == [b"{}", b"long", b"", b"{}", b"long"]


async def test_what_comes_behind_a_webhook_that_is_being_written_waits_for_its_answer():
    shop = Shop()
    shop.holds = True
    async with served(shop) as (_, wire):
        wire.writer.write(WEBHOOK + HEALTH)
        await shop.taken.wait()
        shop.replies[0](503, [(b"retry-after", b"1")], b"later")
        first, second = await wire.answer(), await wire.answer()
    assert (first[0], first[1]["retry-after"], first[2]) == (503, "1", b"later")
    assert (second[0], second[1]["x-way"]) == (200, "long")


async def test_who_wants_the_connection_closed_has_it_closed():
    async with served(Shop()) as (_, wire):
        status, headers, _ = await wire.ask(WEBHOOK.replace(b"Host: x", b"Host: x\r\nConnection: close"))
        assert (status, headers["connection"]) == (200, "close")
        assert await wire.rest() == b""


async def test_a_fault_of_ours_in_the_short_way_is_no_fault_of_the_sender_s():
    shop = Shop()
    shop.fault = RuntimeError("ours")
    async with served(shop) as (_, wire):
        status, headers, body = await wire.ask(WEBHOOK)
    assert (status, headers["x-way"], body) == (200, "long", b"{}")


async def test_a_sender_that_goes_away_before_its_answer_harms_nobody():
    shop = Shop()
    shop.holds = True
    async with served(shop) as (server, wire):
        wire.writer.write(WEBHOOK)
        await shop.taken.wait()
        wire.writer.transport.abort()
        await until(lambda: not server.server_state.connections)
        shop.replies[0](200, [], b"{}")


async def test_a_server_that_ends_answers_what_it_holds_and_closes():
    shop = Shop()
    shop.holds = True
    async with served(shop) as (server, wire):
        wire.writer.write(WEBHOOK)
        await shop.taken.wait()
        server.should_exit = True
        connection = only(server)
        await until(lambda: not connection.cycle.keep_alive)
        shop.replies[0](200, [], b"{}")
        status, headers, body = await wire.answer()
        assert (status, headers["connection"], body) == (200, "close", b"{}")
        assert await wire.rest() == b""


async def test_a_connection_that_idles_is_closed_and_one_that_waits_for_its_answer_is_not():
    shop = Shop()
    shop.holds = True
    async with served(shop) as (server, wire):
        wire.writer.write(WEBHOOK)
        await shop.taken.wait()
        connection = only(server)
        connection._idle_since -= 3600
        connection._check_idle()
        assert not connection.transport.is_closing()

        shop.replies[0](200, [], b"{}")
        assert (await wire.answer())[0] == 200
        connection._idle_since -= 3600
        connection._check_idle()

        assert await wire.rest() == b""
