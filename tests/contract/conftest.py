"""Stores that the contract suites run over."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from orderwatch.storage.engines import Engines
from tests.store_rows import open_empty


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def engines(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Engines]:
    """Give an empty store, on each database in turn."""
    database = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    engines = await open_empty(tmp_path, database)
    yield engines
    await engines.dispose()
