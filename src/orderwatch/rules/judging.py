"""Whether a stream's fault begins, grows or ends."""

from collections.abc import Iterator, Sequence
from math import log

from msgspec import Struct, structs

from orderwatch.domain.findings import Ending, Evidence, Finding, Level, RuleName, Scope, Severity
from orderwatch.rules.calendar import DAY, moment_of
from orderwatch.rules.flow_settings import FlowSettings
from orderwatch.rules.likelihood import log_ratio
from orderwatch.rules.stream import Firing, Stream, rest_of
from orderwatch.rules.track import Track, Window

WINDOWS = (3, 4, 5, 6, 8, 10, 13, 17, 22, 28, 36, 46, 60, 75, 95, 120)
STORE_WINDOWS = (2, 3, 4, 6, 9, 12, 18, 24, 36, 48)
_SURGE_WINDOWS = (5, 10, 15, 20, 30)
_STORE_SURGE_WINDOWS = (2, 3, 6, 12)
_BACK_WEIGHT = 7.0
_WELL_WEIGHT = 1.0
_WELL_SHARE = 0.6
_NEW_NORMAL = DAY
_RELEARN_DAYS = 7
_RELEARN_WEIGHT = 4.0
_BURST_MINUTES = 120
_GONE_SHARE = 0.05
_LIVELY_EVENTS = 30
_LIVELY_MINUTES = 120
_FIXED_EXPECTED = 10.0

_RULES = {
    (False, True): RuleName.PLATFORM_SILENCE,
    (False, False): RuleName.PLATFORM_DROP,
    (True, True): RuleName.STORE_SILENCE,
    (True, False): RuleName.STORE_DROP,
}


class Suspicion(Struct, frozen=True):
    """The fault that is likelier than a usual day, and the window that says so."""

    silent: bool
    window: Window


def windows_of(stream: Stream) -> tuple[int, ...]:
    """Return how many steps back a stream is looked at."""
    return STORE_WINDOWS if stream.is_store else WINDOWS


def suspect(stream: Stream, track: Track, minute: int, settings: FlowSettings, *, least: float) -> Suspicion | None:
    """Return what weighs most against the stream, if it weighs `least`."""
    thin = track.thin(
        windows_of(stream), share=settings.drop_share, least=least, doubt=stream.doubts[minute % DAY // stream.step]
    )
    most, found = least, None
    for steps, came, wanted, level, shape in thin:
        for share in (settings.drop_share, settings.silence_share):
            weight = log_ratio(came, expected=wanted, share=share, shape=shape)
            if weight >= most:
                silent = share == settings.silence_share
                most, found = weight, Suspicion(silent, Window(steps, came, wanted, level, weight))
    return found


def is_calm(stream: Stream, track: Track, count: int, minute: int, settings: FlowSettings) -> bool:
    """Say, quickly, that `judge` would find nothing in a stream of which nothing fires, after a step with `count`."""
    if stream.is_learning(minute, settings):
        return not _goes_by_minutes(stream)
    doubt = stream.doubts[minute % DAY // stream.step]
    if count:
        windows = _STORE_SURGE_WINDOWS if stream.is_store else _SURGE_WINDOWS
        if track.excess(windows, factor=settings.surge_factor, least=stream.page_weight, doubt=doubt) is not None:
            return False
    thin = track.thin(windows_of(stream), share=settings.drop_share, least=stream.warn_weight, doubt=doubt)
    return not thin


def judge(stream: Stream, minute: int, settings: FlowSettings, *, children: Sequence[Stream]) -> Iterator[Finding]:
    """Yield what begins or ends with the step that ended with `minute`; `children` are the streams below that fire."""
    track = stream.track
    if track is None or not stream.enabled:
        return
    if stream.is_learning(minute, settings):
        yield from _judge_by_minutes(stream, track, minute, settings)
        return
    if stream.firing is not None and stream.firing.finding.evidence.learning:
        yield end(stream, minute, Ending.RECOVERED)
    if stream.firing is not None:
        yield from _go_on(stream, stream.firing, track, minute, settings, children=children)
    elif stream.surge is None:
        yield from _begin(stream, track, minute, settings, children)
    if stream.firing is None and (stream.surge is not None or track.totals(1)[0]):
        yield from _judge_surge(stream, track, minute, settings)


def _begin(
    stream: Stream, track: Track, minute: int, settings: FlowSettings, children: Sequence[Stream]
) -> Iterator[Finding]:
    found = suspect(stream, track, minute, settings, least=stream.warn_weight)
    if found is None or (children and _is_explained(stream, found, settings, children)):
        return
    began = minute + 1 - found.window.steps * stream.step
    track.put_level_back(found.window.steps)
    yield _fire(stream, found, minute, began=began)


def _is_explained(stream: Stream, found: Suspicion, settings: FlowSettings, children: Sequence[Stream]) -> bool:
    """Say whether nothing is wrong beside what is wrong with the `children`."""
    came, wanted = rest_of(found.window, children, step=stream.step)
    share = settings.silence_share if found.silent else settings.drop_share
    shape = stream.track.prior if stream.track else 1.0
    # The rest must be seen to be well: where all children fail, nothing is left that could be.
    return log_ratio(came, expected=wanted, share=share, shape=shape) <= -_WELL_WEIGHT


def _fire(stream: Stream, found: Suspicion, minute: int, *, began: int) -> Finding:
    weighty = found.window.weight >= stream.page_weight
    held_back = stream.why_not_page()
    finding = Finding(
        rule=_RULES[stream.is_store, found.silent],
        severity=Severity.PAGE if weighty and not held_back else Severity.WARN,
        scope=stream.scope,
        fired_at=moment_of(minute + 1),
        evidence=_evidence(stream, found.window, minute, held_back=held_back if weighty else ""),
    )
    stream.firing = Firing(finding=finding, began=began, fired=minute, peak=found.window.weight, would_page=weighty)
    if weighty:
        stream.spoil(began)
    return finding


def _evidence(stream: Stream, window: Window, minute: int, *, held_back: str = "") -> Evidence:
    minutes = window.steps * stream.step
    usual = window.expected / window.level if window.level else 0.0
    return Evidence(
        expected=round(window.expected, 1),
        actual=round(window.actual),
        window_minutes=minutes,
        since=moment_of(minute + 1 - minutes),
        usual_per_hour=round(usual * 60 / minutes, 1),
        level=round(window.level, 3),
        weight=round(window.weight, 2),
        page_weight=round(stream.page_weight, 2),
        steadiness=round(stream.track.prior if stream.track else 0.0, 1),
        held_back=held_back,
        trial_days=round(stream.trial.days, 1),
        trial_pages=stream.trial.pages,
    )


def _go_on(
    stream: Stream, firing: Firing, track: Track, minute: int, settings: FlowSettings, *, children: Sequence[Stream]
) -> Iterator[Finding]:
    found = suspect(stream, track, minute, settings, least=stream.warn_weight / 2)
    if found is not None:
        firing.peak = max(firing.peak, found.window.weight)
    ending = _ending(stream, firing, track, found, minute, share=settings.drop_share)
    if ending is Ending.NEW_NORMAL:
        _learn_anew(stream, track)
    if ending is not None:
        yield end(stream, minute, ending)
        return
    if found is None or firing.would_page or found.window.weight < stream.page_weight:
        return
    if not children or not _is_explained(stream, found, settings, children):
        yield from _escalate(stream, firing, found, minute)


def _escalate(stream: Stream, firing: Firing, found: Suspicion, minute: int) -> Iterator[Finding]:
    held_back = stream.why_not_page()
    if held_back:
        evidence = structs.replace(firing.finding.evidence, held_back=held_back)
        firing.finding = structs.replace(firing.finding, evidence=evidence)
        firing.would_page = True
        stream.spoil(firing.began)
        yield firing.finding
        return
    yield _resolved(firing, minute, Ending.ESCALATED)
    yield _fire(stream, found, minute, began=firing.began)


def _ending(
    stream: Stream, firing: Firing, track: Track, found: Suspicion | None, minute: int, *, share: float
) -> Ending | None:
    came, expected = track.totals(1)
    wanted = expected * track.level()
    firing.back = max(0.0, firing.back - came * log(share) - (1 - share) * wanted)
    if firing.back >= _BACK_WEIGHT or (found is None and _looks_well(stream, track)):
        return Ending.RECOVERED
    if minute - firing.fired >= _NEW_NORMAL:
        came, expected = track.totals(min(track.at, len(track.actual) - 1))
        if came > _GONE_SHARE * expected:
            return Ending.NEW_NORMAL
    return None


def _looks_well(stream: Stream, track: Track) -> bool:
    """Say whether the longest window has most of what it should, and should have enough: by night, nothing is told."""
    came, expected = track.totals(min(track.at, windows_of(stream)[-1]))
    wanted = expected * track.level()
    return wanted >= stream.warn_weight and came >= _WELL_SHARE * wanted


def _learn_anew(stream: Stream, track: Track) -> None:
    """Take what has lasted for a day for what is usual: the level at once, the baseline within some days."""
    track.adopt(min(track.at, 60 // stream.step))
    stream.baseline.gain *= _RELEARN_WEIGHT
    stream.relearn_days = _RELEARN_DAYS


def end(stream: Stream, minute: int, ending: Ending, *, inside: Scope | None = None) -> Finding:
    """Let what fires end with `minute`, and look at nothing before it again."""
    firing = stream.firing
    if firing is None:
        raise ValueError("nothing fires")
    stream.firing = None
    if stream.track is not None:
        stream.track.floor = stream.track.at
    return _resolved(firing, minute, ending, inside=inside)


def _resolved(firing: Firing, minute: int, ending: Ending, *, inside: Scope | None = None) -> Finding:
    peak = round(firing.peak, 2)
    evidence = structs.replace(firing.finding.evidence, ending=ending, inside=inside, peak_weight=peak)
    return structs.replace(firing.finding, resolved_at=moment_of(minute + 1), evidence=evidence)


def _goes_by_minutes(stream: Stream) -> bool:
    return stream.scope.level is Level.PLATFORM and stream.scope.region is None


def _judge_by_minutes(stream: Stream, track: Track, minute: int, settings: FlowSettings) -> Iterator[Finding]:
    """Go by fixed minutes while nothing better is known, and only warn."""
    if not _goes_by_minutes(stream):
        return
    if stream.firing is not None:
        if track.totals(1)[0]:
            yield end(stream, minute, Ending.RECOVERED)
        return
    steps = settings.fixed_minutes
    reach = min(_LIVELY_MINUTES + steps, len(track.actual) - 1)
    if reach > track.at - track.floor or steps >= reach or track.totals(steps)[0]:
        return
    expected = track.totals(steps)[1]
    if track.totals(reach)[0] < _LIVELY_EVENTS or (stream.age_days(minute) > 1 and expected < _FIXED_EXPECTED):
        return
    window = Window(steps, 0.0, expected, 1.0, 0.0)
    evidence = structs.replace(_evidence(stream, window, minute, held_back="learning"), learning=True)
    finding = Finding(
        rule=RuleName.PLATFORM_SILENCE,
        severity=Severity.WARN,
        scope=stream.scope,
        fired_at=moment_of(minute + 1),
        evidence=evidence,
    )
    stream.firing = Firing(finding=finding, began=minute + 1 - steps, fired=minute)
    yield finding


def _judge_surge(stream: Stream, track: Track, minute: int, settings: FlowSettings) -> Iterator[Finding]:
    windows = _STORE_SURGE_WINDOWS if stream.is_store else _SURGE_WINDOWS
    least = stream.page_weight if stream.surge is None else stream.warn_weight / 2
    found = track.excess(
        windows, factor=settings.surge_factor, least=least, doubt=stream.doubts[minute % DAY // stream.step]
    )
    if stream.surge is not None and minute - stream.surge.fired >= _BURST_MINUTES:
        stream.surge.lasting = True
    if stream.surge is not None and found is None:
        yield _resolved(stream.surge, minute, Ending.RECOVERED)
        stream.surge = None
        track.floor = track.at
    elif stream.surge is None and found is not None:
        finding = Finding(
            rule=RuleName.SURGE,
            severity=Severity.WARN,
            scope=stream.scope,
            fired_at=moment_of(minute + 1),
            evidence=_evidence(stream, found, minute),
        )
        began = minute + 1 - found.steps * stream.step
        track.put_level_back(found.steps)
        stream.spoil(began)
        stream.surge = Firing(finding=finding, began=began, fired=minute, peak=found.weight)
        yield finding
