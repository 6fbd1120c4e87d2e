"""From the webhook to the order's state and the open stream, at a sustained rate."""

import http.client
import json
import threading
import time
from typing import Any

from benchmarks import open_loop, webhooks
from benchmarks.product import TARGET, Orderwatch

SAMPLE_EVERY = 20
STEP_OF_STATUS = {"created": 0, "accepted": 1, "picked_up": 2, "delivered": 3}


class Watcher(threading.Thread):
    """Reads the live stream and notes when each sampled state was seen."""

    def __init__(self, server: Orderwatch, run: str) -> None:
        super().__init__(daemon=True)
        self.needle = f'"order_id":"{run}-'.encode()
        self.seen: dict[int, float] = {}
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        headers = {"Authorization": f"Bearer {server.token}", "Accept": "text/event-stream"}
        self.connection.request("GET", "/api/v1/stream", headers=headers)
        self.answer = self.connection.getresponse()

    def run(self) -> None:
        kind = b""
        try:
            while line := self.answer.readline():
                if line.startswith(b"event:"):
                    kind = line[6:].strip()
                elif kind == b"order" and line.startswith(b"data:") and self.needle in line:
                    self._note(line[5:])
        except (OSError, ValueError, AttributeError):
            return

    def _note(self, data: bytes) -> None:
        now = time.perf_counter()
        # Reading each card whole would take the time of what is measured.
        order = int(data.partition(self.needle)[2].partition(b'"')[0])
        if order % SAMPLE_EVERY == 0:
            number = order * len(webhooks.STEPS) + STEP_OF_STATUS[json.loads(data)["status"]]
            self.seen.setdefault(number, now)


def measure(server: Orderwatch, *, rate: int, seconds: int, run: str) -> dict[str, Any]:
    """Return the rates, the time to acknowledge, and the lag from when a webhook was due to its order on the stream."""
    watcher = Watcher(server, run)
    watcher.start()
    before = server.orders()
    load = open_loop.start(server.port, target=TARGET, rate=rate, seconds=seconds, run=run)
    worst = _watch_backlog(server, load)
    report: dict[str, Any] = json.loads(load.communicate()[0])
    caught_up = server.wait_until_caught_up()
    lags = sorted(seen - (report["began"] + number / rate) for number, seen in watcher.seen.items())
    report |= {
        "orders": server.orders() - before,
        "caught_up_seconds": caught_up,
        "worst_pipeline_lag_seconds": worst,
        "lag_samples": len(lags),
        "lag_p50_seconds": lags[len(lags) // 2] if lags else None,
        "lag_p99_seconds": lags[int(len(lags) * 0.99)] if lags else None,
    }
    watcher.connection.close()
    return report


def _watch_backlog(server: Orderwatch, load) -> float:
    worst = 0.0
    while load.poll() is None:
        worst = max(worst, server.summary()["pipeline"]["lag_seconds"])
        time.sleep(1)
    return worst
