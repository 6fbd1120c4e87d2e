"""What the flow rules find, and what they let pass."""

from datetime import timedelta
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderwatch.domain.findings import Ending, Level, RuleName, Severity
from orderwatch.rules.calendar import DAY, moment_of
from orderwatch.rules.flow_settings import FlowLimits, FlowOverride, FlowSettings
from orderwatch.rules.planning import plan
from orderwatch.rules.state import MinuteCounts, Origin, Watch, decode, encode
from orderwatch.rules.watch import step
from tests.unit.rules.traffic import MONDAY, OPEN, per_minute, run

Rates = dict[Origin, float]
EAST: Origin = ("eats", "east", "s1")
WEST: Origin = ("eats", "west", "s2")
OTHER: Origin = ("rides", None, None)
USUAL: Rates = {EAST: 0.7, WEST: 1.3, OTHER: 1.0}
ONE: Rates = {("eats", None, None): 2.0}
THIN: Rates = {("eats", None, None): 0.6}
THICK: Rates = {("eats", None, None): 12.0}
SUNDAY_LATER = MONDAY + 13 * DAY
NOON = SUNDAY_LATER + 12 * 60


@lru_cache
def _learnt(*, one: bool = False) -> bytes:
    """Return the state on the second Sunday at noon."""
    watch = Watch()
    run(watch, ONE if one else USUAL, begin=MONDAY, minutes=NOON - MONDAY)
    return encode(watch)


def _only(rates: Rates, share: float, *origins: Origin) -> Rates:
    return {origin: rate * (share if origin in origins else 1) for origin, rate in rates.items()}


def test_a_usual_fortnight_pages_nobody() -> None:
    found = run(Watch(), USUAL, begin=MONDAY, minutes=14 * DAY, seed=3)

    assert [finding for finding in found if finding.severity is Severity.PAGE] == []


def test_a_platform_that_falls_silent_pages_within_minutes_and_resolves_when_it_comes_back() -> None:
    watch = decode(_learnt(one=True))

    down = run(watch, {}, begin=NOON, minutes=60)
    up = run(watch, ONE, begin=NOON + 60, minutes=30)

    pages = [finding for finding in down if finding.severity is Severity.PAGE]
    assert [finding.rule for finding in pages] == [RuleName.PLATFORM_SILENCE]
    assert pages[0].fired_at <= moment_of(NOON + 8)
    assert pages[0].evidence.actual <= 1
    assert abs(pages[0].evidence.since - moment_of(NOON)) <= timedelta(minutes=4)
    assert [finding.evidence.ending for finding in up] == [Ending.RECOVERED]
    assert up[0].resolved_at is not None
    assert up[0].resolved_at <= moment_of(NOON + 75)


def test_a_platform_of_which_much_is_lost_pages_as_dropped() -> None:
    watch = decode(_learnt(one=True))

    found = run(watch, THIN, begin=NOON, minutes=90, seed=3)

    assert [(f.rule, f.scope.source) for f in found if f.severity is Severity.PAGE] == [
        (RuleName.PLATFORM_DROP, "eats")
    ]


def test_the_night_is_no_silence() -> None:
    watch = decode(_learnt(one=True))

    found = run(watch, ONE, begin=NOON, minutes=12 * 60)

    assert found == []


def test_what_warns_first_pages_later_as_a_finding_of_its_own() -> None:
    watch = decode(_learnt(one=True))

    warn, closed, page = run(watch, {}, begin=NOON, minutes=30)

    assert (warn.severity, warn.resolved_at) == (Severity.WARN, None)
    assert (closed.fired_at, closed.evidence.ending) == (warn.fired_at, Ending.ESCALATED)
    assert (page.severity, page.fired_at) == (Severity.PAGE, closed.resolved_at)


def test_one_region_that_falls_silent_is_told_as_that_region_alone() -> None:
    watch = decode(_learnt())

    found = run(watch, _only(USUAL, 0, EAST), begin=NOON, minutes=60)

    pages = {(f.rule, f.scope.region, f.scope.store_id) for f in found if f.severity is Severity.PAGE}
    assert pages == {(RuleName.PLATFORM_SILENCE, "east", None)}


def test_a_platform_s_silence_holds_its_regions_and_stores_inside() -> None:
    watch = decode(_learnt())

    found = run(watch, _only(USUAL, 0, EAST, WEST), begin=NOON, minutes=90)

    pages = [finding for finding in found if finding.severity is Severity.PAGE]
    assert [(f.rule, f.scope.source, f.scope.region) for f in pages] == [(RuleName.PLATFORM_SILENCE, "eats", None)]
    assert all(f.resolved_at is not None for f in _open_below(found))


def _open_below(found):
    last = {(f.rule, f.severity, f.scope, f.fired_at): f for f in found}
    return [f for f in last.values() if f.scope.region is not None or f.scope.store_id is not None]


def test_all_sources_silent_at_once_is_told_once_of_the_account() -> None:
    watch = decode(_learnt())

    found = run(watch, {}, begin=NOON, minutes=60)

    pages = [finding for finding in found if finding.severity is Severity.PAGE]
    assert [f.scope.level for f in pages] == [Level.ACCOUNT]


def test_a_store_that_falls_silent_while_others_go_on_is_told_as_a_store() -> None:
    rates: Rates = {("eats", None, "big"): 0.5, ("eats", None, "rest"): 3.0}
    watch = Watch()
    run(watch, rates, begin=MONDAY, minutes=NOON - MONDAY)

    found = run(watch, _only(rates, 0, ("eats", None, "big")), begin=NOON, minutes=120)

    pages = [finding for finding in found if finding.severity is Severity.PAGE]
    assert [(f.rule, f.scope.level, f.scope.store_id) for f in pages] == [(RuleName.STORE_SILENCE, Level.STORE, "big")]


def test_a_store_that_says_that_it_closes_is_not_missed() -> None:
    rates: Rates = {("eats", None, "big"): 0.5, ("eats", None, "rest"): 3.0}
    watch = Watch()
    run(watch, rates, begin=MONDAY, minutes=NOON - MONDAY)
    step(watch, MinuteCounts(closed=(("eats", None, "big"),)), NOON, FlowSettings())

    found = run(watch, _only(rates, 0, ("eats", None, "big")), begin=NOON + 1, minutes=120)

    assert [finding for finding in found if finding.scope.level is Level.STORE] == []


def test_a_surge_warns_and_is_over_when_it_is_over() -> None:
    watch = decode(_learnt(one=True))

    up = run(watch, THICK, begin=NOON, minutes=20)
    down = run(watch, ONE, begin=NOON + 20, minutes=60)

    assert [(f.rule, f.severity, f.resolved_at) for f in up] == [(RuleName.SURGE, Severity.WARN, None)]
    assert [(f.rule, f.evidence.ending) for f in down] == [(RuleName.SURGE, Ending.RECOVERED)]


def test_an_outage_is_not_learnt_as_usual() -> None:
    well, ill = decode(_learnt(one=True)), decode(_learnt(one=True))
    run(well, ONE, begin=NOON, minutes=15 * 60)
    run(ill, {}, begin=NOON, minutes=180)
    run(ill, ONE, begin=NOON + 180, minutes=12 * 60)

    usual, after = (watch.platforms["eats"].plan[12 * 60 + 30] for watch in (well, ill))

    assert after == pytest.approx(usual, rel=0.1)


def test_a_drop_that_lasts_is_what_is_usual_after_some_days_and_pages_no_more() -> None:
    watch = decode(_learnt(one=True))

    first = run(watch, THIN, begin=NOON, minutes=36 * 60, seed=3)
    run(watch, THIN, begin=NOON + 36 * 60, minutes=7 * DAY - 36 * 60, seed=3)
    later = run(watch, THIN, begin=NOON + 7 * DAY, minutes=3 * DAY, seed=3)

    assert Ending.NEW_NORMAL in {f.evidence.ending for f in first}
    assert [f for f in later if f.severity is Severity.PAGE] == []


def test_a_surge_that_lasts_is_what_is_usual_after_some_days() -> None:
    watch = decode(_learnt(one=True))

    run(watch, THICK, begin=NOON, minutes=14 * DAY)
    later = run(watch, THICK, begin=NOON + 14 * DAY, minutes=2 * DAY)

    assert [f for f in later if f.rule is RuleName.SURGE] == []


def test_a_platform_that_is_silent_into_the_night_has_not_recovered_by_morning() -> None:
    watch = decode(_learnt(one=True))

    night = run(watch, {}, begin=NOON, minutes=20 * 60)
    morning = run(watch, ONE, begin=NOON + 20 * 60, minutes=120)

    last = next(f for f in night if f.severity is Severity.PAGE)
    assert last.fired_at not in {f.fired_at for f in night if f.resolved_at is not None}
    assert [f.evidence.ending for f in morning] == [Ending.RECOVERED]


def test_a_young_platform_goes_by_fixed_minutes_says_so_and_only_warns() -> None:
    watch = Watch()
    run(watch, ONE, begin=MONDAY, minutes=12 * 60)

    found = run(watch, {}, begin=MONDAY + 12 * 60, minutes=60)
    back = run(watch, ONE, begin=MONDAY + 13 * 60, minutes=10)

    assert [(f.rule, f.severity, f.evidence.learning, f.evidence.held_back) for f in found] == [
        (RuleName.PLATFORM_SILENCE, Severity.WARN, True, "learning")
    ]
    assert found[0].fired_at == pytest.approx(moment_of(MONDAY + 12 * 60 + 30), abs=timedelta(minutes=3))
    assert [f.evidence.ending for f in back] == [Ending.RECOVERED]


def test_a_week_of_history_is_enough_to_page() -> None:
    watch, begin = Watch(), MONDAY + 7 * DAY + OPEN + 60
    run(watch, ONE, begin=MONDAY, minutes=begin - MONDAY)

    found = run(watch, {}, begin=begin, minutes=30)

    assert [f.rule for f in found if f.severity is Severity.PAGE] == [RuleName.PLATFORM_SILENCE]


def test_a_stream_whose_trial_went_over_its_budget_may_only_warn_and_says_why() -> None:
    watch = decode(_learnt(one=True))
    trial = watch.platforms["eats"].trial
    trial.days, trial.pages = 8.0, 3

    found = run(watch, {}, begin=NOON, minutes=60)

    assert {f.severity for f in found} == {Severity.WARN}
    assert (found[-1].evidence.held_back, found[-1].evidence.trial_pages) == ("over_budget", 3)


def test_a_stream_that_is_set_not_to_page_only_warns() -> None:
    quiet = FlowSettings(overrides=(FlowOverride(source="eats", limits=FlowLimits(may_page=False)),))
    watch = Watch()
    run(watch, ONE, begin=MONDAY, minutes=NOON - MONDAY, settings=quiet)

    found = run(watch, {}, begin=NOON, minutes=60, settings=quiet)

    assert {f.severity for f in found} == {Severity.WARN}


@given(cut=st.integers(1, 119))
@settings(max_examples=15, deadline=None)
def test_state_that_was_put_into_bytes_at_any_minute_goes_on_as_if_it_had_not(cut: int) -> None:
    whole, parted = decode(_learnt()), decode(_learnt())
    down = _only(USUAL, 0.2, EAST)

    expected = run(whole, down, begin=NOON, minutes=60) + run(whole, USUAL, begin=NOON + 60, minutes=60)
    got = []
    for minute in range(NOON, NOON + 120):
        if minute == NOON + cut:
            parted = decode(encode(parted))
        got += _same_minute(parted, down, minute)

    assert got == expected
    assert encode(parted) == encode(whole)


def _same_minute(watch, down, minute):
    begin, rates = (NOON, down) if minute < NOON + 60 else (NOON + 60, USUAL)
    counts = list(per_minute(rates, seed=1, begin=begin, minutes=60))[minute - begin]
    return step(watch, counts, minute, FlowSettings())


def test_a_minute_that_was_stepped_through_changes_nothing_again() -> None:
    watch = decode(_learnt(one=True))
    before = encode(watch)

    found = step(watch, MinuteCounts(events={EAST: 1000}), NOON - 1, FlowSettings())

    assert found == []
    assert encode(watch) == before


def test_events_of_a_made_up_store_each_minute_do_not_grow_the_state_without_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("orderwatch.rules.watch.MOST_STORES", 10)
    watch = Watch()

    for offset in range(50):
        step(watch, MinuteCounts(events={("eats", None, f"s{offset}"): 1}), MONDAY + offset, FlowSettings())

    assert len(watch.stores["eats"]) == 10
    assert watch.platforms["eats"].block > 0 or watch.platforms["eats"].waiting


def test_when_a_region_comes_back_its_platform_is_not_blamed_for_what_was_missing() -> None:
    watch = decode(_learnt())

    found = run(watch, _only(USUAL, 0, WEST), begin=NOON, minutes=120, seed=4)
    found += run(watch, USUAL, begin=NOON + 120, minutes=120, seed=4)

    pages = {(f.scope.source, f.scope.region) for f in found if f.severity is Severity.PAGE}
    assert pages == {("eats", "west")}


def test_an_account_with_one_source_that_matters_is_told_as_that_source() -> None:
    rates: Rates = {("eats", None, None): 2.0, ("test", None, None): 0.01}
    watch = Watch()
    run(watch, rates, begin=MONDAY, minutes=NOON - MONDAY)

    found = run(watch, {}, begin=NOON, minutes=60)

    assert {(f.scope.level, f.scope.source) for f in found if f.severity is Severity.PAGE} == {(Level.PLATFORM, "eats")}


def test_hours_in_which_nobody_watched_are_no_silence_and_are_not_learnt() -> None:
    watch = decode(_learnt(one=True))
    usual = watch.platforms["eats"].baseline.per_day

    found = run(watch, ONE, begin=NOON + 180, minutes=120)

    assert found == []
    assert watch.platforms["eats"].baseline.per_day == pytest.approx(usual, rel=0.05)


def test_settings_that_change_count_from_the_next_plan_on() -> None:
    watch = decode(_learnt(one=True))
    quiet = FlowSettings(limits=FlowLimits(may_page=False))
    plan(watch, NOON, quiet)

    found = run(watch, {}, begin=NOON, minutes=60, settings=quiet)

    assert {f.severity for f in found} == {Severity.WARN}
    assert found[-1].evidence.held_back == "settings"
