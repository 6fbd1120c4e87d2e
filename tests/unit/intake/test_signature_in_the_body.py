"""A signature that stands in the body is over the bytes beside it, as they came."""

import hmac
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwatch.domain.errors import BadMapping, Unreadable, WrongSignature
from orderwatch.domain.proofs import HmacProof
from orderwatch.domain.sources import Source, Verification
from orderwatch.intake.headers import Headers
from orderwatch.intake.parse import parse
from orderwatch.intake.proofs import compile_proofs
from orderwatch.intake.templates import read_raw
from orderwatch.intake.verify import Signed

SECRET = "sk_test"
DATA = b'{"order" : {"id": "7",  "note": "\xeb\xac\xb8 \\u00e9 \\/", "price": 1.50}}'
PROOF = HmacProof(json="sign.value", content="{json.at}\r\n{path}\r\n{raw.data}")


def signature(data=DATA, *, at="1795521600", path="/in/shop", secret=SECRET):
    return hmac.digest(secret.encode(), f"{at}\r\n{path}\r\n".encode() + data, "sha256").hex().encode()


def body(signed, data=DATA, at=b"1795521600"):
    return b'{"at": %s, "sign": {"value": %s}, "data": %s, "rest": 1}' % (at, signed, data)


def quoted(text):
    return b'"' + text + b'"'


def verify(content, *, url="https://x.example/in/shop?q=1", secrets=(SECRET,), proof=PROOF):
    check = compile_proofs([proof], hooks={})
    assert check
    source = Source(name="shop", verification=Verification.PROVIDER, secrets=secrets)
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    check(source, Signed(Headers([]), content, url, now, "POST", "/in/other"))


def test_the_signed_bytes_are_those_that_came_with_their_blanks_and_spellings():
    verify(body(quoted(signature())))


def test_the_path_is_that_of_the_address_that_was_given_to_the_platform():
    verify(body(quoted(signature(path="/hooks/a"))), url="https://y.example:8443/hooks/a")
    with pytest.raises(WrongSignature):
        verify(body(quoted(signature())), url="https://y.example:8443/hooks/a")


def test_either_of_two_secrets_is_taken():
    verify(body(quoted(signature())), secrets=("another", SECRET))


@pytest.mark.parametrize(
    "content",
    [
        body(quoted(signature()), DATA.replace(b"  ", b" ")),
        body(quoted(signature()), DATA.replace(b"7", b"8")),
        body(quoted(signature()), at=b"1795521601"),
        body(quoted(signature(secret="wrong"))),
        body(quoted(b"")),
        body(b"null"),
        body(b"true"),
        body(b"[" + quoted(signature()) + b"]"),
        body(quoted(signature()), at=b"1.5"),
        body(quoted(signature()), at=b"true"),
        body(quoted(signature()), at=b"null"),
        body(quoted("é".encode() * 64)),
        body(quoted(b"0" * 20_000)),
        body(quoted(signature())).replace(b'"data"', b'"date"'),
        body(quoted(signature())).replace(b'"sign"', b'"sing"'),
        body(quoted(signature())).replace(b'"at"', b'"ta"'),
        body(quoted(signature()))[:-1],
        b"",
        b"[]",
        DATA,
    ],
    ids=range(20),
)
def test_a_wrong_missing_or_misplaced_part_is_refused(content):
    with pytest.raises(WrongSignature):
        verify(content)


def test_a_doubled_key_is_read_as_one_thing_by_the_signature_and_not_at_all_by_the_reader():
    doubled = b'{"at": 1795521600, "sign": {"value": %s}, "data": %s, "data": %s}'
    forged = b'{"order": {"id": "8"}}'

    with pytest.raises(WrongSignature):
        verify(doubled % (quoted(signature()), DATA, forged))
    verify(doubled % (quoted(signature()), forged, DATA))
    for first, last in ((DATA, forged), (forged, DATA)):
        with pytest.raises(Unreadable, match="twice"):
            parse(doubled % (quoted(signature()), first, last), max_depth=64)


def test_a_place_must_be_exactly_one():
    for proof in (HmacProof(), HmacProof(json="a", header="b")):
        with pytest.raises(BadMapping):
            compile_proofs([proof], hooks={})


@given(content=st.binary(max_size=200) | st.text().map(str.encode), keys=st.lists(st.sampled_from("ab"), max_size=3))
def test_reading_raw_bytes_raises_nothing(content, keys):
    found = read_raw(content, ["a", *keys])

    assert found is None or found in content


def test_a_body_of_nothing_but_brackets_is_refused():
    for content in (b"[" * 900_000, b'{"data":' * 100_000, b'{"data":' + b"[" * 5000 + b"]" * 5000 + b"}"):
        with pytest.raises(WrongSignature):
            verify(content)
