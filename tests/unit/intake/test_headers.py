"""Headers are looked up without doubt, and kept without their secrets."""

import json

import pytest

from orderwatch.intake.headers import Headers, mask


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
