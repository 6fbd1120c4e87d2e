"""A running receiver for the tests beside this file."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.web_server import WebServer, web_server


@pytest.fixture
async def server(tmp_path: Path) -> AsyncGenerator[WebServer]:
    """Give a server with an empty store."""
    async with web_server(tmp_path) as running:
        yield running
