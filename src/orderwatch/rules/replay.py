"""Steps through recorded minutes with the live rules, as fast as it goes, and says what came of it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from math import log

from msgspec import Struct, structs

from orderwatch.domain.findings import Ending, Finding, RuleName, Severity
from orderwatch.rules.calendar import moment_of
from orderwatch.rules.flow_settings import FlowSettings
from orderwatch.rules.state import MinuteCounts, Watch
from orderwatch.rules.stream import Stream
from orderwatch.rules.watch import step

_NOTHING = MinuteCounts()
BUDGETS = (10.0, 3.0, 1.0, 0.3, 0.1)
"""False pages in 30 days, as multiples of what is set, for which `what_if` looks."""


class Replay(Struct, frozen=True, kw_only=True):
    """What came of it."""

    findings: tuple[Finding, ...]
    """In the order they fired; as they were at the end."""
    watch: Watch

    def what_if(self) -> dict[float, int]:
        """Return how many pages there would have been, about, for each of `BUDGETS`.

        Found from how much each finding weighed at most, so none that did not even warn is counted.
        """
        peaks = [
            finding.evidence.peak_weight - finding.evidence.page_weight
            for finding in self.findings
            if finding.rule is not RuleName.SURGE
            and not finding.evidence.learning
            and finding.evidence.ending is not Ending.ESCALATED
        ]
        return {budget: sum(peak >= -log(budget) for peak in peaks) for budget in BUDGETS}

    def by_day(self) -> dict[tuple[str, RuleName, Severity], int]:
        """Return how many findings of each rule and severity fired on each UTC day."""
        return dict(Counter((f"{f.fired_at:%Y-%m-%d}", f.rule, f.severity) for f in self.findings))


def replay(
    minutes: Iterable[tuple[int, MinuteCounts]], *, begin: int, serve_from: int, end: int, settings: FlowSettings
) -> Replay:
    """Step through the minutes from `begin` up to `end`, given those in which something came, rising.

    What fires before `serve_from` is only learnt from, and measured as the streams' trial.
    """
    watch = Watch(trial_until=serve_from if serve_from > begin else None)
    found: dict[tuple[object, ...], Finding] = {}
    for minute, counts in _every_minute(minutes, begin=begin, end=end):
        for finding in step(watch, counts, minute, settings):
            found[finding.rule, finding.severity, finding.scope, finding.fired_at] = finding
    for stream in watch.streams():
        for finding in _still_open(stream):
            found[finding.rule, finding.severity, finding.scope, finding.fired_at] = finding
    served = (finding for finding in found.values() if finding.fired_at >= moment_of(serve_from))
    return Replay(findings=tuple(served), watch=watch)


def _every_minute(
    minutes: Iterable[tuple[int, MinuteCounts]], *, begin: int, end: int
) -> Iterator[tuple[int, MinuteCounts]]:
    at = begin
    for minute, counts in minutes:
        if not begin <= minute < end:
            continue
        for empty in range(at, minute):
            yield empty, _NOTHING
        yield minute, counts
        at = minute + 1
    for empty in range(at, end):
        yield empty, _NOTHING


def _still_open(stream: Stream) -> Iterator[Finding]:
    for firing in (stream.firing, stream.surge):
        if firing is not None:
            evidence = structs.replace(firing.finding.evidence, peak_weight=round(firing.peak, 2))
            yield structs.replace(firing.finding, evidence=evidence)
