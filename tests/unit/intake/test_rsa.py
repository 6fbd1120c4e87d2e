import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwatch.domain.errors import Unreadable
from orderwatch.intake.rsa import MOST_KEYS, is_signed, read_keys
from tests.rsa_keys import entry, key_set, keyholder


def test_a_published_key_tells_its_own_signature_from_any_other():
    key = read_keys(key_set("key-1"))["key-1"]
    signature = keyholder("key-1").sign(b"news")

    assert is_signed(key, message=b"news", signature=signature)
    assert not is_signed(key, message=b"olds", signature=signature)
    assert not is_signed(key, message=b"news", signature=keyholder("key-2").sign(b"news"))
    assert not is_signed(key, message=b"news", signature=b"")
    assert not is_signed(key, message=b"news", signature=signature + b"\0")


@pytest.mark.parametrize(
    "changes",
    [
        {"kty": "EC"},
        {"use": "enc"},
        {"alg": "RS512"},
        {"kid": None},
        {"kid": ""},
        {"n": "AQAB"},
        {"n": None},
        {"n": "ö"},
        {"e": "AQ"},
        {"e": ""},
        {"e": "AAAA"},
    ],
)
def test_what_is_no_key_for_signatures_or_a_weak_one_is_left_out(changes):
    keys = read_keys(json.dumps({"keys": [entry("key-1") | changes, entry("key-2")]}).encode())

    assert list(keys) == ["key-2"]


def test_a_key_of_1024_bits_is_too_weak():
    assert read_keys(json.dumps({"keys": [entry("short", bits=1024)]}).encode()) == {}


def test_of_two_keys_of_one_name_neither_is_believed():
    keys = [entry("key-1"), entry("key-2", kid="key-1"), entry("key-2")]

    assert list(read_keys(json.dumps({"keys": keys}).encode())) == ["key-2"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"keys": {}}', b'{"keys": [1]}', b'{"keys": [{}]}', b"<html>", b"[" * 100_000]
)
def test_what_is_no_set_is_said_so(body):
    with pytest.raises(Unreadable):
        read_keys(body)


def test_a_set_has_a_bound():
    with pytest.raises(Unreadable, match="at most"):
        read_keys(json.dumps({"keys": [{"kty": "RSA"}] * (MOST_KEYS + 1)}).encode())


@given(st.dictionaries(st.sampled_from(["kty", "kid", "use", "alg", "n", "e"]), st.text() | st.none()))
def test_whatever_an_entry_says_nothing_but_our_own_error_is_raised(said):
    with contextlib.suppress(Unreadable):
        read_keys(json.dumps({"keys": [{"kty": "RSA", "use": "sig", **said}]}).encode())
