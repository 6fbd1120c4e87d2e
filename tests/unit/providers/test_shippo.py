"""A signed time and a signature in one header; or else a token in the address."""

from datetime import timedelta

import msgspec
import pytest

from orderwatch.domain.errors import WrongSignature
from orderwatch.intake.headers import Headers
from orderwatch.providers.examples import read_example
from tests.preset_cases import SECRET, catalog, headers_of, intake_of, request_for, source_for

HEADER = "shippo-auth-signature"


@pytest.fixture
def source():
    return source_for(catalog().declared["shippo"])


@pytest.fixture
def request_(source):
    declared = catalog().declared["shippo"]
    return request_for(declared, source, read_example(declared.folder, "order_picked_up"))


def accept(source, request):
    (submission,) = intake_of(catalog()).accept(source, request)
    return submission


def signed(request, *values):
    pairs = [pair for pair in request.headers.raw if pair[0] != HEADER.encode()]
    return msgspec.structs.replace(
        request, headers=Headers([*pairs, *((HEADER.encode(), value.encode("latin-1", "replace")) for value in values)])
    )


@pytest.fixture
def right(request_):
    return request_.headers.get(HEADER)


def test_the_signature_is_taken_alone_and_among_others(source, request_, right):
    stamp, _, signature = right.partition(",")

    assert accept(source, request_)
    assert accept(source, signed(request_, f"{stamp},v1={'0' * 64},{signature}"))
    assert accept(source, signed(request_, f"{signature}, {stamp}"))


@pytest.mark.parametrize(
    "written",
    [
        "{stamp}",
        "{signature}",
        "{stamp},{stamp},{signature}",
        "t=1795543201,{signature}",
        "t=,{signature}",
        "{stamp},v1=",
        "{stamp},v0={digest}",
        "{stamp},{signature}0",
        "{stamp},{many}{signature}",
        "üüüüüüüü",
        "{stamp},{signature}{spaces}x",
    ],
)
def test_a_header_that_says_anything_else_is_refused(source, request_, right, written):
    stamp, _, signature = right.partition(",")
    value = written.format(
        stamp=stamp, signature=signature, digest=signature[3:], many="v1=0," * 40, spaces=" " * 20_000
    )

    with pytest.raises(WrongSignature):
        accept(source, signed(request_, value))


def test_a_doubled_header_is_as_none(source, request_, right):
    with pytest.raises(WrongSignature):
        accept(source, signed(request_, right, right))


def test_an_old_request_is_refused(source, request_):
    late = msgspec.structs.replace(request_, received_at=request_.received_at + timedelta(seconds=301))

    with pytest.raises(WrongSignature, match="too old"):
        accept(source, late)


def with_query(request, query):
    return msgspec.structs.replace(
        request, path=f"/in/shop{query}", headers=headers_of({"content-type": "application/json"})
    )


def test_a_token_in_the_address_will_do_and_is_not_kept(source, request_):
    submission = accept(source, with_query(request_, f"?a=1&token={SECRET}"))

    assert submission.path == "/in/shop?a=1&token=…"


@pytest.mark.parametrize("query", ["", "?token=", "?token=x", f"?tokem={SECRET}", f"?token={SECRET}&token={SECRET}"])
def test_any_other_address_is_refused_and_its_token_not_shown(source, request_, query):
    with pytest.raises(WrongSignature):
        accept(source, with_query(request_, query))

    shown = catalog().doors["shippo"].shown(f"/in/shop{query}", proved=False)
    assert SECRET not in shown or "tokem" in query
