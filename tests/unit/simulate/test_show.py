"""The demo's traffic: several platforms, trouble, and a silence."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise, takewhile

from orderwatch.domain.sources import Verification
from orderwatch.simulate.platforms import platforms
from orderwatch.simulate.show import Show, perform
from orderwatch.simulate.towns import TOWNS
from orderwatch.simulate.webhook import Webhook, encode

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
SECRETS = {"swift-table": "whsec_AAAA", "magpie-eats": "one", "own-shop": "two"}


def first_minutes(minutes: float) -> list[Webhook]:
    show = Show(town=TOWNS["seoul"], platforms=platforms(SECRETS), seed=7, speed=30, day=NOW)
    until = NOW + timedelta(minutes=minutes)
    return list(takewhile(lambda webhook: webhook.at < until, perform(show, now=NOW)))


def test_each_platform_sends_in_its_own_shape_and_proves_itself_in_its_own_way() -> None:
    webhooks = {webhook.source: webhook.body for webhook in first_minutes(0)}

    assert {platform.source.verification for platform in platforms(SECRETS)} == {
        Verification.STANDARD_WEBHOOKS,
        Verification.HMAC,
        Verification.TOKEN,
    }
    assert webhooks["swift-table"].keys() == {"type", "timestamp", "data"}
    assert {"uid", "event", "at", "order"} <= webhooks["magpie-eats"].keys()
    assert {"event_type", "order_id", "event_id"} <= webhooks["own-shop"].keys()


def test_it_begins_with_a_board_that_is_already_full_and_nothing_older_than_five_minutes() -> None:
    before = first_minutes(0)

    assert sum(b"PLACED" in encode(w.body) for w in before) > 30
    assert min(w.at for w in before) > NOW - timedelta(minutes=5)


def test_within_a_minute_an_order_is_cancelled_and_one_is_late() -> None:
    words = b"".join(encode(w.body) for w in first_minutes(1) if w.at >= NOW)

    assert b"cancelled" in words or b"VOIDED" in words
    assert b"eta.changed" in words or b"NEW_ETA" in words or b"eta_changed" in words


def test_one_platform_falls_silent_and_then_tells_what_it_held_back() -> None:
    of_magpie = [w for w in first_minutes(2) if w.source == "magpie-eats" and w.at >= NOW]
    gaps = [(later.at - one.at, later) for one, later in pairwise(of_magpie)]

    longest, after = max(gaps, key=lambda gap: gap[0])
    held = [w for w in of_magpie if w.at == after.at]
    assert longest > timedelta(seconds=20)
    assert len(held) > 20
    assert all(w.body["at"] <= w.at for w in held)


def test_rush_hours_follow_each_other_without_a_night_between() -> None:
    per_minute = [0] * 12
    for webhook in first_minutes(12):
        if webhook.at >= NOW:
            per_minute[int((webhook.at - NOW).total_seconds() // 60)] += 1

    assert min(per_minute) > 200
