"""A request proves where it comes from, or is refused."""

import hashlib
import hmac
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from orderwatch.domain.errors import WrongSignature
from orderwatch.domain.sources import Hmac, Source, Token, Verification
from orderwatch.intake.headers import Headers
from orderwatch.intake.verify import Signed, verify
from orderwatch.kit.clock import to_micros

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
STAMP = str(to_micros(NOW) // 1_000_000)
KEY = "whsec_" + b64encode(b"0123456789abcdef0123456789abcdef").decode()
OTHER_KEY = "whsec_" + b64encode(b"fedcba9876543210fedcba9876543210").decode()
BODY = b'{"event_type":"order_created","order_id":"A-1"}'


def signed(body: Any = BODY, received_at: Any = NOW, url: Any = "https://example.com/in/shop", **headers: Any):
    raw = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return Signed(Headers(raw), body, url, received_at)


def standard(*secrets):
    return Source(name="shop", verification=Verification.STANDARD_WEBHOOKS, secrets=secrets)


def hmac_source(*secrets, **spec):
    return Source(name="shop", verification=Verification.HMAC, secrets=secrets, hmac=Hmac(**spec))


def standard_headers(secret=KEY, body=BODY, at=NOW, number="msg_1"):
    return {
        "webhook_id": number,
        "webhook_timestamp": str(to_micros(at) // 1_000_000),
        "webhook_signature": Webhook(secret).sign(number, at, body.decode()),
    }


def test_the_published_vector_of_standard_webhooks_is_taken():
    # standard-webhooks/standard-webhooks, libraries/go/webhook_test.go
    source = standard("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    request = signed(
        b'{"test": 2432232314}',
        datetime.fromtimestamp(1614265330, UTC),
        webhook_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        webhook_timestamp="1614265330",
        webhook_signature="v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    )

    verify(source, request)


@given(st.binary(max_size=200), st.text("abc_123", min_size=1, max_size=20))
def test_what_the_reference_library_signs_is_taken(content, number):
    body = content.hex().encode()

    verify(standard(KEY), signed(body, **standard_headers(body=body, number=number)))


def test_any_of_two_secrets_and_any_of_several_signatures_may_match():
    headers = standard_headers(OTHER_KEY)
    headers["webhook_signature"] = f"v1,AAAA v1a,BBBB {headers['webhook_signature']}"

    verify(standard(KEY, OTHER_KEY), signed(**headers))


@pytest.mark.parametrize("apart", [timedelta(minutes=5), timedelta(minutes=-5)])
def test_five_minutes_apart_is_taken_and_a_second_more_is_not(apart):
    verify(standard(KEY), signed(received_at=NOW + apart, **standard_headers()))

    further = apart + timedelta(seconds=1 if apart > timedelta(0) else -1)
    with pytest.raises(WrongSignature, match="signed time"):
        verify(standard(KEY), signed(received_at=NOW + further, **standard_headers()))


@pytest.mark.parametrize("missing", ["webhook_id", "webhook_timestamp", "webhook_signature"])
def test_a_missing_header_is_refused(missing):
    headers = standard_headers()
    del headers[missing]

    with pytest.raises(WrongSignature, match="missing"):
        verify(standard(KEY), signed(**headers))


@pytest.mark.parametrize("stamp", ["", "now", "-5", "1e9", "٣", "9" * 400])
def test_a_signed_time_that_is_none_is_refused(stamp):
    with pytest.raises(WrongSignature):
        verify(
            standard(KEY),
            Signed(
                Headers(
                    [
                        (b"webhook-id", b"1"),
                        (b"webhook-timestamp", stamp.encode()),
                        (b"webhook-signature", b"v1,AAAA"),
                    ]
                ),
                BODY,
                "",
                NOW,
            ),
        )


def test_another_body_is_refused_even_when_it_means_the_same():
    with pytest.raises(WrongSignature, match="does not match"):
        verify(standard(KEY), signed(BODY + b" ", **standard_headers()))


@pytest.mark.parametrize(
    "source", [standard(), standard(""), hmac_source(), Source(name="x", verification=Verification.TOKEN)]
)
def test_a_source_without_a_secret_refuses_everything(source):
    with pytest.raises(WrongSignature, match="no secret"):
        verify(source, signed(x_signature="x", authorization="x", **standard_headers()))


def test_a_secret_that_is_no_base64_refuses_everything():
    with pytest.raises(WrongSignature, match="whsec_"):
        verify(standard("whsec_not base64!"), signed(**standard_headers()))


@pytest.mark.parametrize("secret", ["whsec_", "whsec_===="])
def test_a_secret_that_holds_no_key_lets_nobody_in_who_signs_with_none(secret):
    content = f"msg_1.{STAMP}.".encode() + BODY
    forged = "v1," + b64encode(hmac.digest(b"", content, "sha256")).decode()
    headers = {"webhook_id": "msg_1", "webhook_timestamp": STAMP, "webhook_signature": forged}

    with pytest.raises(WrongSignature, match="whsec_"):
        verify(standard(secret), signed(**headers))


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
@pytest.mark.parametrize("encoding", ["hex", "base64"])
def test_hmac_is_verified_in_each_algorithm_and_encoding(algorithm, encoding):
    digest = hmac.new(b"secret", BODY, algorithm)
    shown = digest.hexdigest() if encoding == "hex" else b64encode(digest.digest()).decode()
    source = hmac_source("secret", header="X-Hub-Signature", algorithm=algorithm, encoding=encoding, prefix="sha=")

    verify(source, signed(x_hub_signature=f"sha={shown}"))

    with pytest.raises(WrongSignature, match="does not match"):
        verify(source, signed(BODY + b"!", x_hub_signature=f"sha={shown}"))
    with pytest.raises(WrongSignature, match="begin"):
        verify(source, signed(x_hub_signature=shown))


def test_hexadecimal_digests_may_be_written_in_capitals():
    digest = hmac.new(b"secret", BODY, hashlib.sha256).hexdigest().upper()

    verify(hmac_source("secret"), signed(x_signature=digest))


def test_what_is_signed_may_be_composed_of_id_time_address_and_body():
    content = b"id7|" + STAMP.encode() + b"|https://example.com/in/shop?x=1|" + BODY + b"{literal}"
    source = hmac_source(
        "secret",
        content="{id}|{timestamp}|{url}|{body}{literal}",
        timestamp_header="x-time",
        id_header="x-id",
    )
    headers = {"x_time": STAMP, "x_id": "id7", "x_signature": hmac.new(b"secret", content, hashlib.sha256).hexdigest()}

    verify(source, signed(url="https://example.com/in/shop?x=1", **headers))

    with pytest.raises(WrongSignature, match="signed time"):
        verify(source, signed(url="https://example.com/in/shop?x=1", received_at=NOW + timedelta(hours=1), **headers))


def test_a_signed_time_without_a_header_to_find_it_in_is_refused():
    source = hmac_source("secret", content="{timestamp}.{body}")

    with pytest.raises(WrongSignature, match="set-up"):
        verify(source, signed(x_signature="00"))


def test_a_token_is_compared_whole():
    source = Source(name="shop", verification=Verification.TOKEN, secrets=("t0ken",), token=Token(prefix="Bearer "))

    verify(source, signed(authorization="Bearer t0ken"))

    for wrong in ("Bearer t0ke", "Bearer t0ken2", "t0ken", "Bearer ", "Bearer tökén"):
        with pytest.raises(WrongSignature):
            verify(source, signed(authorization=wrong))


def test_a_doubled_signature_header_is_refused():
    digest = hmac.new(b"secret", BODY, hashlib.sha256).hexdigest().encode()
    doubled = Headers([(b"x-signature", digest), (b"x-signature", digest)])

    with pytest.raises(WrongSignature, match="more than once"):
        verify(hmac_source("secret"), Signed(doubled, BODY, "", NOW))


@given(st.binary(max_size=300))
def test_no_header_whatever_its_bytes_does_anything_but_match_or_be_refused(value):
    for source in (
        standard(KEY),
        hmac_source("s", prefix="v="),
        Source(name="x", verification=Verification.TOKEN, secrets=("s",)),
    ):
        raw = [(b"x-signature", value), (b"authorization", value), (b"webhook-signature", value)]
        raw += [(b"webhook-id", value), (b"webhook-timestamp", STAMP.encode())]
        with pytest.raises(WrongSignature):
            verify(source, Signed(Headers(raw), BODY, "", NOW))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://example.com"},
        {"origin": "http://127.0.0.1:8000", "host": "127.0.0.1:8000", "sec_fetch_site": "same-origin"},
        {"origin": "http://localhost:8000", "host": "localhost:8000", "sec_fetch_site": "same-origin"},
        {"origin": "http://[::1]:8000", "host": "[::1]:8000", "sec_fetch_site": "same-origin"},
    ],
)
def test_an_open_source_takes_what_programs_and_our_own_page_send(headers):
    verify(Source(name="shop"), signed(**headers))


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example", "host": "127.0.0.1:8000"},
        {"origin": "null", "host": "127.0.0.1:8000"},
        {"origin": "http://[", "host": "127.0.0.1:8000"},
        # Its own name, led to this machine after the page was loaded.
        {"origin": "http://evil.example:8000", "host": "evil.example:8000", "sec_fetch_site": "same-origin"},
        {"origin": "http://", "host": ""},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
def test_an_open_source_takes_nothing_from_web_pages_of_other_sites(headers):
    with pytest.raises(WrongSignature, match="another site"):
        verify(Source(name="shop"), signed(**headers))


def test_an_open_source_takes_what_the_page_under_the_public_address_sends():
    headers = [(b"origin", b"https://shop.example"), (b"host", b"shop.example"), (b"sec-fetch-site", b"same-origin")]

    verify(Source(name="shop"), Signed(Headers(headers), BODY, "https://shop.example/in/shop", NOW))


def test_who_signs_may_come_from_anywhere():
    verify(standard(KEY), signed(**standard_headers(), origin="https://evil.example"))
