"""Headers are looked up without doubt, and kept without their secrets."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwatch.intake.headers import Headers, mask, restored


def kept(*pairs, secret=()):
    return json.loads(Headers([(name.encode(), value.encode("latin-1")) for name, value in pairs]).kept(secret=secret))


@pytest.mark.parametrize(
    "name",
    [
        "authorization",
        "cookie",
        "x-api-key",
        "x-shopify-hmac-sha256",
        "webhook-signature",
        "x-uber-signature",
        "x-token",
    ],
)
def test_secrets_are_masked_by_the_header_s_name(name):
    secret = "0123456789abcdef0123456789abcdef"

    shown = kept((name, secret))[name]

    assert shown == "0123…ef"
    assert secret not in shown


def test_a_short_secret_shows_nothing():
    assert mask("hunter2") == "…"


def test_a_header_that_the_source_calls_secret_is_masked_too():
    assert kept(("x-proof", "p" * 40), secret=("X-Proof",))["x-proof"] == "pppp…pp"


NAMES = st.sampled_from([b"x-signature", b"authorization", b"x-mine", b"user-agent", b"ce-id", b"webhook-id"])
PAIRS = st.lists(st.tuples(NAMES, st.binary(max_size=40).map(bytes.strip)), unique_by=lambda pair: pair[0])


@given(PAIRS)
def test_what_was_masked_and_what_was_kept_apart_come_to_the_headers_as_they_were(pairs):
    headers = Headers(pairs)

    again, path = restored(headers.kept(secret=["X-Mine"]), headers.proof(secret=["X-Mine"], path="/in/x/secret"))

    assert {name: again.get(name.decode()) for name, _ in pairs} == {n: headers.get(n.decode()) for n, _ in pairs}
    assert path == "/in/x/secret"


def test_a_doubled_signature_is_still_doubled_when_it_is_looked_at_again():
    headers = Headers([(b"x-signature", b"a"), (b"x-signature", b"b")])

    assert restored(headers.kept(), headers.proof())[0].get("x-signature") is None


def test_no_cookie_and_nothing_that_is_too_long_to_be_a_signature_is_kept_for_a_proof():
    assert Headers([(b"cookie", b"session=1"), (b"proxy-authorization", b"x"), (b"user-agent", b"x")]).proof() == b""
    assert Headers([(b"x-signature", b"x" * 9000)]).proof() == b""


def test_what_only_travelled_is_not_kept_and_the_rest_is():
    assert kept(("host", "a"), ("connection", "close"), ("user-agent", "Shop/1"), ("ce-id", "1")) == {
        "user-agent": "Shop/1",
        "ce-id": "1",
    }


def test_a_doubled_header_is_kept_joined_and_looked_up_as_missing():
    headers = Headers([(b"x-a", b"1"), (b"x-a", b"2"), (b"x-b", b" 3 ")])

    assert json.loads(headers.kept())["x-a"] == "1, 2"
    assert headers.get("x-a") is None
    assert headers.get("x-b") == "3"


def test_bytes_that_are_no_ascii_survive():
    assert kept(("x-name", "caf\xe9")) == {"x-name": "café"}
