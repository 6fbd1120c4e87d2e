"""What the command line signs, the intake takes."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook as Oracle

from orderwatch.cli.signing import Unsigned, sign, source_for_secret
from orderwatch.cli.sources_made import fresh_secret
from orderwatch.domain.errors import BadSettings, WrongSignature
from orderwatch.domain.sources import Hmac, Source, Token, Verification
from orderwatch.intake.headers import Headers
from orderwatch.intake.verify import Signed, verify

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "https://orders.example.com/in/shop"

hmacs = st.builds(
    Hmac,
    algorithm=st.sampled_from(["sha1", "sha256", "sha512"]),
    encoding=st.sampled_from(["hex", "base64"]),
    prefix=st.sampled_from(["", "sha256=", "v1,"]),
    content=st.sampled_from(
        ["{body}", "{timestamp}.{body}", "{id}.{timestamp}.{body}", "{url}{body}", "v0:{timestamp}:{body}"]
    ),
    timestamp_header=st.just("x-timestamp"),
    id_header=st.just("x-id"),
)
sources = st.one_of(
    st.just(Source(name="s")),
    st.builds(
        lambda key: Source(
            name="s",
            verification=Verification.STANDARD_WEBHOOKS,
            secrets=(f"whsec_{b64encode(key).decode()}",),
        ),
        st.binary(min_size=24, max_size=64),
    ),
    st.builds(
        lambda spec, secret: Source(name="s", verification=Verification.HMAC, secrets=(secret,), hmac=spec),
        hmacs,
        st.text(min_size=1),
    ),
    st.builds(
        lambda prefix, secret: Source(
            name="s", verification=Verification.TOKEN, secrets=(secret,), token=Token(prefix=prefix)
        ),
        st.sampled_from(["", "Bearer "]),
        st.from_regex(r"[A-Za-z0-9_-]{8,40}", fullmatch=True),
    ),
)


def signed(source: Source, body: bytes) -> Signed:
    unsigned = Unsigned(body=body, event_id="ev-1", url=URL, seconds=int(NOW.timestamp()))
    headers = [(name.lower().encode(), value.encode()) for name, value in sign(source, unsigned).items()]
    return Signed(Headers(headers), body, URL, NOW)


@given(sources, st.binary())
def test_the_intake_takes_what_was_signed(source: Source, body: bytes) -> None:
    verify(source, signed(source, body))


@given(sources.filter(lambda source: source.verification in {Verification.HMAC, Verification.STANDARD_WEBHOOKS}))
def test_the_intake_refuses_a_body_that_was_changed_after_signing(source: Source) -> None:
    request = signed(source, b'{"order_id": "A-1"}')

    with pytest.raises(WrongSignature):
        verify(source, Signed(request.headers, b'{"order_id": "A-2"}', request.url, request.received_at))


def test_the_reference_library_takes_what_was_signed() -> None:
    secret, now = fresh_secret(Verification.STANDARD_WEBHOOKS), int(datetime.now(UTC).timestamp())  # noqa: TID251
    body = b'{"type": "order.created"}'

    headers = sign(source_for_secret("s", secret), Unsigned(body=body, event_id="ev-1", url=URL, seconds=now))

    assert Oracle(secret).verify(body, headers) == {"type": "order.created"}


@pytest.mark.parametrize(
    ("secret", "way"),
    [
        (None, Verification.OPEN),
        ("", Verification.OPEN),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", Verification.STANDARD_WEBHOOKS),
        ("s3cret", Verification.HMAC),
    ],
)
def test_a_secret_shows_by_itself_how_to_sign_with_it(secret: str | None, way: Verification) -> None:
    assert source_for_secret("s", secret).verification is way


def test_a_secret_that_cannot_sign_is_refused() -> None:
    with pytest.raises(BadSettings, match="base64"):
        signed(source_for_secret("s", "whsec_???"), b"{}")
