"""Lines of recorded events, however they are."""

import json

from hypothesis import given
from hypothesis import strategies as st

from orderwatch.cli.recorded import read_lines
from orderwatch.domain.events import EventType
from orderwatch.rules.calendar import DAY
from orderwatch.rules.recording import Recording

KEYS = ("event_type", "type", "order_id", "event_id", "id", "occurred_at", "source", "store_id", "region")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("order_created"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
TIMES = st.datetimes().map(lambda moment: moment.isoformat() + "Z") | st.integers() | st.floats()


@given(st.lists(st.binary(max_size=60).map(lambda line: line.replace(b"\n", b"")), max_size=5))
def test_whatever_bytes_a_line_has_it_is_read_or_left_out(lines: list[bytes]) -> None:
    reading = read_lines(lines, zone=None)

    assert reading.read + reading.skipped + reading.duplicates == sum(bool(line.strip()) for line in lines)


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), ANYTHING | TIMES), max_size=5))
def test_whatever_values_an_event_has_it_is_read_or_left_out(events: list[dict[str, object]]) -> None:
    lines = [json.dumps(event).encode() for event in events]

    reading = read_lines(lines, zone=None)

    assert reading.read + reading.skipped + reading.duplicates == len(events)


def test_the_generic_format_s_other_names_for_type_and_id_are_known() -> None:
    line = b'{"type": "order.created", "id": "1", "order_id": 7, "occurred_at": 1704067200, "store_id": 12}'

    reading = read_lines([b"\xef\xbb\xbf" + line, line + b"\n"], zone=None)

    ((minute, counts),) = reading.recording.minutes()
    assert (minute, dict(counts.events)) == (1704067200 // 60, {("default", None, "12"): 1})
    assert reading.duplicates == 1


def test_a_time_without_a_zone_is_in_the_zone_that_was_told() -> None:
    line = b'{"event_type": "order_created", "order_id": "7", "occurred_at": "2024-01-01T09:00:00"}'

    seoul, none = read_lines([line], zone="Asia/Seoul"), read_lines([line], zone=None)

    assert [minute for minute, _ in seoul.recording.minutes()] == [1704067200 // 60]
    assert none.skipped == 1


def _recording(counts: dict[int, int]) -> Recording:
    recording = Recording()
    for minute, count in counts.items():
        for _ in range(count):
            recording.add(EventType.ORDER_CREATED, origin=("s", None, None), minute=minute)
    return recording


def test_a_recording_that_ends_in_the_middle_of_a_day_is_kept_to_its_end() -> None:
    counts = {day * DAY + minute: 1 for day in range(100, 105) for minute in range(600, 1200)}
    counts |= {105 * DAY + minute: 1 for minute in range(600, 700)}

    span = _recording(counts).span()

    assert span is not None
    assert (span.begin, span.end, span.outside) == (100 * DAY + 600, 105 * DAY + 700, 0)


def test_a_last_day_that_is_cut_off_by_an_outage_is_kept() -> None:
    counts = {day * DAY + minute: 1 for day in range(100, 105) for minute in range(600, 1200)}
    counts |= {105 * DAY + minute: 1 for minute in (*range(600, 800), *range(1000, 1200))}

    span = _recording(counts).span()

    assert span is not None
    assert span.end == 105 * DAY + 1200


def test_events_years_away_do_not_widen_the_span() -> None:
    counts = {day * DAY + minute: 1 for day in range(20_000, 20_003) for minute in range(600, 1200)}

    span = _recording(counts | {5: 1, 90_000 * DAY: 2}).span()

    assert span is not None
    assert (span.begin, span.end, span.outside) == (20_000 * DAY + 600, 20_002 * DAY + 1200, 3)


def test_an_empty_recording_has_no_span() -> None:
    assert Recording().span() is None
