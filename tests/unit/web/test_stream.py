"""One stream's life below HTTP: who does not read is dropped, and who may not read any more is sent away."""

import asyncio
from typing import Any

from orderwatch.domain.errors import Unavailable
from orderwatch.domain.people import Caller, Role
from orderwatch.live.hub import Hub
from orderwatch.live.opening import Openings
from orderwatch.live.ports import Board, Changes
from orderwatch.web.auth.cookies import SessionCookie
from orderwatch.web.auth.identify import Identifier
from orderwatch.web.stream import StreamApp
from tests.set_clock import SetClock

SCOPE = {"type": "http", "method": "GET", "headers": [(b"authorization", b"Bearer ow_x")], "query_string": b""}


class Nothing:
    """A store in which nothing ever happened."""

    async def latest(self) -> int:
        return 0

    async def after(self, number: int, *, limit: int) -> Changes | None:
        return Changes(number=0, orders=(), notifications=())

    async def board(self, *, most_open: int, latest: int) -> Board:
        return Board(number=0, open=(), open_total=0, done=(), notifications=())

    async def stats(self, *, readers: int) -> bytes:
        return b"{}"


class Tokens:
    """Knows one token until it is revoked."""

    def __init__(self) -> None:
        self.revoked = False
        self.away = False

    async def find(self, secret: str) -> Caller | None:
        if self.away:
            raise Unavailable("The registry cannot be read.")
        return None if self.revoked else Caller(name="till", role=Role.VIEWER, via="token")


class Sessions:
    async def create(self, user: str) -> str:
        raise NotImplementedError

    async def find(self, secret: str) -> Caller | None:
        return None

    async def end(self, secret: str) -> None:
        raise NotImplementedError


class Connection:
    """An ASGI server's end. `send` waits for ever once `stuck` is set."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.stuck = False
        self.gone = asyncio.Event()
        self.news = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if self.stuck:
            await asyncio.Event().wait()
        self.sent.append(message)
        self.news.set()

    async def until(self, count: int) -> None:
        while len(self.sent) < count:
            self.news.clear()
            await self.news.wait()

    @property
    def text(self) -> str:
        return b"".join(message.get("body", b"") for message in self.sent).decode()


class PatientClock(SetClock):
    """Sleeps until it is told to go on, once."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = asyncio.Event()
        self.asleep_again = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.asleep_again.set()
        await self.go_on.wait()
        self.go_on.clear()
        self.asleep_again.clear()


def open_stream(hub: Hub, tokens: Tokens, clock: PatientClock) -> tuple[Connection, asyncio.Task[None]]:
    store, connection = Nothing(), Connection()
    identifier = Identifier(tokens=tokens, sessions=Sessions(), cookie=SessionCookie("http://localhost:8000"))
    app = StreamApp(hub=hub, openings=Openings(store, store, hub, clock=clock), identifier=identifier, clock=clock)
    return connection, asyncio.ensure_future(app(dict(SCOPE), connection.receive, connection.send))  # pyright: ignore[reportReturnType]


async def test_who_does_not_read_is_dropped_and_its_place_is_free() -> None:
    hub = Hub(most_chunks=2, most_readers=1)
    connection, stream = open_stream(hub, Tokens(), PatientClock())
    await connection.until(2)

    connection.stuck = True
    for number in range(1, 6):
        hub.publish(b"data: x\n\n", number=number)
        await asyncio.wait([stream], timeout=0)

    await stream
    assert hub.interested == 0
    assert "bye" not in connection.text


async def test_who_goes_leaves_its_place() -> None:
    hub = Hub()
    connection, stream = open_stream(hub, Tokens(), PatientClock())
    await connection.until(2)

    connection.gone.set()

    await stream
    assert hub.interested == 0


async def test_who_was_signed_out_is_told_so() -> None:
    hub, tokens, clock = Hub(), Tokens(), PatientClock()
    connection, stream = open_stream(hub, tokens, clock)
    await connection.until(2)

    tokens.revoked = True
    clock.go_on.set()

    await stream
    assert 'event: bye\ndata: {"reason":"signed_out"}' in connection.text
    assert connection.sent[-1].get("more_body", False) is False


async def test_a_registry_that_cannot_be_read_ends_no_stream() -> None:
    hub, tokens, clock = Hub(), Tokens(), PatientClock()
    connection, stream = open_stream(hub, tokens, clock)
    await connection.until(2)

    await clock.asleep_again.wait()
    tokens.away = True
    clock.asleep_again.clear()
    clock.go_on.set()
    await clock.asleep_again.wait()

    assert not stream.done()
    assert "bye" not in connection.text
    connection.gone.set()
    await stream


async def test_one_reader_too_many_is_asked_to_come_back() -> None:
    hub = Hub(most_readers=1)
    first, stream = open_stream(hub, Tokens(), PatientClock())
    await first.until(2)

    second, refused = open_stream(hub, Tokens(), PatientClock())
    await refused

    assert second.sent[0]["status"] == 503
    assert (b"retry-after", b"5") in second.sent[0]["headers"]
    first.gone.set()
    await stream
