"""Sets of keys over real HTTP: from an address that behaves, and from those that do not."""

import asyncio
import gzip
from contextlib import asynccontextmanager

import pytest

from orderwatch.domain.errors import Unavailable
from orderwatch.intake.keyring import PAUSE_SECONDS
from orderwatch.processes.platform_keys import LONGEST_BYTES, HttpKeyFetcher
from orderwatch.providers.examples import read_example
from tests.fake_clock import FakeClock
from tests.preset_cases import catalog, request_for, source_for
from tests.rsa_keys import key_set
from tests.web_server import web_server

GUARDED = HttpKeyFetcher(allow_private=False)
FETCHER = HttpKeyFetcher(allow_private=True)


@asynccontextmanager
async def answering(*pieces):
    """Serve one answer on a real port."""
    asked = []

    async def serve(reader, writer):
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jwks", asked


def answer(body, *, status="200 OK", headers=""):
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


async def test_a_set_of_keys_is_fetched():
    async with answering(answer(key_set())) as (address, asked):
        assert await FETCHER.fetch(address) == key_set()

    assert asked[0].startswith(b"GET /jwks HTTP/1.1")
    assert b"cookie" not in asked[0].lower()


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Again", "404 Not Found", "500 Oh", "204 Nothing"])
async def test_a_redirect_is_not_followed_and_a_failure_is_one(status):
    elsewhere = "Location: http://127.0.0.1:1/\r\n"
    async with answering(answer(b"", status=status, headers=elsewhere)) as (address, _):
        with pytest.raises(Unavailable, match=status[:3]):
            await FETCHER.fetch(address)


async def test_an_endless_answer_is_read_no_further_than_a_set_is_long():
    head = b"HTTP/1.1 200 OK\r\n\r\n"
    async with answering(head, *[b" " * 65536] * 160) as (address, _):
        with pytest.raises(Unavailable, match=str(LONGEST_BYTES)):
            await FETCHER.fetch(address)


async def test_a_packed_answer_is_refused_for_it_may_be_anything_when_unpacked():
    packed = gzip.compress(b" " * 10_000_000)
    async with answering(answer(packed, headers="Content-Encoding: gzip\r\n")) as (address, _):
        with pytest.raises(Unavailable, match="compressed"):
            await FETCHER.fetch(address)


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/jwks", "https://localhost:1/jwks", "https://[::1]:1/jwks"])
async def test_an_address_within_is_not_asked(address):
    with pytest.raises(Unavailable, match=r"not a public address|no HTTPS"):
        await GUARDED.fetch(address)


@pytest.mark.parametrize("address", ["https://nowhere.invalid/jwks", "http://127.0.0.1:1/jwks", "https://", "nothing"])
async def test_an_address_that_leads_nowhere_is_said_so(address):
    with pytest.raises(Unavailable):
        await FETCHER.fetch(address)


class Platform:
    """Publishes no keys until it does."""

    def __init__(self):
        self.body: bytes | None = None

    async def fetch(self, address):
        if self.body is None:
            raise Unavailable("the answer is 500")
        return self.body


async def test_until_the_keys_can_be_had_a_sender_is_asked_to_come_again_and_then_it_is_taken(tmp_path):
    platform, clock, declared = Platform(), FakeClock(), catalog().declared["shipstation"]
    source = source_for(declared)
    sent = request_for(declared, source, read_example(declared.folder, "order_picked_up"))
    clock.advance(seconds=(sent.received_at - clock.now()).total_seconds())

    async with web_server(tmp_path, clock=clock, key_fetcher=platform) as server:
        await server.registry.sources.create(source, by="test")
        early = await server.client.post(sent.path, content=sent.body, headers=sent.headers.as_dict())
        clock.advance(seconds=PAUSE_SECONDS)
        platform.body = key_set("another-key")
        unknown = await server.client.post(sent.path, content=sent.body, headers=sent.headers.as_dict())
        clock.advance(seconds=PAUSE_SECONDS)
        platform.body = key_set()
        (refused,) = (await server.get("/api/v1/quarantine"))["items"]
        again = await server.call("POST", f"/api/v1/quarantine/{refused['id']}/resubmit")
        taken = await server.client.post(sent.path, content=sent.body, headers=sent.headers.as_dict())

    assert (early.status_code, early.headers["retry-after"]) == (503, "30")
    assert unknown.status_code == 401
    assert again.json()["outcome"] == "accepted", again.text
    assert taken.json()["duplicate"] is True
