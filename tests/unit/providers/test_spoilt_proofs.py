"""A platform's proof that is spoilt in any of its parts lets nobody in, and the right one is seen nowhere after."""

from base64 import b64encode

import msgspec
import pytest

from orderwatch.domain.errors import WrongSignature
from orderwatch.domain.proofs import PathProof
from orderwatch.intake.accept import Request
from orderwatch.intake.headers import Headers
from orderwatch.providers.examples import example_names, read_example
from tests.preset_cases import SECRET, catalog, intake_of, presets, request_for, source_for


def sent(slug):
    """Return the first example of the preset as its platform sends it, and the headers that prove it."""
    declared = catalog().declared[slug]
    example = read_example(declared.folder, example_names(declared.folder)[0])
    request = request_for(declared, source_for(declared), example)
    plain = {"content-type", *(name.lower() for name in example.request.headers)}
    return request, [name for name in request.headers.as_dict() if name not in plain]


def with_headers(request, change):
    raw = [(name.encode(), value.encode("latin-1")) for name, value in request.headers.as_dict().items()]
    return msgspec.structs.replace(request, headers=Headers(change(raw)))


def replaced(name, value):
    return lambda raw: [(key, value if key == name.encode() else old) for key, old in raw]


PROVING = [slug for slug in presets() if catalog().declared[slug].preset.signature]
HEADERS = [(slug, name) for slug in PROVING for name in sent(slug)[1]]
IN_PATH = [
    slug for slug in PROVING if any(isinstance(one, PathProof) for one in catalog().declared[slug].preset.signature)
]


def is_refused(slug: str, request: Request) -> bool:
    try:
        intake_of(catalog()).accept(source_for(catalog().declared[slug]), request)
    except WrongSignature:
        return True
    return False


@pytest.mark.parametrize("slug", PROVING)
def test_a_request_as_the_platform_sends_it_is_taken(slug):
    assert not is_refused(slug, sent(slug)[0])


@pytest.mark.parametrize(("slug", "name"), HEADERS)
def test_a_header_of_the_proof_that_stands_twice_is_refused(slug, name):
    request, _ = sent(slug)
    value = (request.headers.get(name) or "").encode("latin-1")

    assert is_refused(slug, with_headers(request, lambda raw: [*raw, (name.encode(), value)]))
    assert is_refused(slug, with_headers(request, lambda raw: [(name.encode(), b"x"), *raw]))
    assert is_refused(slug, with_headers(request, lambda raw: [*raw, (name.encode(), b"")]))


@pytest.mark.parametrize(("slug", "name"), HEADERS)
def test_a_header_of_the_proof_that_is_missing_or_holds_something_else_is_refused(slug, name):
    request, _ = sent(slug)
    value = (request.headers.get(name) or "").encode("latin-1")

    assert is_refused(slug, with_headers(request, lambda raw: [pair for pair in raw if pair[0] != name.encode()]))
    for other in (
        b"",
        b" ",
        b"\xff\xfe\x00",
        "é".encode() * 32,
        b"A" * 100_000,
        value[:-1],
        value + b"A",
        value + b"," + value,
        value[::-1],
        b64encode(value),
        b"null",
        b"0" * len(value),
    ):
        assert is_refused(slug, with_headers(request, replaced(name, other))), other[:40]


@pytest.mark.parametrize("slug", PROVING)
def test_a_source_that_lost_its_secrets_lets_nobody_in(slug):
    request, _ = sent(slug)
    for secrets in ((), ("",), (" ",)):
        source = source_for(catalog().declared[slug], secrets=secrets)

        with pytest.raises(WrongSignature):
            intake_of(catalog()).accept(source, request)


@pytest.mark.parametrize("slug", IN_PATH)
@pytest.mark.parametrize("rest", ["", "/", "/x", f"/{SECRET[:-1]}", f"/{SECRET}/x", f"/{SECRET}x", f"/x?{SECRET}"])
def test_an_address_that_does_not_end_with_the_secret_is_refused(slug, rest):
    request = msgspec.structs.replace(sent(slug)[0], path=f"/in/shop{rest}")

    assert is_refused(slug, request)


@pytest.mark.parametrize("slug", PROVING)
def test_what_is_kept_of_a_request_does_not_hold_the_secret(slug):
    request, _ = sent(slug)

    for submission in intake_of(catalog()).accept(source_for(catalog().declared[slug]), request):
        kept = submission.headers + submission.path.encode()
        assert SECRET.encode() not in kept
        assert b64encode(f"the-username:{SECRET}".encode()) not in kept


def test_headers_of_the_examples_are_told_apart_from_those_that_prove_them():
    assert ("shopify", "x-shopify-hmac-sha256") in HEADERS
    assert ("shopify", "x-shopify-topic") not in HEADERS
