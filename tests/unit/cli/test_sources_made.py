"""What ``source add`` makes of its options."""

from typing import Any

import pytest

from orderwatch.cli.pairs import read_pairs
from orderwatch.cli.sources_made import Wanted, change_secret, fresh_secret, make_source
from orderwatch.domain.errors import BadSettings
from orderwatch.domain.sources import Source, Verification


def wanted(**values: Any) -> Wanted:
    usual: dict[str, Any] = {
        "name": "shop",
        "provider": "generic",
        "verification": None,
        "secrets": (),
        "header": None,
        "header_prefix": None,
        "hmac": {},
        "mapping": {},
        "fields": {},
        "statuses": {},
        "more": {},
    }
    return Wanted(**{**usual, **values})


def test_a_sender_must_prove_itself_unless_it_is_said_that_it_need_not() -> None:
    source = make_source(wanted())

    assert source.verification is Verification.TOKEN
    assert source.token.header == "authorization"
    assert source.token.prefix == "Bearer "
    assert len(source.secrets[0]) > 30
    assert make_source(wanted(verification=Verification.OPEN)).secrets == ()


def test_standard_webhooks_come_with_a_secret_of_their_kind() -> None:
    source = make_source(wanted(provider="standard_webhooks"))

    assert source.verification is Verification.STANDARD_WEBHOOKS
    assert source.secrets[0].startswith("whsec_")


def test_each_fresh_secret_is_another() -> None:
    assert len({fresh_secret(way) for way in Verification for _ in range(20)}) == 20 * len(Verification)


def test_options_become_the_mapping() -> None:
    source = make_source(
        wanted(
            mapping={"event_type": "kind", "order_id": "order.no", "event_id": None, "events": "batch"},
            fields={"store_id": "shop.id"},
            statuses={"done": "order_delivered", "gone": "order.picked_up"},
            more={"currency": "KRW", "success_status": 204, "time_zone": None},
        )
    )

    assert (source.mapping.event_type, source.mapping.order_id, source.mapping.events) == ("kind", "order.no", "batch")
    assert source.mapping.event_id == "event_id || id"
    assert source.mapping.fields == {"store_id": "shop.id"}
    assert source.mapping.statuses == {"done": "order.delivered", "gone": "order.picked_up"}
    assert (source.currency, source.success_status, source.time_zone) == ("KRW", 204, None)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(BadSettings) as raised:
        make_source(wanted(provider="pigeon", mapping={"order_id": "a.[b"}, statuses={"done": "order.eaten"}))

    assert [fault.split(":")[0].split("=")[0] for fault in raised.value.faults] == [
        "--order-id",
        "--status done",
        "--provider pigeon",
    ]


def test_a_value_of_a_wrong_kind_is_refused() -> None:
    with pytest.raises(BadSettings, match="success_status"):
        make_source(wanted(more={"success_status": 418}))


def test_a_new_secret_given_or_made_is_taken_beside_the_one_from_before() -> None:
    source = Source(name="shop", verification=Verification.TOKEN, secrets=("old",))

    assert change_secret(source, secret="new", drop_old=False).secrets == ("new", "old")
    made, kept = change_secret(source, secret=None, drop_old=False).secrets
    assert len(made) > 30
    assert kept == "old"


def test_the_end_of_a_change_drops_the_older_secret_and_makes_none() -> None:
    source = Source(name="shop", verification=Verification.TOKEN, secrets=("new", "old"))

    assert change_secret(source, secret=None, drop_old=True).secrets == ("new",)


@pytest.mark.parametrize(
    ("secrets", "secret", "drop_old", "fault"),
    [
        (("new", "old"), None, False, "two secrets already"),
        (("new", "old"), "third", False, "two secrets already"),
        (("new", "old"), "third", True, "takes none"),
        (("only",), None, True, "no older secret"),
        ((), None, True, "no older secret"),
        (("only",), "only", False, "has this one already"),
    ],
)
def test_a_secret_that_may_be_in_use_is_never_dropped_in_passing(
    *, secrets: tuple[str, ...], secret: str | None, drop_old: bool, fault: str
) -> None:
    source = Source(name="shop", verification=Verification.TOKEN, secrets=secrets)

    with pytest.raises(BadSettings, match=fault):
        change_secret(source, secret=secret, drop_old=drop_old)


def test_an_open_source_that_gets_a_secret_must_sign_from_then_on() -> None:
    source = change_secret(Source(name="default", provider="orderwatch"), secret="whsec_AAAA", drop_old=False)

    assert source.verification is Verification.STANDARD_WEBHOOKS
    assert source.secrets == ("whsec_AAAA",)


def test_pairs_keep_what_comes_after_the_first_sign() -> None:
    assert read_pairs("--set", ["url=https://x/?a=b", "empty="]) == {"url": "https://x/?a=b", "empty": ""}


def test_all_bad_pairs_are_told_at_once() -> None:
    with pytest.raises(BadSettings) as raised:
        read_pairs("--set", ["no", "=x", "a=1", "a=2"])

    assert raised.value.faults == [
        "--set no: should be NAME=VALUE",
        "--set =x: should be NAME=VALUE",
        "--set a=…: given twice",
    ]


def test_a_platform_s_source_proves_itself_as_the_platform_does_and_takes_what_it_wants_to_be_told() -> None:
    source = make_source(wanted(provider="uber_eats", secrets=("one", "two"), public_url="https://x.example/in/shop"))

    assert (source.verification, source.secrets) == (Verification.PROVIDER, ("one", "two"))
    assert source.public_url == "https://x.example/in/shop"
    assert source.success_status is None
    assert len(make_source(wanted(provider="uber_eats")).secrets[0]) == 32


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"provider": "uber_eat"}, "did you mean uber_eats?"),
        ({"provider": "uber_eats", "settings": {"shop": "1"}}, "--set shop: Uber Eats has no such setting"),
    ],
)
def test_what_a_platform_does_not_know_is_said_so(values, said) -> None:
    with pytest.raises(BadSettings) as caught:
        make_source(wanted(**values))

    assert said in caught.value.message
