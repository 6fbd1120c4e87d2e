"""Starts Orderwatch as a user would, with a signed source to send to."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import webhooks

PROGRAM = str(Path(sys.executable).with_name("orderwatch"))
SOURCE = {
    "name": "bench",
    "provider": "orderwatch",
    "verification": "hmac",
    "secrets": [webhooks.SECRET],
    "hmac": {"header": "x-signature", "algorithm": "sha256", "encoding": "hex"},
}
TARGET = "/in/bench"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Orderwatch:
    """A running server with its worker, on a folder of its own."""

    def __init__(self, data: Path | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="orderwatch-bench-")
        self.data = data or Path(self._folder.name) / "data"
        self.port = free_port()

    def __enter__(self):
        self.log = (Path(self._folder.name) / "log").open("wb")
        command = [PROGRAM, "serve", "--host", "127.0.0.1", "--port", str(self.port), "--data", str(self.data)]
        began = time.perf_counter()
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, start_new_session=True)
        self.seconds_to_first_webhook = self._first_webhook(began)
        out = subprocess.run(
            [PROGRAM, "token", "create", "bench", "--role", "admin", "--data", str(self.data)],
            capture_output=True,
            text=True,
            check=True,
        )
        self.token = out.stdout.strip().splitlines()[-1]
        self.call("POST", "/api/v1/sources", SOURCE)
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)
        self.log.close()
        self._folder.cleanup()

    def _first_webhook(self, began: float) -> float:
        body = json.dumps({"event_type": "order_created", "order_id": f"first-{began}"})
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("POST", "/webhook", body=body, headers={"Content-Type": "application/json"})
                if connection.getresponse().status == 200:
                    return time.perf_counter() - began
            except OSError:
                time.sleep(0.01)
            if self.process.poll() is not None or time.perf_counter() - began > 60:
                raise SystemExit(f"the server did not start:\n{Path(self.log.name).read_text()[-2000:]}")

    def call(self, method: str, path: str, body: object = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        connection.request(method, path, body=json.dumps(body) if body is not None else None, headers=headers)
        answer = connection.getresponse()
        raw = answer.read()
        if answer.status >= 400:
            raise SystemExit(f"{method} {path}: {answer.status} {raw[:400]!r}")
        return json.loads(raw) if raw else None

    def summary(self) -> Any:
        return self.call("GET", "/api/v1/insights/summary")

    def orders(self) -> int:
        return sum(self.summary()["by_status"].values())

    def wait_until_caught_up(self, seconds: float = 300) -> float:
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            if self.summary()["pipeline"]["behind"] == 0:
                return time.perf_counter() - began
            time.sleep(0.1)
        raise SystemExit(f"the worker did not catch up in {seconds} s")

    def pids(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]


def resident_bytes(pid: int) -> int:
    """Return the proportional share of memory: what both processes share is counted once."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise SystemExit("no Pss in smaps_rollup")


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
