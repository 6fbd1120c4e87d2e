"""Minutes of the local week."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from orderwatch.rules.calendar import day_of, minute_of, moment_of, week_minutes


def _hours(year: int, month: int, day: int, zone: str) -> list[int]:
    begin = minute_of(datetime(year, month, day, tzinfo=UTC))
    return [minute // 60 for minute in week_minutes(begin, ZoneInfo(zone))]


def test_a_monday_in_utc_begins_the_week() -> None:
    assert _hours(2024, 1, 1, "UTC") == list(range(24))


def test_seoul_is_nine_hours_ahead() -> None:
    assert _hours(2024, 1, 1, "Asia/Seoul") == list(range(9, 33))


def test_the_hour_that_is_skipped_in_spring_is_skipped_and_the_one_that_comes_twice_comes_twice() -> None:
    spring = _hours(2024, 3, 31, "Europe/London")
    autumn = _hours(2024, 10, 27, "Europe/London")

    assert [hour % 24 for hour in spring[:4]] == [0, 2, 3, 4]
    assert [hour % 24 for hour in autumn[:4]] == [1, 1, 2, 3]


def test_half_hours_count() -> None:
    assert week_minutes(minute_of(datetime(2024, 1, 1, tzinfo=UTC)), ZoneInfo("Asia/Kolkata"))[0] == 330


@given(st.integers(0, 10**8))
def test_a_minute_is_found_again_from_its_moment(minute: int) -> None:
    assert minute_of(moment_of(minute)) == minute
    assert day_of(minute) <= minute < day_of(minute) + 1440
