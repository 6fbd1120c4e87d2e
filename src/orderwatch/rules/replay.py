"""Steps through recorded minutes with the live rules, as fast as it goes."""

from collections.abc import Iterable

from msgspec import Struct

from orderwatch.domain.findings import Finding
from orderwatch.rules.calendar import moment_of
from orderwatch.rules.flow_settings import FlowSettings
from orderwatch.rules.watch import MinuteCounts, Watch, step

_NOTHING = MinuteCounts()


class Replay(Struct, frozen=True, kw_only=True):
    """What came of it."""

    findings: tuple[Finding, ...]
    """In the order they fired; as they were at the end."""
    watch: Watch


def replay(
    minutes: Iterable[tuple[int, MinuteCounts]], *, begin: int, serve_from: int, end: int, settings: FlowSettings
) -> Replay:
    """Step through the minutes from `begin` up to `end`, given those in which something came, rising.

    What fires before `serve_from` is only learnt from, and measured as the streams' trial.
    """
    watch = Watch(trial_until=serve_from if serve_from > begin else None)
    found: dict[tuple[object, ...], Finding] = {}
    at = begin
    for minute, counts in minutes:
        if not begin <= minute < end:
            continue
        while at < minute:
            _take(found, step(watch, _NOTHING, at, settings))
            at += 1
        _take(found, step(watch, counts, minute, settings))
        at = minute + 1
    while at < end:
        _take(found, step(watch, _NOTHING, at, settings))
        at += 1
    served = (finding for finding in found.values() if finding.fired_at >= moment_of(serve_from))
    return Replay(findings=tuple(served), watch=watch)


def _take(found: dict[tuple[object, ...], Finding], findings: Iterable[Finding]) -> None:
    for finding in findings:
        found[finding.rule, finding.severity, finding.scope, finding.fired_at] = finding
