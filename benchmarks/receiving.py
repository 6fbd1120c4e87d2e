"""Acknowledged durable webhooks per second, beside the peers; and the time to acknowledge at a fixed rate."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import closed_loop, open_loop, webhooks
from benchmarks.product import TARGET, Orderwatch, free_port

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
MOST_PER_SECOND = {"flask_nothing": 8_000, "flask_durable": 4_000, "empty_asgi": 60_000, "orderwatch": 30_000}


def peers(seconds: int) -> dict[str, dict[str, float]]:
    """Return what each peer reached."""
    empty = [str(BIN / "uvicorn"), "benchmarks.peers.empty_asgi:app", "--no-access-log", "--log-level", "error"]
    empty += ["--loop", "uvloop", "--http", "httptools"]
    return {
        "flask_nothing": _peer("flask_nothing", _gunicorn("flask_nothing"), seconds),
        "flask_durable": _peer("flask_durable", _gunicorn("flask_durable"), seconds),
        "empty_asgi": _peer("empty_asgi", empty, seconds),
    }


def orderwatch(seconds: int, rounds: int) -> dict[str, float]:
    """Return the median of some rounds; the worker processes all the while, and catches up between them."""
    with Orderwatch() as server:
        results = [closed(server, seconds, run=f"c{number}") for number in range(rounds)]
    return sorted(results, key=lambda r: r["per_second"])[len(results) // 2]


def closed(server: Orderwatch, seconds: int, *, run: str) -> dict[str, float]:
    """Return what `server` takes from 64 connections, and how long its worker needs afterwards."""
    before = server.orders()
    count = MOST_PER_SECOND["orderwatch"] * seconds
    result = closed_loop.measure(server.port, target=TARGET, run=run, seconds=seconds, count=count)
    result["caught_up_seconds"] = server.wait_until_caught_up()
    result["orders"] = server.orders() - before
    return result


def acknowledging(rate: int, seconds: int) -> dict[str, float]:
    """Return the time to acknowledge at a fixed rate."""
    with Orderwatch() as server:
        open_loop.measure(server.port, target=TARGET, rate=rate // 3, seconds=3, run="warm")
        server.wait_until_caught_up()
        return open_loop.measure(server.port, target=TARGET, rate=rate, seconds=seconds, run="o")


def _gunicorn(name: str) -> list[str]:
    return [str(BIN / "gunicorn"), f"benchmarks.peers.{name}:app", "--workers", "2", "--log-level", "error"]


def _peer(name: str, command: list[str], seconds: int) -> dict[str, float]:
    port = free_port()
    address = ["--bind", f"127.0.0.1:{port}"] if "gunicorn" in command[0] else ["--port", str(port)]
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"BENCH_SECRET": webhooks.SECRET, "BENCH_DATABASE": f"{folder}/events.sqlite"}
        process = subprocess.Popen([*command, *address], cwd=ROOT, env=environment, start_new_session=True)
        time.sleep(2)
        try:
            count = MOST_PER_SECOND[name] * seconds
            return closed_loop.measure(port, target="/webhook", run=name, seconds=seconds, count=count)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)
