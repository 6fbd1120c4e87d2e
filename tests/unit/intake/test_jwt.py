"""A token proves itself by the one algorithm that is expected, and by nothing that it says of itself."""

import hmac
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from orderwatch.domain.errors import WrongSignature
from orderwatch.domain.proofs import JwtProof
from orderwatch.domain.sources import Source, Verification
from orderwatch.intake.headers import Headers
from orderwatch.intake.proofs import compile_proofs
from orderwatch.intake.verify import Signed

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECRET = "a secret of the shop's own"
CLAIMS = {"type": "order.received", "details": {"id": "7"}}


def coded(value):
    return urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode()).rstrip(b"=").decode()


def token(claims=CLAIMS, *, secret=SECRET, header=None, digest="sha256"):
    signed = f"{coded(header or {'alg': 'HS256', 'typ': 'JWT'})}.{coded(claims)}"
    return f"{signed}.{coded(hmac.digest(secret.encode(), signed.encode(), digest))}"


def unsigned(alg, signature=""):
    return f"{coded({'alg': alg})}.{coded(CLAIMS)}.{signature}"


def verify(body=b"{}", *, proof=None, headers=(), secrets=(SECRET,), at=NOW):
    check = compile_proofs([proof or JwtProof(json="token")], hooks={})
    assert check
    source = Source(name="shop", verification=Verification.PROVIDER, secrets=secrets)
    check(source, Signed(Headers(list(headers)), body, "https://x.example/in/shop", at, "POST", "/in/shop"))


def in_body(text):
    return json.dumps({"token": text}).encode()


def test_a_token_in_the_body_passes():
    verify(in_body(token()))


def test_a_token_in_a_header_passes():
    verify(
        proof=JwtProof(header="authorization", prefix="Bearer "),
        headers=[(b"authorization", f"Bearer {token()}".encode())],
    )


@pytest.mark.parametrize(("algorithm", "digest"), [("HS384", "sha384"), ("HS512", "sha512")])
def test_longer_digests_pass_where_they_are_expected(algorithm, digest):
    given_token = token(header={"alg": algorithm}, digest=digest)

    verify(in_body(given_token), proof=JwtProof(json="token", algorithm=algorithm))
    with pytest.raises(WrongSignature):
        verify(in_body(given_token))


def test_either_of_two_secrets_is_taken():
    verify(in_body(token()), secrets=("another, longer than fourteen", SECRET))


def test_a_short_secret_is_taken_without_a_warning():
    verify(in_body(token(secret="short")), secrets=("short",))


@pytest.mark.parametrize(
    "alg",
    ["none", "None", "NONE", "nOnE", "", "HS257", "RS256", None, 5, ["HS256"]],
    ids=repr,
)
def test_a_token_that_asks_for_another_algorithm_or_for_none_is_refused(alg):
    signature = token().rpartition(".")[2]

    for made in (unsigned(alg), unsigned(alg, signature), token(header={"alg": alg})):
        with pytest.raises(WrongSignature):
            verify(in_body(made))


def test_a_key_that_anybody_knows_is_no_secret_even_if_the_token_brings_it():
    public = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    header = {"alg": "HS256", "jwk": {"kty": "oct", "k": coded(b"theirs")}, "kid": "../../dev/null"}

    for made in (token(secret=pem), token(secret="theirs", header=header), token(secret="")):
        with pytest.raises(WrongSignature):
            verify(in_body(made))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"token": null}',
        b'{"token": ""}',
        b'{"token": 5}',
        b'{"token": ["a"]}',
        b'{"token": "a.b.c"}',
        b'{"token": "..."}',
        b'{"token": "\xc3\xa9.\xc3\xa9.\xc3\xa9"}',
        in_body("a" * 20_000),
        in_body(token() + "." + token()),
        in_body(token(secret="wrong, but long enough")),
        in_body(token()[:-3]),
        in_body(token() + "AA"),
        in_body(token(b"not JSON")),
        in_body(token([1])),
        in_body(token(header={"alg": "HS256", "crit": ["exp"]})),
        in_body(token(header={"alg": "HS256", "b64": False, "crit": ["b64"]})),
    ],
)
def test_what_is_no_sound_token_is_refused(body):
    with pytest.raises(WrongSignature):
        verify(body)


def test_other_claims_under_the_same_signature_are_refused():
    head, _, signature = token().split(".")

    with pytest.raises(WrongSignature):
        verify(in_body(f"{head}.{coded({**CLAIMS, 'type': 'order.delivered'})}.{signature}"))


def test_a_source_without_a_secret_lets_nothing_in():
    for secrets in ((), ("",)):
        with pytest.raises(WrongSignature):
            verify(in_body(token(secret="")), secrets=secrets)


def test_a_token_in_a_doubled_header_is_refused():
    one = (b"x-token", token().encode())

    with pytest.raises(WrongSignature):
        verify(proof=JwtProof(header="x-token"), headers=[one, one])


def test_a_token_holds_as_long_as_it_says():
    stamp = int(NOW.timestamp())
    body = in_body(token({**CLAIMS, "nbf": stamp - 10, "exp": stamp + 10}))

    verify(body)
    verify(body, at=NOW + timedelta(seconds=70))
    with pytest.raises(WrongSignature, match="run out"):
        verify(body, at=NOW + timedelta(seconds=71))
    with pytest.raises(WrongSignature, match="not hold yet"):
        verify(body, at=NOW - timedelta(seconds=71))


@pytest.mark.parametrize("value", ["tomorrow", True, [], {}])
def test_a_token_whose_end_is_no_time_is_refused(value):
    with pytest.raises(WrongSignature, match="no time"):
        verify(in_body(token({**CLAIMS, "exp": value})))


@given(
    text=st.text(st.characters(codec="utf-8")) | st.lists(st.binary().map(coded), min_size=3, max_size=3).map(".".join)
)
def test_no_text_does_anything_but_be_refused(text):
    with pytest.raises(WrongSignature):
        verify(in_body(text))


def test_a_header_of_thousands_of_brackets_is_refused():
    deep = urlsafe_b64encode(b"[" * 9000).rstrip(b"=").decode()

    with pytest.raises(WrongSignature):
        verify(in_body(f"{deep}.e30.AA"))
