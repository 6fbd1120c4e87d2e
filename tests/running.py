"""A real server as a process of its own, for tests that look from outside. Waiting is reading: nothing sleeps."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

PROGRAM = str(Path(sys.executable).with_name("orderwatch"))


class RunningServer:
    """`orderwatch serve` on a free port. Use as a context manager; `kill` and `start` may follow each other."""

    def __init__(self, data, *options, cwd=None, environment=None):
        self.data, self.options, self.cwd = data, options, cwd
        self.environment = {**os.environ, "ORDERWATCH_LANGUAGE": "en", "ORDERWATCH_LOG_FORMAT": "json"}
        self.environment |= environment or {}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.token = None
        self.banner = ""
        self.process: Any = None

    def __enter__(self):
        self.start()
        self.token = self.run("token", "create", "test", "--role", "admin").strip()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
        self.process.stdout.close()

    def run(self, *words):
        command = [PROGRAM, *words, "--data", str(self.data)]
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment, cwd=self.cwd, timeout=50)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self):
        address = ["--host", "127.0.0.1", "--port", str(self.port), "--data", str(self.data)]
        self.log = (Path(self.data).parent / "server.log").open("ab")
        self.process = subprocess.Popen(
            [PROGRAM, "serve", *address, *self.options],
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=self.environment,
            cwd=self.cwd,
            start_new_session=True,
        )
        self.log.close()
        self.banner = ""
        # The banner's last line comes when webhooks are taken.
        while "Ctrl-C" not in self.banner:
            line = self.process.stdout.readline().decode()
            assert line, f"the server ended: {self.log_text()[-2000:]}"
            self.banner += line

    def log_text(self):
        return (Path(self.data).parent / "server.log").read_text()

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)
        self.process.stdout.close()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        self.process.stdout.close()

    def worker_pids(self):
        return [
            int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ]

    def call(self, method, path, body=None, *, headers=None, token=True) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = {"Content-Type": "application/json", **(headers or {})}
        if token and self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        connection.request(method, path, body=json.dumps(body) if isinstance(body, dict) else body, headers=sent)
        answer = connection.getresponse()
        raw = answer.read()
        connection.close()
        return answer.status, json.loads(raw) if raw else None

    def webhook(self, **event) -> tuple[int, Any]:
        return self.call("POST", "/webhook", event, token=False)

    def order(self, order_id, source="default") -> Any:
        status, order = self.call("GET", f"/api/v1/orders/{source}/{quote(order_id, safe='')}")
        return order if status == 200 else None

    @contextmanager
    def stream(self, last=None):
        """Open the live stream; yields an iterator of (event, data, id), and a socket time-out fails the test."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "text/event-stream"}
        connection.request("GET", "/api/v1/stream", headers=headers | ({"Last-Event-ID": last} if last else {}))
        answer = connection.getresponse()
        assert answer.status == 200, answer.status
        try:
            yield _events(answer)
        finally:
            answer.close()
            connection.close()

    def wait_for_order(self, order_id, wanted=lambda _: True, *, source="default"):
        """Return the order once it is there as wanted, told by the stream."""
        with self.stream() as events:
            for _ in events:
                order = self.order(order_id, source)
                if order is not None and wanted(order):
                    return order
        raise AssertionError(order_id)


def _events(answer):
    event, data, number = "message", "", None
    while line := answer.readline().decode():
        line = line.rstrip("\r\n")
        if not line:
            if data:
                yield event, json.loads(data), number
            event, data = "message", ""
        elif not line.startswith(":"):
            key, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if key == "event":
                event = value
            elif key == "data":
                data += value
            elif key == "id":
                number = value
