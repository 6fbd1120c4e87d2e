"""What Prometheus asks. Counters are this process's own; gauges are read from the store when it asks."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.datastructures import Headers

from orderwatch.domain.errors import NotSignedIn, Unavailable
from orderwatch.domain.health import SourceHealth
from orderwatch.domain.stats import Totals
from orderwatch.web.asgi import Receive, Scope, Send, answer, refuse
from orderwatch.web.auth.identify import Identifier

_ACKNOWLEDGE_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_COMMIT_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
_OF_SOURCES: Sequence[tuple[str, str, Callable[[SourceHealth], float | None]]] = (
    (
        "last_received_timestamp_seconds",
        "When the source's last request was taken.",
        lambda one: one.last_received_at.timestamp() if one.last_received_at else None,
    ),
    ("events_per_minute", "Events in the mean over the last five minutes.", lambda one: one.per_minute),
    ("usual_events_per_minute", "Events at this time of day on past days.", lambda one: one.usual_per_minute),
    ("lag_p50_seconds", "Received less occurred, of the latest events: the middle.", lambda one: one.lag.p50_seconds),
    ("lag_p95_seconds", "Received less occurred, of the latest events: 95 of 100.", lambda one: one.lag.p95_seconds),
    ("signature_failures", "Requests of the last hour with a wrong signature.", lambda one: one.signatures.failures),
    ("unreadable_receipts", "Receipts that could not be understood.", lambda one: one.unreadable),
    ("duplicates", "Requests that came again.", lambda one: one.duplicates),
    ("conflicts", "Requests with the id of an earlier one and another body.", lambda one: one.conflicts),
    ("unknown_events", "Events whose type nobody knows.", lambda one: one.unknown),
    ("new_words", "Words and keys that are new since yesterday.", lambda one: one.news),
)
_GROUP_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048)


class TotalsSource(Protocol):
    """Where the gauges come from."""

    async def read(self) -> Totals:
        """Return the store's totals now."""
        ...


class HealthSource(Protocol):
    """Where the gauges of each source come from."""

    async def read(self) -> Mapping[str, SourceHealth]:
        """Return the health of each source of which anything ever came."""
        ...


class Metrics:
    """All metrics of one receiver, in a registry of their own. Its methods are what intake and journal report to."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self.registry = CollectorRegistry()
        self._webhooks = Webhooks()
        self.registry.register(self._webhooks)
        self._group = Histogram(
            "orderwatch_journal_group_receipts",
            "Receipts written by one commit of the journal.",
            buckets=_GROUP_SIZES,
            registry=self.registry,
        )
        self._commit = Histogram(
            "orderwatch_journal_commit_seconds",
            "Time of one commit of the journal.",
            buckets=_COMMIT_SECONDS,
            registry=self.registry,
        )
        self._failures = Counter(
            "orderwatch_journal_failures",
            "Commits of the journal that failed; their webhooks were answered 503.",
            registry=self.registry,
        )
        self.gauges = Gauges(self.registry)

    def received(self, source: str, outcome: str, seconds: float) -> None:
        """Note one webhook. `source` must be a known one or empty: every other word would be a series for ever."""
        self._webhooks.note(source, outcome, seconds)

    def committed(self, *, size: int, seconds: float) -> None:
        """Note a commit of `size` receipts."""
        self._group.observe(size)
        self._commit.observe(seconds)

    def failed(self, *, size: int) -> None:
        """Note a group that could not be committed."""
        del size
        self._failures.inc()


class Webhooks(Collector):
    """Counts on the hot path. Only the event loop counts, so that none of the library's locks is needed."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._outcomes: dict[tuple[str, str], int] = {}
        self._buckets = [0] * (len(_ACKNOWLEDGE_SECONDS) + 1)
        self._seconds = 0.0

    def note(self, source: str, outcome: str, seconds: float) -> None:
        """Count one webhook."""
        key = (source, outcome)
        self._outcomes[key] = self._outcomes.get(key, 0) + 1
        self._buckets[bisect_left(_ACKNOWLEDGE_SECONDS, seconds)] += 1
        self._seconds += seconds

    def collect(self) -> Iterator[Metric]:
        """Give the counts."""
        text = "Webhooks answered, by source and outcome: stored, duplicate, conflict, or the code of a refusal."
        receipts = CounterMetricFamily("orderwatch_receipts", text, labels=("source", "outcome"))
        for labels, count in self._outcomes.items():
            receipts.add_metric(labels, count)
        yield receipts
        sums = zip((*map(str, _ACKNOWLEDGE_SECONDS), "+Inf"), accumulate(self._buckets), strict=True)
        text = "Time from the first byte of a webhook to its answer."
        yield HistogramMetricFamily("orderwatch_acknowledge_seconds", text, [*sums], self._seconds)


class StoredTries(Collector):
    """A counter whose sums are kept in the store, since another process counts."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.sums: Mapping[tuple[str, str], int] = {}

    def collect(self) -> Iterator[Metric]:
        """Give the sums as they were read last."""
        text = "Tries at sending notifications, by channel and outcome: sent, retry, rejected."
        family = CounterMetricFamily("orderwatch_notification_tries", text, labels=("channel", "outcome"))
        for labels, value in self.sums.items():
            family.add_metric(labels, value)
        yield family


class Gauges:
    """What is read from the store."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register them."""

        def gauge(name: str, text: str, labels: Sequence[str] = ()) -> Gauge:
            return Gauge(f"orderwatch_{name}", text, labels, registry=registry)

        self._lag = gauge("oldest_unprocessed_receipt_seconds", "Age of the oldest receipt that is not processed.")
        self._behind = gauge("unprocessed_receipts", "Receipts that are not processed, about.")
        self._orders = gauge("orders", "Orders by status.", ("status",))
        self._notifications = gauge("notifications", "Notifications by outcome: pending, sent, failed.", ("status",))
        self._runs = gauge("handler_runs", "Handler runs that wait or have given up.", ("status",))
        self._quarantine = gauge("quarantine_requests", "Refused requests that wait, by code.", ("code",))
        self._dropped = gauge("quarantine_dropped", "Refused requests that the bounds threw away, by code.", ("code",))
        self._unreadable = gauge("unreadable_receipts", "Receipts that could not be understood.")
        self._readers = gauge("stream_readers", "Open live streams.")
        self._tries = StoredTries()
        registry.register(self._tries)
        self._heartbeat = gauge("worker_seen_timestamp_seconds", "When the worker last said that it lives.")
        self._sources = [(gauge(f"source_{name}", text, ("source",)), value) for name, text, value in _OF_SOURCES]

    def set(self, totals: Totals, *, readers: int) -> None:
        """Take new values; a label that is gone disappears."""
        self._lag.set(totals.progress.lag_seconds)
        self._behind.set(totals.progress.behind)
        self._readers.set(readers)
        self._unreadable.set(totals.unreadable)
        self._tries.sums = totals.tries
        seen = totals.progress.worker_seen_at
        self._heartbeat.set(seen.timestamp() if seen else 0)
        for gauge, values in (
            (self._orders, totals.orders),
            (self._notifications, totals.notifications),
            (self._runs, totals.handler_runs),
            (self._quarantine, totals.quarantine),
            (self._dropped, totals.dropped),
        ):
            _replace(gauge, values)

    def set_sources(self, health: Mapping[str, SourceHealth]) -> None:
        """Take how each source is; what is not known of one is left out."""
        for gauge, value in self._sources:
            found = {name: value(one) for name, one in health.items()}
            _replace(gauge, {name: number for name, number in found.items() if number is not None})


class Readers(Protocol):
    """Knows how many streams are open."""

    @property
    def interested(self) -> int:
        """Return how many streams are open or opening."""
        ...


class MetricsApp:
    """An ASGI application for ``/metrics``."""

    def __init__(
        self,
        *,
        metrics: Metrics,
        totals: TotalsSource,
        health: HealthSource,
        readers: Readers,
        identifier: Identifier | None,
    ) -> None:
        """Take what is counted; without an `identifier` anybody may ask, which is right on loopback only."""
        self._metrics = metrics
        self._totals = totals
        self._health = health
        self._readers = readers
        self._identifier = identifier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        del receive
        if scope["method"] != "GET":
            detail = "Metrics are read with GET."
            await refuse(send, 405, code="method_not_allowed", detail=detail, headers=[(b"allow", b"GET")])
            return
        try:
            if self._identifier is not None:
                await self._identifier.need(Headers(raw=scope["headers"]))
            totals = await self._totals.read()
        except NotSignedIn as error:
            bearer = [(b"www-authenticate", b"Bearer")]
            await refuse(send, 401, code=error.code, detail=error.message, headers=bearer)
            return
        except Unavailable as error:
            wait = [(b"retry-after", b"%d" % error.retry_after_seconds)]
            await refuse(send, 503, code=error.code, detail=error.message, headers=wait)
            return
        self._metrics.gauges.set(totals, readers=self._readers.interested)
        self._metrics.gauges.set_sources(await self._health.read())
        headers = [(b"content-type", CONTENT_TYPE_LATEST.encode()), (b"cache-control", b"no-store")]
        await answer(send, 200, generate_latest(self._metrics.registry), headers)


def _replace(gauge: Gauge, values: Mapping[str, float]) -> None:
    gauge.clear()
    for label, value in values.items():
        gauge.labels(label).set(value)
