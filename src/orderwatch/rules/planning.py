"""What is expected of a day, fixed at its beginning from all that was learnt before."""

from zoneinfo import ZoneInfo

from orderwatch.rules.baseline import hour_doubts, hour_rates, minute_doubts, minute_rates, shares
from orderwatch.rules.calendar import DAY, day_of, week_minutes
from orderwatch.rules.flow_settings import FlowSettings
from orderwatch.rules.judging import STORE_WINDOWS
from orderwatch.rules.state import Watch
from orderwatch.rules.stream import STORE_STEP, Stream
from orderwatch.rules.track import new_track

STORE_HOURS = 4
"""How long the longest window of a store is."""
_STORE_STEADIEST = 25.0
_NEARLY_ALL = 0.9


def fade(watch: Watch, settings: FlowSettings) -> None:
    """Let a day pass for all that was learnt."""
    for stream in watch.streams():
        stream.baseline.fade(memory_days=settings.memory_days)
        stream.relearn_days = max(0, stream.relearn_days - 1)


def plan(watch: Watch, minute: int, settings: FlowSettings) -> None:
    """Fix what is expected on the UTC day of `minute`. Done again, it takes in settings that have changed."""
    watch.week_plan = week_minutes(day_of(minute), ZoneInfo(settings.zone))
    for stream in watch.wide():
        plan_wide(stream, watch, minute, settings)
    if watch.account is not None:
        most = max(platform.baseline.per_day for platform in watch.platforms.values())
        watch.is_shared = most < _NEARLY_ALL * watch.account.baseline.per_day
    for source in watch.stores:
        _plan_stores(watch, source, minute, settings)


def plan_wide(stream: Stream, watch: Watch, minute: int, settings: FlowSettings) -> None:
    """Fix what is expected of a stream that is no store's."""
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
    most = max(sum(due[at : at + STORE_HOURS]) for at in range(len(due)))
    return found if most >= stream.warn_weight else []


def _track_store(stream: Stream, platform: Stream, share: list[float], hours: list[int]) -> None:
    if stream.track is None:
        stream.track = new_track(STORE_WINDOWS[-1])
        stream.filling = 0
    stream.track.prior = min(_STORE_STEADIEST, stream.baseline.steadiness)
    stream.plan = [sum(platform.plan[at : at + STORE_STEP]) * share[at // 60] for at in range(0, DAY, STORE_STEP)]
    few = hour_doubts(stream.baseline, hours)
    stream.doubts = [few[at // 60] + platform.doubts[at] for at in range(0, DAY, STORE_STEP)]
