"""Every provider with a ``provider.toml``: what lies beside it is true. A new one is covered by being there."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwatch.domain.errors import BadInput, BadSettings, OrderwatchError, WrongSignature
from orderwatch.domain.proofs import DigestProof, HmacProof, StandardProof
from orderwatch.domain.sources import Source, Verification
from orderwatch.intake.accept import Request
from orderwatch.intake.verify import Signed
from orderwatch.providers.examples import example_names, read_example
from tests.preset_cases import (
    BASE,
    beside,
    catalog,
    examples,
    headers_of,
    intake_of,
    moment,
    presets,
    read_submission,
    request_for,
    source_for,
    understood,
)
from tests.rsa_keys import KnownKeys

VECTORS = [(slug, number) for slug in presets() for number in range(len(beside(slug, "vectors.json")))]
HANDSHAKES = [(slug, number) for slug in presets() for number in range(len(beside(slug, "handshakes.json")))]
PROVING = [slug for slug in presets() if catalog().declared[slug].preset.signature]
OVER_THE_BODY = [
    slug
    for slug in presets()
    if all(
        isinstance(proof, StandardProof) or (isinstance(proof, HmacProof | DigestProof) and "{body}" in proof.content)
        for proof in catalog().declared[slug].preset.signature
    )
    and catalog().declared[slug].preset.signature
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def vector_request(vector: dict[str, Any], slug: str) -> tuple[Source, Signed]:
    source = source_for(catalog().declared[slug], secrets=(vector["secret"],), settings=vector.get("settings", {}))
    path = f"/in/shop{vector.get('rest', '')}"
    signed = Signed(
        headers_of(vector["headers"]),
        vector["body"].encode(),
        vector.get("url", BASE + path),
        moment(vector.get("at")),
        vector.get("method", "POST"),
        path,
        KnownKeys(json.dumps(vector["keys"]).encode()) if "keys" in vector else None,
    )
    return source, signed


@pytest.mark.parametrize(("slug", "name"), examples())
def test_an_example_is_understood_as_its_golden_events_say(slug, name):
    example = read_example(catalog().declared[slug].folder, name)

    events, _ = understood(slug, name)

    assert events == example.events
    assert events, "an example that tells nothing shows nothing"


@pytest.mark.parametrize("slug", presets())
def test_a_preset_has_an_example_of_a_new_order_or_of_its_first_news_and_says_where_each_is_from(slug):
    folder = catalog().declared[slug].folder
    names = example_names(folder)

    assert names, "without an example nobody can try it"
    for name in names:
        example = read_example(folder, name)
        assert "https://" in example.origin or "github.com" in example.origin or "self-made" in example.origin


@pytest.mark.parametrize(("slug", "name"), examples())
def test_no_example_has_a_fault_or_an_unknown_meaning_unless_it_is_about_that(slug, name):
    events, _ = understood(slug, name)

    if not name.startswith(("unknown", "odd")):
        assert [event for event in events if event["type"] == "unknown" or event.get("faults")] == []


@pytest.mark.parametrize(("slug", "name"), [pair for pair in examples() if pair[0] in PROVING])
def test_a_request_signed_with_another_secret_is_refused(slug, name):
    declared = catalog().declared[slug]
    example = read_example(declared.folder, name)
    source = source_for(declared)
    request = request_for(declared, source_for(declared, secrets=("fedcba9876543210fedcba9876543210",)), example)

    with pytest.raises(WrongSignature):
        intake_of(catalog()).accept(source, request)


@pytest.mark.parametrize(("slug", "name"), [pair for pair in examples() if pair[0] in PROVING])
def test_either_of_two_secrets_is_taken(slug, name):
    declared = catalog().declared[slug]
    example = read_example(declared.folder, name)
    source = source_for(declared)
    both = source_for(declared, secrets=("fedcba9876543210fedcba9876543210", *source.secrets))

    assert intake_of(catalog()).accept(both, request_for(declared, source, example))


@pytest.mark.parametrize(("slug", "name"), [pair for pair in examples() if pair[0] in OVER_THE_BODY])
def test_a_right_signature_over_a_body_that_was_written_anew_is_refused(slug, name):
    declared = catalog().declared[slug]
    source = source_for(declared)
    request = request_for(declared, source, read_example(declared.folder, name))
    anew = msgspec.structs.replace(request, body=request.body + b"\n")

    with pytest.raises(WrongSignature):
        intake_of(catalog()).accept(source, anew)


@pytest.mark.parametrize(("slug", "name"), [pair for pair in examples() if pair[0] in PROVING])
def test_a_request_without_its_proof_is_refused(slug, name):
    declared = catalog().declared[slug]
    example = read_example(declared.folder, name)
    request = Request(
        method=example.request.method,
        path=f"/in/shop{example.request.rest}",
        headers=headers_of({"content-type": "application/json", **example.request.headers}),
        body=example.request.content,
        received_at=moment(example.received_at),
    )

    with pytest.raises(WrongSignature):
        intake_of(catalog()).accept(source_for(declared), request)


@pytest.mark.parametrize(("slug", "number"), VECTORS)
def test_a_vector_passes_and_no_change_of_it_does(slug, number):
    vector = beside(slug, "vectors.json")[number]
    source, signed = vector_request(vector, slug)
    door = catalog().doors[slug]

    door.verify(source, signed)

    changes = [msgspec.structs.replace(signed, body=changed_body(slug, signed.body))]
    if vector["headers"]:
        changes.append(msgspec.structs.replace(signed, headers=headers_of({})))
    for changed in changes:
        with pytest.raises(WrongSignature):
            door.verify(source, changed)


def changed_body(slug: str, body: bytes) -> bytes:
    """Return `body` with what was signed of it changed: a blank more where it was all of it, else one letter within."""
    if slug in OVER_THE_BODY:
        return body + b" "
    middle = len(body) // 2
    return body[:middle] + (b"B" if body[middle : middle + 1] == b"A" else b"A") + body[middle + 1 :]


@pytest.mark.parametrize("slug", OVER_THE_BODY)
def test_a_preset_whose_platform_signs_the_body_has_a_vector_that_says_where_it_is_from(slug):
    vectors = beside(slug, "vectors.json")

    assert vectors
    assert all(vector["origin"].startswith(("https://", "published:", "self-made:")) for vector in vectors)


@pytest.mark.parametrize(("slug", "number"), HANDSHAKES)
def test_a_handshake_is_answered_and_makes_no_event(slug, number):
    case = beside(slug, "handshakes.json")[number]
    asked = Request(
        method=case["method"],
        path=f"/in/shop{case.get('rest', '')}",
        headers=headers_of(case.get("headers", {})),
        body=case.get("body", "").encode(),
        received_at=moment(None),
    )

    answer = intake_of(catalog()).greet(source_for(catalog().declared[slug]), asked)

    assert answer is not None
    assert (answer.status, answer.body.decode(), answer.media) == (case["status"], case["answer"], case["media"])


@pytest.mark.parametrize("slug", presets())
def test_every_handshake_of_a_preset_is_shown_by_a_case(slug):
    assert len(beside(slug, "handshakes.json")) >= len(catalog().declared[slug].preset.handshake)


@pytest.mark.parametrize(("slug", "name"), examples())
def test_an_example_is_no_handshake(slug, name):
    declared = catalog().declared[slug]
    source = source_for(declared)
    request = request_for(declared, source, read_example(declared.folder, name))

    assert intake_of(catalog()).greet(source, request) is None


@pytest.mark.parametrize("slug", presets())
@given(body=JSON, words=st.dictionaries(st.text(st.characters(codec="latin-1"), min_size=1), st.text(), max_size=2))
def test_whatever_comes_a_parser_raises_nothing_but_its_own_error(slug, body, words):
    declared = catalog().declared[slug]
    request = Request(
        method="POST",
        path="/in/shop/some/where?check=1",
        headers=headers_of({**words, "content-type": "application/json"}),
        body=json.dumps(body).encode(),
        received_at=moment(None),
    )

    accept_and_read(declared, request)


@pytest.mark.parametrize(("slug", "name"), examples())
@given(data=st.data())
def test_an_example_with_anything_in_the_place_of_a_part_raises_nothing_but_our_own_error(slug, name, data):
    declared = catalog().declared[slug]
    example = read_example(declared.folder, name)
    if example.request.text is not None:
        return
    changed = replaced(json.loads(example.request.content), data)
    asked = msgspec.structs.replace(example.request, body=msgspec.Raw(json.dumps(changed).encode()))

    accept_and_read(declared, signed_if_it_can_be(declared, msgspec.structs.replace(example, request=asked)))


def signed_if_it_can_be(declared, example):
    try:
        return request_for(declared, source_for(declared), example)
    except BadSettings:  # what is signed was replaced
        return request_for(declared, source_for(declared, verification=Verification.OPEN), example)


def accept_and_read(declared, request):
    source = source_for(declared)
    intake = intake_of(catalog())
    try:
        submissions = intake.accept(source, request, trusted=True)
    except BadInput:
        return
    for submission in submissions:
        try:
            understood_of(submission, source)
        except OrderwatchError:
            return


def understood_of(submission, source):
    for event in read_submission(submission, source, catalog()):
        msgspec.json.encode(event)


def replaced(value, data):
    """Return `value` with one part, anywhere, replaced by any JSON."""
    if isinstance(value, dict) and value and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(sorted(value)))
        return {**value, key: replaced(value[key], data)}
    if isinstance(value, list) and value and data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(value) - 1))
        return [*value[:at], replaced(value[at], data), *value[at + 1 :]]
    return data.draw(JSON)
