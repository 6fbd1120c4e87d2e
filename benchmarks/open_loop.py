"""A fixed rate of webhooks, whatever the server does: latency counts from when each was due, so waiting is not hidden.

Run as a process of its own: ``python -m benchmarks.open_loop PORT TARGET RATE SECONDS RUN``; prints one JSON object.
"""

import asyncio
import itertools
import json
import subprocess
import sys
import time
from collections import deque
from typing import Any

import uvloop

from benchmarks import webhooks

CONNECTIONS = 64
TICK_SECONDS = 0.001


class Sender(asyncio.Protocol):
    """One connection with at most one request under way."""

    def __init__(self, load: "Load") -> None:
        self.load = load
        self.due = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.load.idle.append(self)

    def send(self, text: bytes, due: float) -> None:
        self.due = due
        self.transport.write(text)

    def data_received(self, data: bytes) -> None:
        # Head and body may come apart, and a body together with the next head: a head is what counts.
        if b"HTTP/1.1 " in data:
            self.load.answered(self, ok=b"HTTP/1.1 20" in data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.load.lost += 1


class Load:
    """The schedule and what came of it."""

    def __init__(self, target: str, rate: int, seconds: int, run: str) -> None:
        self.idle: deque[Sender] = deque()
        self.waiting: deque[tuple[bytes, float]] = deque()
        self.latencies: list[float] = []
        self.refused = self.lost = 0
        self.rate, self.total = rate, rate * seconds
        self.requests = [webhooks.request(target, b) for b in itertools.islice(webhooks.bodies(run), self.total)]

    def answered(self, sender: Sender, *, ok: bool) -> None:
        self.latencies.append(time.perf_counter() - sender.due)
        self.refused += not ok
        if self.waiting:
            sender.send(*self.waiting.popleft())
        else:
            self.idle.append(sender)

    async def run(self, port: int) -> dict[str, float]:
        loop = asyncio.get_running_loop()
        for _ in range(CONNECTIONS):
            await loop.create_connection(lambda: Sender(self), "127.0.0.1", port)
        self.began, sent = time.perf_counter(), 0
        began = self.began
        while sent < self.total:
            now = time.perf_counter()
            while sent < self.total and began + sent / self.rate <= now:
                due = began + sent / self.rate
                if self.idle:
                    self.idle.popleft().send(self.requests[sent], due)
                else:
                    self.waiting.append((self.requests[sent], due))
                sent += 1
            await asyncio.sleep(TICK_SECONDS)
        while len(self.latencies) < self.total and time.perf_counter() - began < self.total / self.rate + 30:
            await asyncio.sleep(0.01)
        return self.report(time.perf_counter() - began)

    def report(self, took: float) -> dict[str, float]:
        ordered = sorted(self.latencies)
        pick = lambda share: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1e3, 2)  # noqa: E731
        return {
            "sent": self.total,
            "began": self.began,
            "answered": len(ordered),
            "refused": self.refused,
            "lost": self.lost,
            "per_second": len(ordered) / took,
            "p50_ms": pick(0.5),
            "p99_ms": pick(0.99),
            "p999_ms": pick(0.999),
            "max_ms": pick(1),
        }


def measure(port: int, *, target: str, rate: int, seconds: int, run: str) -> dict[str, float]:
    """Run the load in a process of its own and return its report."""
    command = [sys.executable, "-m", "benchmarks.open_loop", str(port), target, str(rate), str(seconds), run]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def start(port: int, *, target: str, rate: int, seconds: int, run: str) -> subprocess.Popen:
    """Start the load in a process of its own; its report is its standard output."""
    command = [sys.executable, "-m", "benchmarks.open_loop", str(port), target, str(rate), str(seconds), run]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    port, target, rate, seconds, run = sys.argv[1:]
    load = Load(target, int(rate), int(seconds), run)
    print(json.dumps(uvloop.run(load.run(int(port)))))
