"""A worker is kept alive, whatever ends it, and whatever keeps it from being started."""

import asyncio
from pathlib import Path

import pytest

from orderwatch.config import Settings
from orderwatch.processes.supervisor import Supervisor
from tests.fake_clock import FakeClock


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """Give the path of a program that is not there yet."""
    return tmp_path / "python"


async def test_a_worker_that_cannot_be_started_is_tried_again_and_leaves_no_file_open(tmp_path, python):
    clock = FakeClock()
    supervisor = Supervisor(Settings(data=str(tmp_path)), clock, python=str(python))
    running = asyncio.create_task(supervisor.run())
    await clock.asleep()
    before = open_files()
    clock.advance(seconds=20)
    await clock.asleep()
    assert (supervisor.restarts, open_files()) == (2, before)

    python.write_text(f"#!/bin/sh\ncat > {tmp_path}/told\nexit 3\n")
    python.chmod(0o700)
    clock.advance(seconds=20)
    await clock.asleep()

    assert supervisor.restarts == 3
    assert str(tmp_path) in (tmp_path / "told").read_text()
    supervisor.expect_end()
    clock.advance(seconds=20)
    await running
