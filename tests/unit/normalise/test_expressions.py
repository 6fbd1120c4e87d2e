from decimal import Decimal

import pytest

from orderwatch.domain.errors import BadMapping
from orderwatch.normalise.expressions import MAX_LENGTH, search

BODY = {"lines": [{"n": "a", "price": Decimal("0.1")}, {"n": "b", "price": Decimal("0.2")}], "word": "x", "seven": 7}


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("lines[1].n", "b"),
        ("missing || word", "x"),
        ("missing.deep[3]", None),
        ("sum(lines[].price)", Decimal("0.3")),
        ("max_by(lines, &price).n", "b"),
        ("sort_by(lines, &price)[0].n", "a"),
        ("lines[?price > `0.15`].n | [0]", "b"),
        ("type(lines[0].price)", "number"),
        ("type(seven)", "number"),
        ("to_string(lines[0].price)", "0.1"),
        ("to_string(seven)", "7"),
        ("to_number('12.50')", Decimal("12.50")),
        ("to_number('x')", None),
        ("to_number('NaN')", None),
        ("to_number(lines[0].price)", Decimal("0.1")),
        ("abs(lines[0].price)", Decimal("0.1")),
    ],
)
def test_an_expression_finds_its_value_without_rounding(expression, found):
    value = search(expression, BODY)

    assert value == found
    assert type(value) is type(found)


@pytest.mark.parametrize(
    "expression", ["", "a[", "a..b", "nope(@)", "sum(word)", "(" * 1000, "a" * (MAX_LENGTH + 1), "é"]
)
def test_a_wrong_expression_is_a_bad_mapping(expression):
    with pytest.raises(BadMapping):
        search(expression, BODY)
