"""The demo as a person starts it: one command, a full board, and nothing left behind."""

import http.client
import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.running import PROGRAM


class Demo:
    """A running demo whose throw-away folder lies in `folder`."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder
        self.environment = {**os.environ, "TMPDIR": str(folder), "ORDERWATCH_LANGUAGE": "ko"}
        self.process = subprocess.Popen(
            [PROGRAM, "demo", "--port", str(self.port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self.environment,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if "데모를 시작합니다" in line:
                return
        raise AssertionError(self.said)

    @property
    def data(self) -> Path:
        return next(self.folder.glob("orderwatch-demo-*"))

    def token(self) -> str:
        words = [PROGRAM, "token", "create", "test", "--role", "admin", "--data", str(self.data)]
        return subprocess.run(words, capture_output=True, text=True, check=True, env=self.environment).stdout.strip()

    def ask(self, path: str, token: str) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """Give a demo that has just begun."""
    running = Demo(tmp_path)
    yield running
    if running.process.poll() is None:
        os.killpg(running.process.pid, signal.SIGKILL)
        running.process.wait(20)
    assert running.process.stdout is not None
    running.process.stdout.close()


def test_three_platforms_fill_the_board_and_nothing_is_left_when_it_ends(demo: Demo, tmp_path: Path) -> None:
    token = demo.token()
    stats = demo.ask("/api/v1/insights/summary", token)
    while stats["open"] < 50 or len(stats["by_status"]) < 6:
        stats = demo.ask("/api/v1/insights/summary", token)

    sending = {light["source"] for light in stats["sources"] if light["events"]}
    assert sending == {"swift-table", "magpie-eats", "own-shop"}
    assert sum(light["unreadable"] for light in stats["sources"]) == 0
    assert demo.ask("/api/v1/quarantine", token)["items"] == []
    orders = demo.ask("/api/v1/orders?source=magpie-eats&limit=20", token)["items"]
    assert all(order["store_id"] and order["total"] and order["currency"] == "KRW" for order in orders)
    assert "/login?invite=" in demo.said

    demo.process.send_signal(signal.SIGTERM)

    assert demo.process.wait(20) == 0
    assert list(tmp_path.glob("orderwatch-demo-*")) == []


def test_a_demo_on_a_port_that_is_taken_says_so_and_ends(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        words = [PROGRAM, "demo", "--port", str(taken.getsockname()[1])]
        environment = {**os.environ, "TMPDIR": str(tmp_path), "ORDERWATCH_LANGUAGE": "en"}

        done = subprocess.run(words, capture_output=True, text=True, env=environment, timeout=50)

    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert list(tmp_path.glob("orderwatch-demo-*")) == []
