"""Measure Orderwatch beside its peers: ``make bench``, or ``python -m benchmarks [--quick] [PART …]``.

Parts: receiving, latency, end-to-end, million, idle, streams. Writes benchmarks/results/latest.json.
"""

import argparse
import json
import os
import platform
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import end_to_end, idle, receiving, stored
from benchmarks.product import Orderwatch

RESULTS = Path(__file__).parent / "results"
MILLION = 1_000_000


class Bench:
    """Runs the parts and keeps their figures and verdicts."""

    def __init__(self, *, quick: bool) -> None:
        self.quick = quick
        self.figures: dict[str, object] = {}
        self.rows: list[tuple[str, str, str, bool]] = []

    def judge(
        self, what: str, value: float, unit: str, *, least: float | None = None, most: float | None = None
    ) -> None:
        good = (least is None or value >= least) and (most is None or value <= most)
        goal = f"≥ {least:,g} {unit}" if least is not None else f"≤ {most:,g} {unit}"
        self.rows.append((what, f"{value:,.2f} {unit}", goal, good))

    def receiving(self) -> None:
        seconds, rounds = (3, 1) if self.quick else (8, 3)
        figures = receiving.peers(seconds) | {"orderwatch": receiving.orderwatch(seconds, rounds)}
        self.figures["receiving"] = figures
        ours = figures["orderwatch"]["per_second"]
        for peer, least in (("flask_durable", 8), ("flask_nothing", 2.5), ("empty_asgi", 0.25)):
            self.judge(f"webhooks per second, against {peer}", ours / figures[peer]["per_second"], "×", least=least)
        self.judge("errors while receiving", figures["orderwatch"]["errors"], "", most=0)

    def latency(self) -> None:
        figures = receiving.acknowledging(3000, 5 if self.quick else 30)
        self.figures["latency"] = figures
        self.judge("p99 to acknowledge at 3,000 per second", figures["p99_ms"], "ms", most=10)
        self.judge("refused or unanswered", figures["refused"] + figures["sent"] - figures["answered"], "", most=0)

    def end_to_end(self) -> None:
        seconds = 10 if self.quick else 60
        with Orderwatch() as server:
            figures = end_to_end.measure(server, rate=5000, seconds=seconds, run="e")
        self.figures["end_to_end"] = figures
        self.judge(f"events per second for {seconds} s, end to end", figures["per_second"], "/s", least=4950)
        self.judge("p99 from due to the open stream", figures["lag_p99_seconds"], "s", most=1)
        self.judge("catching up afterwards", figures["caught_up_seconds"], "s", most=1)

    def million(self) -> None:
        count, seconds = (100_000, 4) if self.quick else (MILLION, 20)
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "data"
            stored.fill(data, count)
            with Orderwatch(data) as server:
                server.wait_until_caught_up(1200)
                full = receiving.closed(server, seconds, run="full")
                figures = end_to_end.measure(server, rate=5000, seconds=seconds, run="m")
        with Orderwatch() as server:
            empty = receiving.closed(server, seconds, run="empty")
        self.figures["million"] = {"stored": count, "full": full, "empty": empty, "end_to_end": figures}
        share = 1 - full["per_second"] / empty["per_second"]
        self.judge(f"lost by {count:,} receipts already stored", share * 100, "%", most=10)
        self.judge("p99 to the open stream with them", figures["lag_p99_seconds"], "s", most=1)

    def idle(self) -> None:
        figures = idle.resting()
        self.figures["idle"] = figures
        self.judge("memory of both processes, idle", figures["megabytes"], "MB", most=150)
        self.judge("start to first accepted webhook", figures["seconds_to_first_webhook"], "s", most=2)

    def streams(self) -> None:
        figures = idle.streaming(500, 200, 5 if self.quick else 20)
        self.figures["streams"] = figures
        self.judge("500 stream readers at 200 changes per second", figures["share_of_streams"] * 100, "% core", most=15)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short runs, to see that it works")
    parser.add_argument(
        "parts", nargs="*", default=["receiving", "latency", "end-to-end", "million", "idle", "streams"]
    )
    options = parser.parse_args()
    console, bench = Console(), Bench(quick=options.quick)
    for part in options.parts:
        with console.status(f"measuring {part} …"):
            getattr(bench, part.replace("-", "_"))()
    _print(console, bench)
    _write(bench)
    return 0 if all(good for *_, good in bench.rows) else 1


def _print(console: Console, bench: Bench) -> None:
    table = Table("what", "measured", "goal", "")
    for what, value, goal, good in bench.rows:
        table.add_row(what, value, goal, "[green]met[/]" if good else "[red]missed[/]")
    console.print(table)


def _write(bench: Bench) -> None:
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    rows = [{"what": what, "measured": value, "goal": goal, "met": good} for what, value, goal, good in bench.rows]
    result = {"at": datetime.now(UTC).isoformat(), "machine": machine, "results": rows, "figures": bench.figures}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "latest.json").write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
