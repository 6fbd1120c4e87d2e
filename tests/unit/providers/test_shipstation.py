"""Requests that are signed with a key that the platform publishes, and sent to an address that few know."""

from datetime import timedelta

import msgspec
import pytest

from orderwatch.domain.errors import Unavailable, WrongSignature
from orderwatch.domain.sources import Verification
from orderwatch.intake.accept import Intake
from orderwatch.intake.headers import Headers
from orderwatch.intake.keyring import Keyring
from orderwatch.kit.clock import SystemClock
from orderwatch.providers.examples import read_example
from tests.preset_cases import BASE, SECRET, catalog, headers_of, intake_of, request_for, source_for

SIGNATURE, KEY_ID, TIME = (
    "x-shipengine-rsa-sha256-signature",
    "x-shipengine-rsa-sha256-key-id",
    "x-shipengine-timestamp",
)


@pytest.fixture
def declared():
    return catalog().declared["shipstation"]


@pytest.fixture
def source(declared):
    return source_for(declared)


@pytest.fixture
def request_(declared, source):
    return request_for(declared, source, read_example(declared.folder, "order_picked_up"))


def with_headers(request, **changes):
    named = {name.decode(): value.decode() for name, value in request.headers.raw}
    return msgspec.structs.replace(
        request, headers=headers_of({name: value for name, value in (named | changes).items() if value is not None})
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({SIGNATURE: None}, SIGNATURE),
        ({SIGNATURE: ""}, SIGNATURE),
        ({SIGNATURE: "AAAA"}, "does not match"),
        ({SIGNATURE: "no base64!"}, "not base64"),
        ({SIGNATURE: "ö" * 20}, "not base64"),
        ({SIGNATURE: "A" * 100_000}, "too long"),
        ({KEY_ID: None}, KEY_ID),
        ({KEY_ID: "made-up"}, "made-up"),
        ({TIME: None}, TIME),
        ({TIME: "yesterday"}, "neither a Unix time"),
        ({TIME: "2026-11-24T18:02:00"}, "neither a Unix time"),
        ({TIME: "2026-11-24T18:02:01Z"}, "does not match"),
        ({TIME: "2026-11-24T17:56:59Z"}, "too old"),
        ({TIME: "2026-11-24T18:07:01Z"}, "far in the future"),
    ],
)
def test_what_proves_nothing_is_refused_and_why_is_said(source, request_, changes, said):
    with pytest.raises(WrongSignature, match=said):
        intake_of(catalog()).accept(source, with_headers(request_, **changes))


@pytest.mark.parametrize("name", [SIGNATURE, KEY_ID, TIME])
def test_a_doubled_header_is_as_none(source, request_, name):
    twice = [pair for pair in request_.headers.raw if pair[0].decode() == name]
    doubled = msgspec.structs.replace(request_, headers=Headers([*request_.headers.raw, *twice]))

    with pytest.raises(WrongSignature, match=name):
        intake_of(catalog()).accept(source, doubled)


def test_another_customer_of_the_platform_does_not_know_the_address(source, request_):
    with pytest.raises(WrongSignature, match="end of the address"):
        intake_of(catalog()).accept(source, msgspec.structs.replace(request_, path="/in/shop"))


def test_who_knows_the_address_cannot_sign(source, request_):
    other = msgspec.structs.replace(request_, body=request_.body.replace(b"IN_", b"DE_") + b" ")

    with pytest.raises(WrongSignature, match="does not match"):
        intake_of(catalog()).accept(source, other)


def test_a_repetition_some_minutes_late_is_taken_and_a_recorded_one_is_not(source, request_):
    for late, taken in ((299, True), (301, False)):
        again = msgspec.structs.replace(request_, received_at=request_.received_at + timedelta(seconds=late))
        if taken:
            assert intake_of(catalog()).accept(source, again)
        else:
            with pytest.raises(WrongSignature, match="too old"):
                intake_of(catalog()).accept(source, again)


def test_neither_the_secret_nor_the_signature_is_kept(source, request_):
    (submission,) = intake_of(catalog()).accept(source, request_)

    signature = request_.headers.get(SIGNATURE)
    assert signature is not None
    assert signature.encode() not in submission.headers
    assert SECRET not in submission.path


class Silent:
    """A platform whose keys cannot be had."""

    def __init__(self):
        self.asked = 0

    async def fetch(self, address):
        self.asked += 1
        raise Unavailable("the answer is 500")


async def test_without_the_platform_s_keys_it_is_our_fault_and_not_the_sender_s(source, request_):
    silent = Silent()
    intake = Intake(
        providers=catalog().providers,
        doors=catalog().doors,
        public_url=BASE,
        max_depth=64,
        keyring=Keyring(silent, clock=SystemClock()),
    )

    assert intake.needs_keys(source)
    with pytest.raises(Unavailable, match="cannot be had now"):
        await intake.prepare(source, request_)
    with pytest.raises(WrongSignature):
        intake.accept(source, request_)
    assert silent.asked == 1


def test_no_other_source_waits_for_keys(source):
    intake = intake_of(catalog())

    for slug, declared in catalog().declared.items():
        assert intake.needs_keys(source_for(declared)) == (slug == "shipstation")
    assert not intake.needs_keys(source_for(catalog().declared["shipstation"], verification=Verification.OPEN))
