"""What docs/operations.md tells an operator to do, done as it stands there."""

import os
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.running import PROGRAM, RunningServer

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
SCRIPTS: list[str] = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
FILES: list[str] = re.findall(r"`([\w.-]+\.(?:sqlite|key|lock))`", PAGE.partition("## Backup")[0])


def run(server: RunningServer, start: str, **variables: str) -> str:
    """Run the page's script that begins so."""
    script = next(script for script in SCRIPTS if start in script)
    environment = {
        **server.environment,
        **variables,
        "ORDERWATCH_DATA": str(server.data),
        "PATH": f"{Path(PROGRAM).parent}:{os.environ['PATH']}",
    }
    command = ["bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=50)
    assert done.returncode == 0, done.stderr
    return done.stdout


def told(server: RunningServer) -> list[str]:
    answer: Any = server.call("GET", "/api/v1/notifications?channel=log")[1]
    return sorted(notification["order_id"] for notification in answer["items"])


@pytest.fixture
def server(tmp_path: Path) -> RunningServer:
    (tmp_path / "first").mkdir()
    return RunningServer(tmp_path / "first" / "data")


def test_a_served_folder_holds_the_files_that_are_named(server: RunningServer) -> None:
    with server:
        server.webhook(event_type="order_created", order_id="A-1")
        server.wait_for_order("A-1")
        there = {path.name for path in Path(server.data).iterdir() if not path.name.endswith(("-wal", "-shm"))}

    assert there == set(FILES)


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="the example needs sqlite3")
def test_a_backup_of_a_running_server_serves_again_and_tells_nobody_twice(
    server: RunningServer, tmp_path: Path
) -> None:
    with server:
        server.webhook(event_type="order_created", order_id="A-1")
        server.wait_for_order("A-1")
        run(server, "VACUUM INTO", BACKUP=str(tmp_path / "second" / "data"))
        server.webhook(event_type="order_created", order_id="A-2")
        server.wait_for_order("A-2")
    with RunningServer(tmp_path / "second" / "data") as restored:
        assert restored.order("A-2") is None
        restored.webhook(event_type="order_created", order_id="A-3")
        restored.wait_for_order("A-3")

        assert restored.order("A-1")["status"] == "created"
        assert told(restored) == ["A-1", "A-3"]
        assert "default" in restored.run("source", "show", "default")


def test_a_lost_state_is_made_anew_as_it_says_and_tells_nobody(server: RunningServer) -> None:
    with server:
        server.webhook(event_type="order_created", order_id="A-1")
        server.webhook(event_type="order_accepted", order_id="A-1")
        server.wait_for_order("A-1", lambda order: order["status"] == "accepted")
        server.stop()
        server.process.stdout.close()

        run(server, "orderwatch rebuild")
        server.start()
        server.webhook(event_type="order_created", order_id="A-2")
        server.wait_for_order("A-2")

        assert server.order("A-1")["status"] == "accepted"
        assert told(server) == ["A-2"]


def test_a_copy_of_the_journal_made_after_the_state_is_never_behind_it() -> None:
    (script,) = [script for script in SCRIPTS if "VACUUM INTO" in script]
    (order,) = re.findall(r"^for part in (.+); do$", script, re.MULTILINE)

    assert order.split() == ["state", "registry", "journal"]
    assert sqlite3.sqlite_version_info >= (3, 27)  # The first with VACUUM INTO.
