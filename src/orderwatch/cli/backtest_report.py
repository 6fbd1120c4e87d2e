"""Runs the rules over a recording and reports what came of it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from orderwatch.cli.backtest_settings import Wish
from orderwatch.cli.recorded import Reading
from orderwatch.domain.errors import BadInput, BadSettings
from orderwatch.domain.findings import Finding, Severity
from orderwatch.kit.clock import SystemClock
from orderwatch.rules.calendar import DAY, minute_of, moment_of
from orderwatch.rules.flow_settings import FlowSettings
from orderwatch.rules.recording import Span
from orderwatch.rules.replay import Replay, replay
from orderwatch.rules.stream import Stream


class DayRow(Struct, frozen=True):
    """How often a rule fired on a day."""

    day: str
    rule: str
    warnings: int
    pages: int


class BudgetRow(Struct, frozen=True):
    """What another budget would have done."""

    budget: float
    """False pages allowed in 30 days."""
    pages: int


class StreamReport(Struct, frozen=True, kw_only=True):
    """What is known of a stream at the end."""

    level: str
    source: str | None
    region: str | None
    store_id: str | None
    events_per_day: float
    learning: bool
    judged: bool
    """Whether enough comes for its silence to tell anything."""
    steadiness: float
    page_weight: float
    trial_days: float
    trial_pages: int
    false_pages_per_30_days: float | None
    """As measured on trial; None where it had none."""
    may_page: bool
    why_not: str


class Summary(Struct, frozen=True, kw_only=True):
    """The whole run."""

    events: int
    duplicates: int
    skipped: int
    skipped_first: Sequence[str]
    outside: int
    """Events before the begin or after the end."""
    begin: datetime
    served_from: datetime
    """From when on alerts count."""
    end: datetime
    seconds: float
    events_per_second: float
    alerts: dict[str, dict[str, int]]
    """Rule → severity → how many."""
    by_day: Sequence[DayRow]
    budgets: Sequence[BudgetRow]
    streams: Sequence[StreamReport]


class Report(Struct, frozen=True, kw_only=True):
    """What ``--out`` writes."""

    alerts: Sequence[Finding]
    summary: Summary

    def encoded(self) -> bytes:
        """Return it as JSON."""
        return msgspec.json.encode(self)


def run_backtest(reading: Reading, wish: Wish, flow: FlowSettings) -> Report:
    """Step the rules through `reading`, as the live worker would have.

    Raises:
        BadInput: nothing lies in the span that is wished for.
        BadSettings: the warm-up is longer than the span.
    """
    clock = SystemClock()
    started = clock.monotonic()
    span, serve_from = _span(reading, wish)
    done = replay(reading.recording.minutes(), begin=span.begin, serve_from=serve_from, end=span.end, settings=flow)
    seconds = max(clock.monotonic() - started + reading.seconds, 1e-6)
    summary = Summary(
        events=reading.recording.events,
        duplicates=reading.duplicates,
        skipped=reading.skipped,
        skipped_first=tuple(reading.reasons),
        outside=span.outside,
        begin=moment_of(span.begin),
        served_from=moment_of(serve_from),
        end=moment_of(span.end),
        seconds=round(seconds, 3),
        events_per_second=round(reading.read / seconds, 1),
        alerts=_by_rule(done.findings),
        by_day=_by_day(done),
        budgets=[BudgetRow(budget * flow.limits.false_pages, pages) for budget, pages in done.what_if().items()],
        streams=[_stream(stream, span.end, flow) for stream in done.watch.streams()],
    )
    return Report(alerts=done.findings, summary=summary)


def _span(reading: Reading, wish: Wish) -> tuple[Span, int]:
    """Return the minutes to step through, and the one from which on alerts count.

    The warm-up lies before --from where at least half of it was recorded, else it is the first part of the span.
    """
    told = reading.recording.span()
    if told is None:
        raise BadInput("None of the events can be counted: there are only positions, heartbeats and the like.")
    begin, end = told.begin, minute_of(wish.until) if wish.until else told.end
    warmup = int(wish.warmup.total_seconds() // 60) if wish.warmup else 0
    serve_from = begin + warmup
    if wish.begin is not None:
        asked = minute_of(wish.begin)
        if asked - told.begin > warmup / 2:
            begin, serve_from = max(told.begin, asked - warmup) if warmup else told.begin, asked
        else:
            begin, serve_from = asked, max(asked, told.begin) + warmup
    if end <= begin or (wish.begin and minute_of(wish.begin) >= end):
        span = f"{moment_of(begin):%Y-%m-%d %H:%M} and {moment_of(end):%Y-%m-%d %H:%M} UTC"
        raise BadInput(f"Nothing was recorded between {span}.")
    if serve_from >= end:
        raise BadSettings(
            [f"--warmup: the recording has {(end - begin) / DAY:.1f} days from where it begins; learn on fewer of them"]
        )
    return Span(begin, end, reading.recording.outside(begin, end)), serve_from


def _by_rule(findings: Sequence[Finding]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for finding in findings:
        severities = found.setdefault(finding.rule, {severity.value: 0 for severity in Severity})
        severities[finding.severity] += 1
    return found


def _by_day(done: Replay) -> list[DayRow]:
    counts = done.by_day()
    days = sorted({(day, rule) for day, rule, _ in counts})
    return [
        DayRow(day, rule, counts.get((day, rule, Severity.WARN), 0), counts.get((day, rule, Severity.PAGE), 0))
        for day, rule in days
    ]


def _stream(stream: Stream, minute: int, flow: FlowSettings) -> StreamReport:
    trial, scope = stream.trial, stream.scope
    learning = stream.is_learning(minute, flow)
    why_not = "learning" if learning else stream.why_not_page()
    return StreamReport(
        level=scope.level,
        source=scope.source,
        region=scope.region,
        store_id=scope.store_id,
        events_per_day=round(stream.baseline.per_day, 1),
        learning=learning,
        judged=stream.track is not None and not learning,
        steadiness=round(stream.baseline.steadiness, 1),
        page_weight=round(stream.page_weight, 2),
        trial_days=round(trial.days, 1),
        trial_pages=trial.pages,
        false_pages_per_30_days=round(trial.pages * 30 / trial.days, 2) if trial.days > 0 else None,
        may_page=not why_not,
        why_not=why_not,
    )
