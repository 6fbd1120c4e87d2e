"""How often one caller may ask."""

from datetime import timedelta

import pytest

from orderwatch.domain.errors import TooMany
from orderwatch.domain.people import Caller, Role
from orderwatch.web.auth.pace import Pace
from tests.set_clock import SetClock

SCRIPT = Caller(name="script", role=Role.VIEWER, via="token")
PERSON = Caller(name="kim", role=Role.VIEWER, via="session")


def test_a_caller_may_ask_so_many_times_a_minute_and_others_do_not_wait_for_it() -> None:
    clock = SetClock()
    pace = Pace(clock=clock, per_minute=60)

    for _ in range(60):
        pace.take(SCRIPT)
    with pytest.raises(TooMany) as refused:
        pace.take(SCRIPT)

    assert refused.value.retry_after_seconds == 1
    pace.take(PERSON)
    clock.time += timedelta(seconds=2)
    pace.take(SCRIPT)
    pace.take(SCRIPT)
    with pytest.raises(TooMany):
        pace.take(SCRIPT)


def test_rest_saves_up_no_more_than_a_minute() -> None:
    clock = SetClock()
    pace = Pace(clock=clock, per_minute=2)
    pace.take(SCRIPT)
    clock.time += timedelta(days=1)

    pace.take(SCRIPT)
    pace.take(SCRIPT)
    with pytest.raises(TooMany) as refused:
        pace.take(SCRIPT)

    assert refused.value.retry_after_seconds == 30


def test_without_a_bound_anybody_asks_as_often_as_they_like() -> None:
    pace = Pace(clock=SetClock(), per_minute=0)

    for _ in range(10_000):
        pace.take(SCRIPT)
