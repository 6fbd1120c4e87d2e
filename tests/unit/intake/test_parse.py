"""JSON is read strictly: one reading only, bounded, nothing guessed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwatch.domain.errors import Unreadable
from orderwatch.intake.parse import parse

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def read(body, max_depth=64):
    return parse(body, max_depth=max_depth)


@given(JSON, st.booleans(), st.sampled_from([None, 2]))
def test_every_json_value_is_read_as_the_standard_library_reads_it(value, ascii_only, indent):
    # A lone surrogate can be written only as an escape, and is no text that could be kept.
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    body = text.encode("utf-8", "surrogatepass")
    try:
        expected = json.loads(body.decode())
        json.dumps(expected, ensure_ascii=False).encode()
    except UnicodeError:
        return

    assert read(body) == expected


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b'{"a": ', "not JSON"),
        (b'{"a": 1} x', "not JSON"),
        (b"{'a': 1}", "not JSON"),
        (b'{"a": NaN}', "not JSON"),
        (b'{"a": -Infinity}', "not JSON"),
        (b'{"a": 1e999}', "not JSON"),
        (b'{"a": ' + b"1" * 5000 + b"}", "not JSON"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b"\xff\xfe\x00", "not"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b'{"a": "\\ud800"}', "not JSON"),
        ('{"a": 1}'.encode("utf-16"), "not"),
    ],
)
def test_what_is_no_json_is_refused_with_the_reason(body, reason):
    with pytest.raises(Unreadable, match=reason):
        read(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1, "a": 2}',
        b'{"a":1,"b":{"c":1,"c":1}}',
        b'[{"x":1,"x":1}]',
        b'{"a": 1, "\\u0061": 2}',
        b'{"a":":x","a":1}',
        b'{"a" : 1, "a"\n:2}',
    ],
)
def test_a_doubled_key_is_refused_however_it_is_written(body):
    with pytest.raises(Unreadable, match="twice"):
        read(body)


@pytest.mark.parametrize(
    "body", [b'{"a":":x","b":"\\"a\\":"}', b'{"a":{"k":1},"b":{"k":1}}', b'{"a":":","b":[{"k":1},{"k":2}]}']
)
def test_what_only_looks_like_a_doubled_key_is_read(body):
    assert read(body) == json.loads(body)


def test_nesting_is_allowed_up_to_the_bound_and_refused_beyond_it():
    assert read(b"[" * 64 + b"]" * 64, max_depth=64)

    with pytest.raises(Unreadable, match="64 levels"):
        read(b"[" * 65 + b"]" * 65, max_depth=64)


def test_a_hundred_thousand_brackets_are_refused_without_harm():
    with pytest.raises(Unreadable, match="nested"):
        read(b"[" * 100_000)


def test_brackets_within_strings_do_not_count_as_nesting():
    assert read(b'{"a": "' + b"[{" * 1000 + b'"}', max_depth=2)
    assert read(b'{"a": "\\"[[[[[[[["}', max_depth=2)


def test_a_string_without_an_end_hides_no_nesting_before_it():
    with pytest.raises(Unreadable, match="nested"):
        read(b"[" * 65 + b'"' + b"[" * 65)


def test_a_megabyte_of_escaped_quotes_is_judged_as_fast_as_it_is_read():
    # Tried anew from each of its quotes, this would hold up every webhook for most of an hour.
    with pytest.raises(Unreadable, match="nested"):
        read(b"[" * 65 + b'"' + b'\\"' * 500_000)


def test_the_last_of_very_many_keys_may_be_the_doubled_one():
    keys = [b'"k%d":0' % number for number in range(90_000)]

    with pytest.raises(Unreadable, match="“k89999” stands twice"):
        read(b"{" + b",".join([*keys, keys[-1]]) + b"}")


def test_many_shallow_objects_are_no_nesting():
    assert len(read(b"[" + b",".join([b"{}"] * 10_000) + b"]", max_depth=3)) == 10_000
