"""Each way by which a platform proves itself: right, wrong, missing, doubled."""

from base64 import b64encode
from datetime import UTC, datetime

import pytest

from orderwatch.domain.errors import WrongSignature
from orderwatch.domain.proofs import BasicProof, HmacProof, TokenProof
from orderwatch.domain.sources import Source, Verification
from orderwatch.intake.headers import Headers
from orderwatch.intake.proofs import compile_proofs
from orderwatch.intake.verify import Signed
from orderwatch.providers.signing import Draft, sign

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def source(*secrets, **settings):
    return Source(
        name="shop",
        provider="acme",
        verification=Verification.PROVIDER,
        secrets=secrets or ("pässword",),
        settings=settings,
    )


def signed(*headers, body=b"{}", path="/in/shop"):
    raw = [(name.encode(), value if isinstance(value, bytes) else value.encode()) for name, value in headers]
    return Signed(Headers(raw), body, f"https://orders.example.com{path}", NOW, "POST", path)


def basic(user, password):
    return "authorization", f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def passes(proofs, given_source, request):
    check = compile_proofs(proofs, hooks={})
    assert check is not None
    try:
        check(given_source, request)
    except WrongSignature:
        return False
    return True


BASIC = (BasicProof(),)
PAIR = b64encode("dash:pässword".encode()).decode()


def test_a_user_s_name_and_password_are_taken():
    assert passes(BASIC, source(username="dash"), signed(basic("dash", "pässword")))


def test_the_scheme_may_be_written_in_any_case_and_be_followed_by_more_space():
    assert passes(BASIC, source(username="dash"), signed(("authorization", f"bAsIc   {PAIR} ")))


def test_either_of_two_passwords_is_taken():
    both = source("new", "old", username="dash")

    assert passes(BASIC, both, signed(basic("dash", "new")))
    assert passes(BASIC, both, signed(basic("dash", "old")))


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [basic("dash", "password")],
        [basic("dish", "pässword")],
        [basic("dash", "")],
        [basic("", "pässword")],
        [basic("dash", "pässword"), basic("dash", "pässword")],
        [("authorization", f"Bearer {PAIR}")],
        [("authorization", PAIR)],
        [("authorization", "Basic")],
        [("authorization", "Basic ")],
        [("authorization", f"Basic {PAIR}!")],
        [("authorization", "Basic é".encode("latin-1"))],
        [("authorization", f"Basic {b64encode(b'dash').decode()}")],
        [("authorization", f"Basic {b64encode('dash:pässword'.encode('latin-1')).decode()}")],
        [("authorization", "Basic " + "A" * 100_000)],
    ],
)
def test_what_is_no_user_s_name_and_password_is_refused(headers):
    assert not passes(BASIC, source(username="dash"), signed(*headers))


def test_bytes_that_are_no_text_never_pass_for_a_password_that_has_their_picture():
    forged = ("authorization", f"Basic {b64encode(bytes('dash:', 'ascii') + bytes([0xFF])).decode()}")

    assert not passes(BASIC, source("�", username="dash"), signed(forged))


def test_nobody_gets_in_by_a_name_that_the_source_was_not_told():
    assert not passes(BASIC, source(), signed(basic("", "pässword")))
    assert not passes(BASIC, source(), signed(basic("{setting.username}", "pässword")))


def test_nobody_gets_in_where_the_source_has_no_password():
    nobody = Source(name="shop", provider="acme", verification=Verification.PROVIDER, settings={"username": "dash"})

    assert not passes(BASIC, nobody, signed(basic("dash", "")))


TOKENS = (TokenProof(header="authorization"), TokenProof(header="authorization", prefix="Bearer "))


@pytest.mark.parametrize("value", ["s3cret", "Bearer s3cret", "bearer s3cret"])
def test_a_secret_is_taken_with_its_scheme_or_without(value):
    assert passes(TOKENS, source("s3cret"), signed(("authorization", value)))


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("authorization", "")],
        [("authorization", "Bearer")],
        [("authorization", "Bearer Bearer s3cret")],
        [("authorization", "Basic s3cret")],
        [("authorization", "s3cre")],
        [("authorization", "s3crets")],
        [("authorization", "s3cret"), ("authorization", "s3cret")],
        [("authorization", "s3cret"), ("authorization", "other")],
        [("x-authorization", "s3cret")],
    ],
)
def test_anything_but_the_secret_is_refused(headers):
    assert not passes(TOKENS, source("s3cret"), signed(*headers))


GUID = (HmacProof(header="x-hmac", content="{header.x-guid} {body}"),)


def guided(key="k3y", guid="7", body=b"{}"):
    draft = Draft(headers={"x-guid": guid}, body=body, url="https://orders.example.com/in/shop", seconds=0)
    return sign(GUID, source=source(key), draft=draft).headers["x-hmac"]


def test_what_is_signed_with_a_header_s_value_holds_for_that_value_alone():
    assert passes(GUID, source("k3y"), signed(("x-guid", "7"), ("x-hmac", guided())))
    assert passes(GUID, source("k3y"), signed(("x-guid", "7"), ("x-hmac", guided().upper())))
    assert not passes(GUID, source("k3y"), signed(("x-guid", "8"), ("x-hmac", guided())))
    assert not passes(GUID, source("k3y"), signed(("x-guid", "7"), ("x-hmac", guided(key="key"))))


@pytest.mark.parametrize(
    "headers",
    [
        [("x-hmac", guided())],
        [("x-guid", ""), ("x-hmac", guided())],
        [("x-guid", "7"), ("x-guid", "7"), ("x-hmac", guided())],
        [("x-guid", "7")],
        [("x-guid", "7"), ("x-hmac", guided()), ("x-hmac", guided())],
        [("x-guid", "7"), ("x-hmac", guided()[:-1])],
        [("x-guid", "7"), ("x-hmac", "")],
        [("x-guid", "7"), ("x-hmac", b"\xff\xfe" * 32)],
        [("x-guid", "7"), ("x-hmac", "0" * 100_000)],
    ],
)
def test_a_signature_or_a_signed_header_that_is_missing_doubled_or_no_signature_is_refused(headers):
    assert not passes(GUID, source("k3y"), signed(*headers))


STAMPED = (HmacProof(header="x-hmac", content="{body}{json.timestamp}", encoding="base64"),)


def stamped(body):
    draft = Draft(headers={}, body=body, url="https://orders.example.com/in/shop", seconds=0)
    return sign(STAMPED, source=source("k3y"), draft=draft).headers["x-hmac"]


@pytest.mark.parametrize("body", [b'{"timestamp": "2026-11-24T12:00:00.1Z"}', b'{"timestamp": 1795521600}'])
def test_a_time_in_the_body_is_signed_after_it(body):
    assert passes(STAMPED, source("k3y"), signed(("x-hmac", stamped(body)), body=body))
    assert not passes(STAMPED, source("k3y"), signed(("x-hmac", stamped(body)), body=body + b" "))


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"",
        b"{",
        b'{"timestamp": null}',
        b'{"timestamp": true}',
        b'{"timestamp": {}}',
        b'{"timestamp": ""}',
    ],
)
def test_without_the_time_in_the_body_nothing_passes(body):
    bare = HmacProof(header="x-hmac", encoding="base64")
    draft = Draft(headers={}, body=body, url="https://orders.example.com/in/shop", seconds=0)
    over_the_body_alone = sign((bare,), source=source("k3y"), draft=draft).headers["x-hmac"]

    assert not passes(STAMPED, source("k3y"), signed(("x-hmac", over_the_body_alone), body=body))
