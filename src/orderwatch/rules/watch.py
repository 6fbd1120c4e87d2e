"""The flow rules over all streams: account, sources, their regions, their stores.

`step` is the only way on. It depends on the state, the counts and the minute alone, so the live worker and a backtest
that step through the same minutes find the same. The state can be put into bytes after any step.
"""

from collections.abc import Collection, Iterator

from orderwatch.domain.findings import Ending, Finding, Level, Scope
from orderwatch.rules.baseline import BIN, Baseline, profiled
from orderwatch.rules.calendar import DAY, WEEK_MINUTES, day_of
from orderwatch.rules.flow_settings import FlowSettings
from orderwatch.rules.judging import WINDOWS, end, is_calm, judge
from orderwatch.rules.planning import STORE_HOURS, fade, plan, plan_wide
from orderwatch.rules.state import MinuteCounts, Watch
from orderwatch.rules.stream import STORE_STEP, Stream
from orderwatch.rules.track import new_track

MOST_STORES = 20_000
"""Stores of a source that are watched one by one; the others count for their platform only."""
_REACH = 2 * WINDOWS[-1]


def step(watch: Watch, counts: MinuteCounts, minute: int, settings: FlowSettings) -> list[Finding]:
    """Take in the counts of `minute`, the one after the last; return what fired, changed or resolved with its end.

    A minute that was stepped through already changes nothing. Where minutes are left out, nobody was watching: what
    came then is not known, nothing is learnt of it, and no window reaches back over it.
    """
    if watch.minute is not None and minute <= watch.minute:
        return []
    found: list[Finding] = []
    if watch.minute is not None and minute > watch.minute + 1:
        _forget(watch)
    if watch.minute is None or day_of(minute) != day_of(watch.minute):
        if watch.minute is not None:
            fade(watch, settings)
        plan(watch, minute, settings)
    watch.minute = minute
    _count(watch, counts, minute, settings)
    found.extend(_set_doors(watch, counts, minute))
    found.extend(_step_wide(watch, minute, settings))
    if minute % STORE_STEP == STORE_STEP - 1:
        found.extend(_step_stores(watch, minute, settings))
    _learn(watch, minute + 1)
    return found


def _forget(watch: Watch) -> None:
    for stream in watch.streams():
        stream.filling, stream.spoilt, stream.hour_spoilt = 0, True, True
        if stream.track is not None:
            stream.track.floor = stream.track.at


# What came


def _count(watch: Watch, counts: MinuteCounts, minute: int, settings: FlowSettings) -> None:
    for (source, region, store), events in counts.events.items():
        if watch.account is None:
            watch.account = _new(Scope(level=Level.ACCOUNT), watch, minute, settings)
        watch.account.count(events)
        platform = watch.platforms.get(source)
        if platform is None:
            platform = _new(Scope(level=Level.PLATFORM, source=source), watch, minute, settings)
            watch.platforms[source] = platform
        platform.count(events)
        if region is not None:
            group = watch.regions.setdefault(source, {})
            if region not in group:
                scope = Scope(level=Level.PLATFORM, source=source, region=region)
                group[region] = _new(scope, watch, minute, settings)
            group[region].count(events)
        if store is not None:
            _count_store(watch, Scope(level=Level.STORE, source=source, region=region, store_id=store), events, minute)


def _count_store(watch: Watch, scope: Scope, events: int, minute: int) -> None:
    group = watch.stores.setdefault(scope.source or "", {})
    stream = group.get(scope.store_id or "")
    if stream is None:
        if len(group) >= MOST_STORES:
            return
        stream = Stream(scope=scope, step=STORE_STEP, begun=minute, baseline=Baseline())
        group[scope.store_id or ""] = stream
    stream.count(events)


def _new(scope: Scope, watch: Watch, minute: int, settings: FlowSettings) -> Stream:
    stream = Stream(scope=scope, begun=minute, baseline=profiled(), track=new_track(_REACH))
    plan_wide(stream, watch, minute, settings)
    return stream


def _set_doors(watch: Watch, counts: MinuteCounts, minute: int) -> Iterator[Finding]:
    for origins, closed in ((counts.closed, True), (counts.opened, False)):
        for source, _, store in origins:
            stream = watch.stores.get(source, {}).get(store or "")
            if stream is not None:
                stream.closed = closed
                if closed and stream.firing is not None:
                    yield end(stream, minute, Ending.CLOSED)


# What it means


def _step_wide(watch: Watch, minute: int, settings: FlowSettings) -> Iterator[Finding]:
    account = watch.account
    if account is None:
        return
    whole = None
    if watch.is_shared:
        yield from _advance(account, minute, settings, children=watch.platforms.values(), above=None)
        whole = account if account.is_out else None
    else:
        account.filling = 0
    for source, platform in watch.platforms.items():
        regions = watch.regions.get(source, {})
        yield from _advance(platform, minute, settings, children=regions.values(), above=whole)
        above = whole or (platform if platform.is_out else None)
        for region in regions.values():
            yield from _advance(region, minute, settings, children=(), above=above)
        _look_no_further_back(platform, regions.values())
    _look_no_further_back(account, watch.platforms.values())


def _step_stores(watch: Watch, minute: int, settings: FlowSettings) -> Iterator[Finding]:
    for source, names in watch.tracked.items():
        group = watch.stores[source]
        whole = next((s for s in (watch.account, watch.platforms[source]) if s and s.is_out), None)
        down = {region: stream for region, stream in watch.regions.get(source, {}).items() if stream.is_out}
        for name in names:
            stream = group[name]
            above = whole or (down.get(stream.scope.region or "") if down else None)
            yield from _advance(stream, minute, settings, children=(), above=above)


def _advance(
    stream: Stream, minute: int, settings: FlowSettings, *, children: Collection[Stream], above: Stream | None
) -> Collection[Finding]:
    """Go one step on with a stream. Nearly always there is nothing to say, and it is done quickly."""
    track = stream.track
    if track is None:
        return ()
    count, stream.filling = stream.filling, 0
    expected = stream.plan[minute % DAY // stream.step]
    stream.recovered = False
    if above is not None or stream.closed:
        track.hold(count, expected)
        return tuple(_hold_inside(stream, minute, above))
    if stream.is_unusual:
        track.hold(count, expected)
    else:
        track.add(count, expected, keep=stream.keep)
        if stream.firing is None and is_calm(stream, track, count, minute, settings):
            return ()
    return _judge(stream, minute, settings, children)


def _judge(stream: Stream, minute: int, settings: FlowSettings, children: Collection[Stream]) -> Collection[Finding]:
    before = stream.firing
    found = tuple(judge(stream, minute, settings, children=[child for child in children if child.is_down]))
    if stream.firing is not None and stream.firing is not before:
        _note_trial(stream)
    stream.recovered = before is not None and before.would_page and stream.firing is None
    return found


def _look_no_further_back(above: Stream, below: Collection[Stream]) -> None:
    """Let a wider stream forget, once a page of one below is over, what lies in its windows because of that one."""
    if above.track is not None and above.firing is None and any(stream.recovered for stream in below):
        above.track.floor = above.track.at


def _hold_inside(stream: Stream, minute: int, above: Stream | None) -> Iterator[Finding]:
    """Say nothing of a stream whose wider one has a fault."""
    stream.spoil(above.firing.began if above is not None and above.firing is not None else minute)
    if stream.firing is not None and above is not None:
        yield end(stream, minute, Ending.INSIDE, inside=above.scope)
    if stream.track is not None:
        stream.track.floor = stream.track.at


def _note_trial(stream: Stream) -> None:
    if stream.firing is not None and stream.firing.would_page and not stream.trial.over:
        stream.trial.pages += 1


# What is learnt


def _learn(watch: Watch, minute: int) -> None:
    """Let the streams learn what ended with the beginning of `minute`."""
    if minute % BIN:
        return
    begin = minute - BIN
    week_minute = _week_minute(watch, begin)
    for stream in watch.wide():
        stream.close_block(begin, week_minute=week_minute, minutes=BIN, delay=WINDOWS[-1] // BIN)
    if minute % 60 == 0:
        _learn_hour(watch, minute)


def _learn_hour(watch: Watch, minute: int) -> None:
    begin = minute - 60
    week_minute = _week_minute(watch, begin)
    for source, group in watch.stores.items():
        spoilt = watch.platforms[source].hour_spoilt
        for stream in group.values():
            # A closed store shows nothing of what is usual in its open hours.
            stream.spoilt = stream.spoilt or spoilt or stream.closed
            stream.close_block(begin, week_minute=week_minute, minutes=60, delay=STORE_HOURS)
    for stream in watch.streams():
        stream.close_hour(minute)


def _week_minute(watch: Watch, minute: int) -> int:
    return (watch.week_plan[minute % DAY // 60] + minute % 60) % WEEK_MINUTES
