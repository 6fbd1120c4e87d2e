from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwatch.normalise.values import ID_LENGTH, TEXT_LENGTH, read_decimal, read_id, read_place, read_text


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("A-1", "A-1"),
        (820982911946154508, "820982911946154508"),
        (12345678901234567890123, "12345678901234567890123"),
        (Decimal("12.0"), "12"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1.5"), "1.5"),
        (0, "0"),
        ("알림-1/ü ?#", "알림-1/ü ?#"),
        ("🍕" * ID_LENGTH, "🍕" * ID_LENGTH),
        ("a\u0001b\u009f\n", "a\u0001b\u009f\n"),
        ("a\0b", "a␀b"),
        ("", None),
        ("  \t", None),
    ],
)
def test_an_id_is_kept_as_text_as_it_was_sent(sent, kept):
    assert read_id(sent) == kept


@pytest.mark.parametrize(
    "sent", [True, [], {}, None, "x" * (ID_LENGTH + 1), 10**300, -(10**4000), Decimal("1E+300"), float("nan")]
)
def test_what_cannot_be_an_id_is_refused(sent):
    with pytest.raises(ValueError):  # noqa: PT011
        read_id(sent)


def test_a_text_is_trimmed_and_cut():
    assert read_text("  가게 사정 \n") == "가게 사정"
    assert read_text(" ") is None
    assert read_text(821012345678) == "821012345678"
    assert read_text("x" * 10 * TEXT_LENGTH) == "x" * TEXT_LENGTH
    assert read_text("a\0b") == "a␀b"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("12.50", "12.50"),
        (" 12.50 ", "12.50"),
        (Decimal("12.50"), "12.50"),
        (27400, "27400"),
        (-3, "-3"),
        ("-0.00", "0.00"),
        (Decimal("1E+3"), "1000"),
        ("1e3", "1000"),
        ("0.000001", "0.000001"),
        ("0E-30", "0"),
        ("12345678901234567890.123456", "12345678901234567890.123456"),
    ],
)
def test_a_number_is_kept_as_it_was_written(sent, kept):
    assert str(read_decimal(sent)) == kept


@pytest.mark.parametrize(
    "sent",
    [
        *("", "abc", "NaN", "sNaN", "Infinity", "-inf", "1_000", "1,000.50", "₩1000", "1e400", "1e-30"),
        *(True, None, [], {}, Decimal("NaN"), float("inf"), float("nan"), Decimal("1E+400")),
        *("9" * 41, "9" * 1_000_000),
    ],
)
def test_what_is_no_number_is_refused(sent):
    with pytest.raises(ValueError):  # noqa: PT011
        read_decimal(sent)


@given(st.decimals(-(10**12), 10**12, places=4))
def test_money_is_never_rounded_nor_written_with_an_exponent(amount):
    assert read_decimal(amount) == amount
    assert read_decimal(str(amount)) == amount
    assert "E" not in str(read_decimal(amount))


def test_a_place_is_two_numbers_on_the_earth():
    assert read_place(Decimal("51.529"), "-0.0771") == (51.529, -0.0771)
    assert read_place(90, -180) == (90.0, -180.0)


@pytest.mark.parametrize(
    ("lat", "lon"), [(91, 0), (0, 180.1), ("NaN", 0), (0, None), (None, 0), ([1], 2), (True, 0), ("1e400", 0)]
)
def test_a_place_off_the_earth_or_half_told_is_refused(lat, lon):
    with pytest.raises(ValueError):  # noqa: PT011
        read_place(lat, lon)


@given(st.text() | st.integers() | st.floats() | st.decimals() | st.none() | st.booleans() | st.lists(st.integers()))
def test_readers_give_a_value_or_a_value_error(value):
    for read in (read_id, read_text, read_decimal):
        try:
            found = read(value)
        except ValueError:
            continue
        assert "\0" not in str(found)
