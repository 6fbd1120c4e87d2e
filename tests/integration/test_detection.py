"""What the product promises of its detection, on real deliveries, each day tried with what the others taught."""

import pytest

from benchmarks.detection.__main__ import Tried, learning_days, measure
from benchmarks.detection.recorded import TABLE, days_of, read
from benchmarks.detection.rules_tried import Orderwatch
from orderwatch.domain.findings import Severity

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not TABLE.exists(), reason="the real deliveries are not here"),
]


def _tried(region: str | None) -> Tried:
    days = days_of([event for event in read() if region is None or event.region == region])
    return measure(Orderwatch(), days, each=6, seed=4)


def test_outages_of_the_whole_stream_are_found_in_minutes_and_nobody_is_paged_for_nothing() -> None:
    tried = _tried(None)

    assert tried.false_pages <= 1
    assert tried.total.share >= 0.98
    assert tried.total.minutes <= 6
    assert tried.drop.share >= 0.75
    assert tried.drop.minutes <= 45


def test_outages_of_a_region_with_a_hundred_orders_a_day_are_found_in_half_an_hour() -> None:
    tried = _tried("San Jose")

    assert tried.false_pages <= 1
    assert tried.total.share >= 0.93
    assert tried.total.minutes <= 30
    assert tried.drop.share >= 0.4


def test_all_levels_together_page_hardly_ever_on_clean_days() -> None:
    days, rule, pages = days_of(read()), Orderwatch(nested=True), 0
    for tried in range(0, 14, 2):
        rule.learn(learning_days(days, tried))
        pages += sum(finding.severity is Severity.PAGE for finding in rule.findings(days[tried]))

    assert pages * 30 / 7 <= 3
