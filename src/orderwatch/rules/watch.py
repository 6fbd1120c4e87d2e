"""The flow rules over all streams: account, sources, their regions, their stores.

`step` is the only way on. It depends on the state, the counts and the minute alone, so the live worker and a backtest
that step through the same minutes find the same. The state can be put into bytes after any step.
"""

from collections.abc import Collection, Iterator, Mapping
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from orderwatch.domain.findings import Ending, Finding, Level, Scope
from orderwatch.rules.baseline import (
    BIN,
    Baseline,
    hour_doubts,
    hour_rates,
    minute_doubts,
    minute_rates,
    profiled,
    shares,
)
from orderwatch.rules.calendar import DAY, WEEK_MINUTES, day_of, week_minutes
from orderwatch.rules.flow_settings import FlowSettings
from orderwatch.rules.judging import STORE_WINDOWS, WINDOWS, end, judge
from orderwatch.rules.stream import STORE_STEP, Stream
from orderwatch.rules.track import new_track

Origin = tuple[str, str | None, str | None]
"""Source, region, store."""
MOST_STORES = 20_000
"""Stores that are watched one by one; the others count for their platforms only."""
_STORE_HOURS = 4
_STORE_STEADIEST = 25.0
_NEARLY_ALL = 0.9
_REACH = 2 * WINDOWS[-1]


class MinuteCounts(Struct, frozen=True, kw_only=True):
    """What came in one minute, and which stores closed or opened in it."""

    events: Mapping[Origin, int] = {}
    closed: tuple[Origin, ...] = ()
    opened: tuple[Origin, ...] = ()


class Watch(Struct, kw_only=True):
    """The state of the flow rules."""

    minute: int | None = None
    """The last one that was stepped through."""
    trial_until: int | None = None
    """Until when trials run; by default as many days after a stream's begin as the settings say."""
    week_plan: list[int] = []
    """At which minute of the local week each hour of the present UTC day begins."""
    tracked: dict[str, list[str]] = {}
    """By source, the stores that have enough events to be judged today."""
    is_shared: bool = False
    """Whether no platform has nearly all events: else the account is that platform under another name."""
    account: Stream | None = None
    platforms: dict[str, Stream] = {}
    regions: dict[str, dict[str, Stream]] = {}
    stores: dict[str, dict[str, Stream]] = {}

    def wide(self) -> Iterator[Stream]:
        """Yield the streams of the account, the sources and their regions."""
        if self.account is not None:
            yield self.account
        yield from self.platforms.values()
        for group in self.regions.values():
            yield from group.values()

    def streams(self) -> Iterator[Stream]:
        """Yield every stream, wide ones first."""
        yield from self.wide()
        for group in self.stores.values():
            yield from group.values()


def encode(watch: Watch) -> bytes:
    """Return the state as bytes."""
    return msgspec.msgpack.encode(watch)


def decode(state: bytes) -> Watch:
    """Return the state that `encode` made bytes of."""
    return msgspec.msgpack.decode(state, type=Watch)


def step(watch: Watch, counts: MinuteCounts, minute: int, settings: FlowSettings) -> list[Finding]:
    """Take in the counts of `minute`, the one after the last; return what fired or resolved with its end.

    A minute that was stepped through already changes nothing.
    """
    if watch.minute is not None and minute <= watch.minute:
        return []
    found: list[Finding] = []
    if watch.minute is None or day_of(minute) != day_of(watch.minute):
        _plan_day(watch, minute, settings)
    watch.minute = minute
    _count(watch, counts, minute, settings)
    found.extend(_set_doors(watch, counts, minute))
    found.extend(_step_wide(watch, minute, settings))
    if minute % STORE_STEP == STORE_STEP - 1:
        found.extend(_step_stores(watch, minute, settings))
    _learn(watch, minute + 1)
    return found


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
    _plan_wide(stream, watch, minute, settings)
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
        account.expect(account.plan[minute % DAY], minute)
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
) -> Iterator[Finding]:
    track = stream.track
    if track is None:
        return
    count, stream.filling = stream.filling, 0
    expected = stream.plan[minute % DAY // stream.step]
    stream.expect(expected, minute)
    if stream.is_unusual or above is not None or stream.closed:
        track.hold(count, expected)
    else:
        track.add(count, expected, keep=stream.keep)
    if above is not None or stream.closed:
        yield from _hold_inside(stream, minute, above)
        return
    before, stream.recovered = stream.firing, False
    failing = [child for child in children if child.is_down] if children else ()
    yield from judge(stream, minute, settings, children=failing)
    if stream.firing is not None and stream.firing is not before:
        _note_trial(stream)
    stream.recovered = before is not None and before.would_page and stream.firing is None


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
            stream.close_block(begin, week_minute=week_minute, minutes=60, delay=_STORE_HOURS)
    for stream in watch.streams():
        stream.close_hour(minute)


def _week_minute(watch: Watch, minute: int) -> int:
    return (watch.week_plan[minute % DAY // 60] + minute % 60) % WEEK_MINUTES


def _plan_day(watch: Watch, minute: int, settings: FlowSettings) -> None:
    """Fix what is expected on the UTC day of `minute`, from all that was learnt before."""
    is_first = watch.minute is None
    watch.week_plan = week_minutes(day_of(minute), ZoneInfo(settings.zone))
    for stream in watch.wide():
        if not is_first:
            stream.baseline.fade(memory_days=settings.memory_days)
        _plan_wide(stream, watch, minute, settings)
    if watch.account is not None:
        most = max(platform.baseline.per_day for platform in watch.platforms.values())
        watch.is_shared = most < _NEARLY_ALL * watch.account.baseline.per_day
    for source, group in watch.stores.items():
        for stream in group.values():
            stream.baseline.fade(memory_days=settings.memory_days)
        _plan_stores(watch, source, minute, settings)


def _plan_wide(stream: Stream, watch: Watch, minute: int, settings: FlowSettings) -> None:
    stream.plan = minute_rates(stream.baseline, watch.week_plan)
    stream.doubts = minute_doubts(stream.baseline, watch.week_plan, stream.plan)
    _set_limits(stream, watch, minute, settings, per_day=stream.baseline.per_day)
    if stream.track is not None:
        stream.track.prior = stream.baseline.steadiness


def _set_limits(stream: Stream, watch: Watch, minute: int, settings: FlowSettings, *, per_day: float) -> None:
    stream.set_limits(settings, per_day=per_day)
    served_from = stream.begun + settings.learning_days * DAY
    until = watch.trial_until if watch.trial_until is not None else stream.begun + settings.trial_days * DAY
    stream.trial.days = max(0.0, (min(minute, until) - served_from) / DAY)
    stream.trial.over = minute >= until


def _plan_stores(watch: Watch, source: str, minute: int, settings: FlowSettings) -> None:
    platform = watch.platforms[source]
    above = hour_rates(platform.baseline)
    hours = [begin // 60 for begin in watch.week_plan]
    hourly = [sum(platform.plan[at : at + 60]) for at in range(0, DAY, 60)]
    per_day = platform.baseline.per_day
    names: list[str] = []
    for name, stream in watch.stores[source].items():
        _set_limits(stream, watch, minute, settings, per_day=per_day)
        share = _shares_if_busy(stream, above, hours, hourly)
        if share:
            _track_store(stream, platform, share, hours)
            names.append(name)
        elif stream.firing is None:
            stream.track = None
        else:
            names.append(name)
    watch.tracked[source] = names


def _shares_if_busy(stream: Stream, above: list[float], hours: list[int], hourly: list[float]) -> list[float]:
    """Return a store's share of each hour of the day, or nothing where it has too few events to miss any."""
    if stream.baseline.per_day < stream.warn_weight:
        return []
    found = shares(stream.baseline, above, hours)
    due = [share * rate for share, rate in zip(found, hourly, strict=True)]
    most = max(sum(due[at : at + _STORE_HOURS]) for at in range(len(due)))
    return found if most >= stream.warn_weight else []


def _track_store(stream: Stream, platform: Stream, share: list[float], hours: list[int]) -> None:
    if stream.track is None:
        stream.track = new_track(STORE_WINDOWS[-1])
        stream.filling = 0
    stream.track.prior = min(_STORE_STEADIEST, stream.baseline.steadiness)
    stream.plan = [sum(platform.plan[at : at + STORE_STEP]) * share[at // 60] for at in range(0, DAY, STORE_STEP)]
    few = hour_doubts(stream.baseline, hours)
    stream.doubts = [few[at // 60] + platform.doubts[at] for at in range(0, DAY, STORE_STEP)]
