"""The metrics are what the documentation says, and no sender can make new ones."""

import re
from pathlib import Path

from prometheus_client import generate_latest

from orderwatch.domain.stats import Progress, Totals
from orderwatch.web.metrics import Metrics

DOCUMENTATION = Path(__file__).parents[3] / "docs" / "metrics.md"


def totals(**values: dict[str, int]) -> Totals:
    empty: dict[str, dict[str, int]] = {
        key: {} for key in ("orders", "notifications", "handler_runs", "quarantine", "dropped")
    }
    progress = Progress(lag_seconds=0.0, behind=0, worker_seen_at=None)
    return Totals(progress=progress, unreadable=0, tries={("log", "sent"): 4}, **empty | values)


def test_every_metric_is_in_the_documentation_and_nothing_else() -> None:
    metrics = Metrics()
    text = generate_latest(metrics.registry).decode()

    kinds = dict(re.findall(r"# TYPE (\S+) (\S+)", text))
    exported = {(name, kind) for name, kind in kinds.items() if not name.endswith("_created")}
    documented = set(re.findall(r"\| `(\w+)[^`]*` \| (\w+) \|", DOCUMENTATION.read_text()))

    assert exported == documented


def test_what_is_gone_from_the_store_is_gone_from_the_gauges() -> None:
    metrics = Metrics()

    metrics.gauges.set(totals(orders={"created": 2, "ready": 1}), readers=0)
    metrics.gauges.set(totals(orders={"delivered": 3}), readers=0)

    text = generate_latest(metrics.registry).decode()
    assert 'orderwatch_notification_tries_total{channel="log",outcome="sent"} 4.0' in text
    assert re.findall(r"orderwatch_orders\{status=\"(\w+)\"\} (\S+)", text) == [("delivered", "3.0")]


def test_a_commit_is_counted_with_its_size_and_its_time() -> None:
    metrics = Metrics()

    metrics.committed(size=3, seconds=0.002)
    metrics.committed(size=5, seconds=0.003)
    metrics.failed(size=7)

    value = metrics.registry.get_sample_value
    assert value("orderwatch_journal_group_receipts_sum") == 8
    assert value("orderwatch_journal_commit_seconds_count") == 2
    assert value("orderwatch_journal_failures_total") == 1
