"""A plain digest over the body and the key."""

import hashlib

import msgspec
import pytest

from orderwatch.domain.errors import WrongSignature
from orderwatch.intake.headers import Headers
from orderwatch.providers.examples import read_example
from tests.preset_cases import SECRET, catalog, intake_of, request_for, source_for


@pytest.fixture
def source():
    return source_for(catalog().declared["seventeen_track"])


@pytest.fixture
def request_(source):
    declared = catalog().declared["seventeen_track"]
    return request_for(declared, source, read_example(declared.folder, "order_picked_up"))


def with_sign(request, *values):
    pairs = [pair for pair in request.headers.raw if pair[0] != b"sign"]
    return msgspec.structs.replace(request, headers=Headers([*pairs, *((b"sign", value) for value in values)]))


def test_the_digest_proves_it_in_either_case_and_is_not_kept(source, request_):
    digest = hashlib.sha256(request_.body + b"/" + SECRET.encode()).hexdigest()

    for written in (digest, digest.upper()):
        (submission,) = intake_of(catalog()).accept(source, with_sign(request_, written.encode()))
        assert written.encode() not in submission.headers


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"0" * 64,
        hashlib.sha256(b"").hexdigest().encode(),
        b"\xff" * 64,
        b"0" * 100_000,
    ],
)
def test_any_other_value_is_refused(source, request_, value):
    with pytest.raises(WrongSignature):
        intake_of(catalog()).accept(source, with_sign(request_, value))


@pytest.mark.parametrize("key", [b"", b"/", SECRET.upper().encode()])
def test_a_digest_with_another_key_or_none_is_refused(source, request_, key):
    digest = hashlib.sha256(request_.body + b"/" + key).hexdigest()

    with pytest.raises(WrongSignature):
        intake_of(catalog()).accept(source, with_sign(request_, digest.encode()))


def test_a_doubled_header_is_as_none(source, request_):
    digest = hashlib.sha256(request_.body + b"/" + SECRET.encode()).hexdigest().encode()

    with pytest.raises(WrongSignature, match="sign"):
        intake_of(catalog()).accept(source, with_sign(request_, digest, digest))


def test_a_source_without_a_secret_lets_nobody_in(request_):
    source = source_for(catalog().declared["seventeen_track"], secrets=())
    digest = hashlib.sha256(request_.body + b"/").hexdigest()

    with pytest.raises(WrongSignature, match="no secret"):
        intake_of(catalog()).accept(source, with_sign(request_, digest.encode()))
