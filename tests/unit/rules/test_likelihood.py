"""The arithmetic under the flow rules."""

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwatch.rules.likelihood import log_lower_tail, log_pmf, log_ratio, poisson_upper_tail

MEANS = st.floats(0.1, 60)
SHAPES = st.floats(0.5, 200)


@given(expected=st.floats(0.1, 20), shape=st.floats(1, 200))
def test_the_chances_of_all_counts_add_up_to_one_with_the_mean_and_variance_that_swings_give(
    expected: float, shape: float
) -> None:
    chances = [exp(log_pmf(n, expected=expected, shape=shape)) for n in range(1500)]

    mean = sum(n * chance for n, chance in enumerate(chances))
    variance = sum((n - mean) ** 2 * chance for n, chance in enumerate(chances))
    assert sum(chances) == pytest.approx(1, abs=1e-6)
    assert mean == pytest.approx(expected, rel=1e-4)
    assert variance == pytest.approx(expected + expected**2 / shape, rel=1e-3)


@given(count=st.integers(0, 80), expected=MEANS, share=st.floats(0.01, 0.9), shape=SHAPES)
def test_the_ratio_is_that_of_the_two_chances(count: int, expected: float, share: float, shape: float) -> None:
    ratio = log_ratio(count, expected=expected, share=share, shape=shape)

    under_fault = log_pmf(count, expected=share * expected, shape=shape)
    assert ratio == pytest.approx(under_fault - log_pmf(count, expected=expected, shape=shape), abs=1e-6)


@given(count=st.integers(0, 80), expected=MEANS, share=st.floats(0.01, 0.9), shape=SHAPES)
def test_no_window_weighs_more_than_what_it_lacks_or_speaks_for_a_fault_with_enough_in_it(
    count: int, expected: float, share: float, shape: float
) -> None:
    """`Track.thin` passes over windows by these two bounds."""
    ratio = log_ratio(count, expected=expected, share=share, shape=shape)

    assert ratio <= expected + 1e-9
    if count >= (1 - share) / -log(share) * expected:
        assert ratio <= 1e-9


@given(count=st.integers(0, 60), expected=MEANS, shape=SHAPES)
def test_the_lower_tail_is_the_sum_of_its_counts(count: int, expected: float, shape: float) -> None:
    tail = log_lower_tail(count, expected=expected, shape=shape)

    assert exp(tail) == pytest.approx(
        min(1, sum(exp(log_pmf(n, expected=expected, shape=shape)) for n in range(count + 1)))
    )


def test_a_silence_without_swings_is_as_rare_as_its_expected_events_say() -> None:
    assert log_pmf(0, expected=16, shape=1e9) == pytest.approx(-16, rel=1e-6)


@pytest.mark.parametrize(
    ("count", "expected", "chance"), [(0, 1, 1), (1, 1, 0.6321206), (2, 0.27, 0.030508), (3, 0, 0)]
)
def test_the_upper_tail_is_that_of_the_poisson_distribution(count: int, expected: float, chance: float) -> None:
    assert poisson_upper_tail(count, expected=expected) == pytest.approx(chance, abs=1e-6)
