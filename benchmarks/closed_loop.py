"""As many webhooks as the server takes: wrk, 64 connections, from a process of its own."""

import itertools
import json
import subprocess
import tempfile
from pathlib import Path

from benchmarks import webhooks

THREADS = 2
HERE = Path(__file__).parent


def write_requests(path: Path, *, target: str, run: str, count: int) -> None:
    """Write `count` signed requests for wrk.lua."""
    with path.open("wb") as file:
        for body in itertools.islice(webhooks.bodies(run), count):
            text = webhooks.request(target, body)
            file.write(f"{len(text)}\n".encode() + text)


def measure(port: int, *, target: str, run: str, seconds: int, count: int, connections: int = 64) -> dict[str, float]:
    """Return requests per second, latencies in ms and the number of errors."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "requests"
        write_requests(file, target=target, run=run, count=count)
        command = ["wrk", f"-t{THREADS}", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(HERE / "wrk.lua")]
        command += [f"http://127.0.0.1:{port}{target}", "--", str(file), str(THREADS)]
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    result = json.loads(out.strip().splitlines()[-1])
    result["per_second"] = result["requests"] / result["seconds"]
    return result
