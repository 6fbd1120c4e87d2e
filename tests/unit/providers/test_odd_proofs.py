"""What proves a platform's request, and stands there twice, is empty, is no text or is beyond all measure."""

from collections.abc import Sequence

import msgspec
import pytest

from orderwatch.domain.errors import WrongSignature
from orderwatch.intake.headers import Headers
from orderwatch.providers.examples import example_names, read_example
from tests.preset_cases import catalog, intake_of, presets, request_for, source_for


def proven_by_headers() -> list[str]:
    """Return the presets whose platform proves itself by headers that the example alone does not have."""
    return [slug for slug in presets() if proving_headers(slug)]


def proving_headers(slug):
    declared = catalog().declared[slug]
    if not declared.preset.signature:
        return []
    example = read_example(declared.folder, example_names(declared.folder)[0])
    plain = {"content-type", *(name.lower() for name in example.request.headers)}
    signed = request_for(declared, source_for(declared), example).headers.as_dict()
    return sorted(set(signed) - plain)


def refused(slug: str, change) -> None:
    declared = catalog().declared[slug]
    source = source_for(declared)
    request = request_for(declared, source, read_example(declared.folder, example_names(declared.folder)[0]))
    assert intake_of(catalog()).accept(source, request)
    for name in proving_headers(slug):
        raw: Sequence[tuple[bytes, bytes]] = change(request.headers.raw, name.encode())
        with pytest.raises(WrongSignature):
            intake_of(catalog()).accept(source, msgspec.structs.replace(request, headers=Headers(raw)))


def other_value(make):
    return lambda raw, name: [(key, make(value) if key == name else value) for key, value in raw]


@pytest.mark.parametrize("slug", proven_by_headers())
def test_a_proof_that_stands_there_twice_is_refused(slug):
    refused(slug, lambda raw, name: [*raw, *[pair for pair in raw if pair[0] == name]])


@pytest.mark.parametrize("slug", proven_by_headers())
def test_a_right_proof_beside_a_wrong_one_is_refused(slug):
    refused(slug, lambda raw, name: [(name, b"0" * 64), *raw])


@pytest.mark.parametrize("slug", proven_by_headers())
@pytest.mark.parametrize(
    "make",
    [
        lambda _: b"",
        lambda _: b"   ",
        lambda _: "é한".encode(),
        lambda _: b"\xff\xfe" * 32,
        lambda _: b"A" * 100_000,
        lambda value: value[:-1],
        lambda value: value + b"0",
        lambda value: value + b", " + value,
    ],
    ids=["empty", "space", "utf-8", "no text", "long", "cut", "longer", "joined"],
)
def test_an_odd_proof_is_refused(slug, make):
    refused(slug, other_value(make))
