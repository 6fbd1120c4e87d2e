"""What it costs when nothing happens, how fast it starts, and what many open streams cost."""

import asyncio
import contextlib
import time
from typing import Any

import uvloop

from benchmarks import open_loop
from benchmarks.product import TARGET, Orderwatch, cpu_seconds, resident_bytes


def resting() -> dict[str, Any]:
    """Return the memory of both processes and the time from start to the first accepted webhook."""
    with Orderwatch() as server:
        time.sleep(5)
        sizes = [resident_bytes(pid) for pid in server.pids()]
        return {
            "seconds_to_first_webhook": server.seconds_to_first_webhook,
            "megabytes": sum(sizes) / 1e6,
            "megabytes_each": [round(size / 1e6, 1) for size in sizes],
        }


def streaming(readers: int, rate: int, seconds: int) -> dict[str, float]:
    """Return the receiver's share of a core with and without open streams, at the same rate of changes."""
    with Orderwatch() as server:
        alone = _cpu_share(server, rate, seconds, run="alone")
        with_readers = uvloop.run(_with_readers(server, readers, rate, seconds))
    return {"readers": readers, "share_alone": alone, **with_readers, "share_of_streams": with_readers["share"] - alone}


async def _with_readers(server: Orderwatch, readers: int, rate: int, seconds: int) -> dict[str, float]:
    received = [0] * readers
    tasks = [asyncio.create_task(_read(server, received, number)) for number in range(readers)]
    while not all(received):
        await asyncio.sleep(0.1)
    before = list(received)
    share = await asyncio.to_thread(_cpu_share, server, rate, seconds, run="streams")
    await asyncio.sleep(1)
    for task in tasks:
        task.cancel()
    least = min(now - then for now, then in zip(received, before, strict=True))
    return {"share": share, "least_bytes_to_a_reader": least}


async def _read(server: Orderwatch, received: list[int], number: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"GET /api/v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.token}\r\n\r\n".encode())
    with contextlib.suppress(asyncio.CancelledError, OSError):
        while data := await reader.read(1 << 16):
            received[number] += len(data)
    writer.close()


def _cpu_share(server: Orderwatch, rate: int, seconds: int, *, run: str) -> float:
    pid, began = server.pids()[0], time.perf_counter()
    cpu = cpu_seconds(pid)
    open_loop.measure(server.port, target=TARGET, rate=rate, seconds=seconds, run=run)
    return (cpu_seconds(pid) - cpu) / (time.perf_counter() - began)
