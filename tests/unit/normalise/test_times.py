from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwatch.normalise.times import EARLIEST, LATEST, end_of_day, read_time

MOMENTS = st.datetimes(
    min_value=EARLIEST.replace(tzinfo=None) + timedelta(days=2),
    max_value=LATEST.replace(tzinfo=None) - timedelta(days=2),
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-24T18:41:10Z", datetime(2026, 11, 24, 18, 41, 10, tzinfo=UTC)),
        ("2026-11-24t18:41:10z", datetime(2026, 11, 24, 18, 41, 10, tzinfo=UTC)),
        ("2026-11-25T03:41:10+09:00", datetime(2026, 11, 24, 18, 41, 10, tzinfo=UTC)),
        ("2026-11-25 03:41:10 +0900", datetime(2026, 11, 24, 18, 41, 10, tzinfo=UTC)),
        ("2023-02-20T18:19:03.20162269Z", datetime(2023, 2, 20, 18, 19, 3, 201622, tzinfo=UTC)),
        ("2022-07-13T20:30:59.039337943Z", datetime(2022, 7, 13, 20, 30, 59, 39337, tzinfo=UTC)),
        ("2026-11-24T18:41:10.5Z", datetime(2026, 11, 24, 18, 41, 10, 500_000, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
        ("2100-12-31T23:59:59Z", datetime(2100, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (4_102_444_800, datetime(2100, 1, 1, tzinfo=UTC)),
        (4_102_444_800_000, datetime(2100, 1, 1, tzinfo=UTC)),
        (4_102_444_800_000_000, datetime(2100, 1, 1, tzinfo=UTC)),
        (4_102_444_800_000_000_000, datetime(2100, 1, 1, tzinfo=UTC)),
        ("1427343990", datetime(2015, 3, 26, 4, 26, 30, tzinfo=UTC)),
        (Decimal("1427343990.123456789"), datetime(2015, 3, 26, 4, 26, 30, 123456, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_in_whatever_way_it_is_written(written, meant):
    found = read_time(written, zone=None)

    assert found == meant
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "2026-02-30T00:00:00Z",
        "2026-11-24T25:00:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-12:00",
        "2026-11-24T18:41:10Z" + "0" * 100_000,
        True,
        10**30,
        -(10**30),
        Decimal("1E+300"),
        [2026, 11, 24],
        {"seconds": 1},
        None,
    ],
)
def test_an_impossible_time_is_refused(written):
    with pytest.raises(ValueError):  # noqa: PT011  (the kind is the contract)
        read_time(written, zone="Asia/Seoul")


def test_a_time_without_a_zone_is_local_to_the_source():
    assert read_time("2026-07-01T12:00:00", zone="Asia/Seoul") == datetime(2026, 7, 1, 3, tzinfo=UTC)
    assert read_time("2026-07-01T12:00:00", zone="Europe/London") == datetime(2026, 7, 1, 11, tzinfo=UTC)
    assert read_time("2026-12-01T12:00:00", zone="Europe/London") == datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("zone", [None, "Nowhere/At_All", "../../etc/passwd", "", "\0"])
def test_a_time_without_a_zone_is_refused_where_the_source_has_none_that_exists(zone):
    with pytest.raises(ValueError):  # noqa: PT011
        read_time("2026-07-01T12:00:00", zone=zone)


@given(MOMENTS, st.integers(-14 * 60, 14 * 60))
def test_iso_text_in_any_zone_is_the_moment_that_it_names(naive, minutes):
    moment = naive.replace(tzinfo=UTC)
    offset = timedelta(minutes=minutes)
    sign = "-" if minutes < 0 else "+"
    text = f"{(naive + offset).isoformat()}{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"

    assert read_time(text, zone=None) == moment


@given(st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2199, 1, 1)), st.sampled_from([0, 3, 6]))  # noqa: DTZ001
def test_a_unix_time_keeps_its_microseconds_in_every_unit(naive, power):
    micros = (naive - datetime(1970, 1, 1)) // timedelta(microseconds=1)  # noqa: DTZ001
    number = Decimal(micros).scaleb(power - 6)

    assert read_time(number, zone=None) == naive.replace(tzinfo=UTC)
    assert read_time(format(number, "f"), zone=None) == naive.replace(tzinfo=UTC)


@given(st.text() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.none() | st.booleans())
def test_whatever_comes_is_a_utc_time_or_refused(value):
    try:
        found = read_time(value, zone="Asia/Seoul")
    except ValueError:
        return

    assert found.tzinfo is UTC
    assert EARLIEST <= found < LATEST


@pytest.mark.parametrize(
    ("written", "zone", "meant"),
    [
        ("2026-11-24", None, "2026-11-24T23:59:59Z"),
        ("2026-11-24", "Asia/Seoul", "2026-11-24T14:59:59Z"),
        ("2026-11-24T00:00:00Z", "Asia/Seoul", "2026-11-24T23:59:59Z"),
        ("2026-11-24T00:00:00.000+09:00", None, "2026-11-24T14:59:59Z"),
        ("2026-11-24T00:00:00", "Asia/Seoul", "2026-11-24T14:59:59Z"),
    ],
)
def test_a_day_that_is_promised_lasts_until_its_end(written, zone, meant):
    assert read_time(end_of_day(written, zone=zone), zone=zone) == datetime.fromisoformat(meant)


@pytest.mark.parametrize("other", ["2026-11-24T12:00:00Z", 1795521600, None, "soon", "2026-11-24T00:00:01Z"])
def test_what_is_no_day_is_left_as_it_is(other):
    assert end_of_day(other, zone=None) is other
