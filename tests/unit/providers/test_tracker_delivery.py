"""A platform that proves nothing but that it knows the address, and sends the same body each time."""

from datetime import timedelta

import msgspec
import pytest

from orderwatch.domain.errors import WrongSignature
from orderwatch.intake.accept import Request
from tests.preset_cases import catalog, headers_of, intake_of, moment, source_for

SECRET = "kept between us"
BODY = b'{"carrierId":"kr.cjlogistics","trackingNumber":"1234567890"}'


def accept(path, *, secret=SECRET, received_at=None, **changes):
    source = source_for(catalog().declared["tracker_delivery"], secrets=(secret,), **changes)
    request = Request(
        method="POST",
        path=path,
        headers=headers_of({"content-type": "application/json"}),
        body=BODY,
        received_at=received_at or moment(None),
    )
    (submission,) = intake_of(catalog()).accept(source, request)
    return submission


@pytest.mark.parametrize("path", ["/in/shop/kept%20between%20us", "/in/shop/kept%20between%20us?x=1"])
def test_who_knows_the_address_is_let_in_and_the_address_is_not_kept(path):
    submission = accept(path)

    assert "kept" not in submission.path
    assert submission.path.startswith("/in/shop/…")


@pytest.mark.parametrize(
    "path",
    [
        "/in/shop",
        "/in/shop/",
        "/in/shop/another",
        "/in/shop/kept%20between%20us/",
        "/in/shop/kept%20between%20u",
        "/in/shop?kept%20between%20us",
        "/in/shop?x=/kept%20between%20us",
    ],
)
def test_who_does_not_is_refused(path):
    with pytest.raises(WrongSignature):
        accept(path)


def test_a_source_s_own_name_is_never_its_secret():
    with pytest.raises(WrongSignature):
        accept("/in/shop", secret="shop")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/in/shop/s3cret", "/in/shop/…"),
        ("/in/shop/s3cret/", "/in/shop/…"),
        ("/in/shop/s3cret/more?x=1", "/in/shop/…?x=1"),
        ("/in/shop", "/in/shop"),
    ],
)
def test_of_a_refused_request_nothing_of_the_address_is_shown_that_may_be_the_secret(path, shown):
    assert catalog().doors["tracker_delivery"].shown(path, proved=False) == shown


def test_a_secret_that_stands_in_the_address_twice_is_hidden_twice():
    assert catalog().doors["tracker_delivery"].shown("/in/shop/s3cret/s3cret", proved=True) == "/in/shop/…/…"


def test_the_same_body_again_is_news_and_the_same_request_is_not():
    path = "/in/shop/kept%20between%20us"
    first, same = accept(path), accept(path)
    later = accept(path, received_at=moment(None) + timedelta(microseconds=1))

    assert first.key == same.key
    assert later.key != first.key
    assert later.digest == first.digest
    assert first.event_id is None


def test_an_id_that_the_sender_gives_counts_more():
    source = source_for(catalog().declared["tracker_delivery"], secrets=("s",))
    request = Request(
        method="POST", path="/in/shop/s", headers=headers_of({"webhook-id": "w-1"}), body=BODY, received_at=moment(None)
    )
    late = msgspec.structs.replace(request, received_at=moment(None) + timedelta(hours=1))

    keys = {intake_of(catalog()).accept(source, one)[0].key for one in (request, late)}

    assert len(keys) == 1
