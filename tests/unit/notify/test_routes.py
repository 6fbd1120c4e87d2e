"""Who is told of an event, and in which words."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from orderwatch.domain.events import Event, EventType
from orderwatch.domain.notifications import Channel, Route
from orderwatch.notify.routes import Router
from orderwatch.notify.words import money
from tests.set_clock import NOON

CREATED = Event(
    source="default",
    type=EventType.ORDER_CREATED,
    raw_type="order_created",
    order_id="A-1",
    key="k1",
    receipt=1,
    occurred_at=NOON,
    received_at=NOON,
)


def router(*routes, channels=("log", "slack"), language="en"):
    made = [Channel(name=name, kind="log") for name in channels]
    return Router(routes=routes, channels=made, language=language, base_url="https://ow.example")


def route(name="r", channels=("log",), **values):
    return Route(name=name, channels=channels, **values)


def test_a_new_order_is_told_to_each_channel_of_its_route():
    drafts = router(route(channels=("log", "slack"))).drafts(CREATED, None)

    assert [(draft.channel, draft.route, draft.order_id) for draft in drafts] == [
        ("log", "r", "A-1"),
        ("slack", "r", "A-1"),
    ]
    assert len({draft.cause for draft in drafts}) == 1


def test_two_routes_to_one_channel_tell_it_once():
    drafts = router(route("a"), route("b", channels=("log", "slack"))).drafts(CREATED, None)

    assert [(draft.channel, draft.route) for draft in drafts] == [("log", "a"), ("slack", "b")]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"event_types": ("order_created",)}, True),
        ({"event_types": ("*",)}, True),
        ({"event_types": ()}, True),
        ({"event_types": ("order.ready",)}, False),
        ({"sources": ("default",)}, True),
        ({"sources": ("other",)}, False),
        ({"stores": ("s1",)}, True),
        ({"stores": ("s2",)}, False),
        ({"enabled": False}, False),
        ({"channels": ("gone",)}, False),
    ],
)
def test_a_route_takes_what_its_filters_say(values, told):
    event = replace(CREATED, store_id="s1")

    assert bool(router(route(**values)).drafts(event, None)) is told


def test_a_conflict_is_told_to_nobody():
    assert not router(route()).drafts(replace(CREATED, conflict=True), None)


def test_bad_news_is_a_warning():
    (draft,) = router(route(event_types=("order_cancelled",))).drafts(
        replace(CREATED, type=EventType.ORDER_CANCELLED), None
    )

    assert draft.message.severity == "warning"
    assert router(route()).drafts(CREATED, None)[0].message.severity == "info"


def test_a_channel_that_is_switched_off_is_told_nothing():
    off = Channel(name="log", kind="log", enabled=False)

    assert not Router(routes=[route()], channels=[off], language="en", base_url="").drafts(CREATED, None)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "New order A-1 · shop · store s1 · ₩12,500"), ("ko", "새 주문 A-1 · shop · 가게 s1 · ₩12,500")],
)
def test_the_message_says_what_a_manager_must_know(language, words):
    event = replace(CREATED, source="shop", store_id="s1", total=Decimal(12500), currency="KRW")

    (draft,) = router(route(), language=language).drafts(event, None)

    assert draft.message.text == words
    assert draft.message.payload["order_id"] == "A-1"
    assert draft.message.link == "https://ow.example/orders/shop/A-1"


@pytest.mark.parametrize("kind", list(EventType))
@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_event_type_has_words_in_both_languages(kind, language):
    event = replace(CREATED, type=kind, store_id="s1")

    (draft,) = router(route(event_types=("*",)), language=language).drafts(event, None)

    assert draft.message.title
    assert "{" not in draft.message.title


def test_what_a_sender_puts_into_an_id_cannot_look_like_another_message():
    event = replace(CREATED, order_id="A\n\nNew order B\x1b[31m" + "x" * 500)

    (draft,) = router(route()).drafts(event, None)

    assert "\n" not in draft.message.text
    assert "\x1b" not in draft.message.text
    assert len(draft.message.title) < 200


def test_a_link_holds_any_id():
    (draft,) = router(route()).drafts(replace(CREATED, order_id="알림-1/ü ?#"), None)

    assert draft.message.link == "https://ow.example/orders/default/%EC%95%8C%EB%A6%BC-1%2F%C3%BC%20%3F%23"


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("12500", "KRW", "₩12,500"),
        ("12.50", "USD", "$12.50"),
        ("-3.00", "EUR", "-€3.00"),
        ("7", "CHF", "7 CHF"),
        ("1234567.8", None, "1,234,567.8"),
        ("1E+3", "KRW", "₩1,000"),
        ("12500.00", "KRW", "₩12,500"),
        ("12500.5", "KRW", "₩12,500.5"),
        ("12.5", "USD", "$12.50"),
        ("0.125", "USD", "$0.125"),
        ("1E+30", "GBP", "£1,000,000,000,000,000,000,000,000,000,000.00"),
    ],
)
def test_money_is_written_as_people_write_it(amount, currency, shown):
    assert money(Decimal(amount), currency) == shown
