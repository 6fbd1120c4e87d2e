"""How simulated time becomes sending time."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from orderwatch.simulate.pace import faster, silence, unruly
from orderwatch.simulate.webhook import Webhook, moved

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = datetime(2030, 1, 1, tzinfo=UTC)

seconds = st.lists(st.integers(0, 3600), max_size=60).map(sorted)


def at(second: float, source: str = "one") -> Webhook:
    moment = NOON + timedelta(seconds=second)
    return Webhook(
        at=moment, source=source, body={"event_id": f"{source}-{second}", "occurred_at": moment, "n": second}
    )


def test_a_minute_becomes_a_second_at_speed_sixty() -> None:
    shift = faster(NOON, origin=LATER, speed=60)

    assert shift(NOON + timedelta(minutes=90)) == LATER + timedelta(seconds=90)


def test_all_times_of_a_webhook_move_together() -> None:
    webhook = moved(at(60), faster(NOON, origin=LATER, speed=60))

    assert webhook.at == webhook.body["occurred_at"] == LATER + timedelta(seconds=1)
    assert webhook.body["n"] == 60


@given(seconds, st.floats(0, 1), st.floats(0, 1), st.integers())
def test_an_unruly_line_loses_nothing_and_sends_nothing_before_its_time(
    times: list[int], duplicates: float, shuffled: float, seed: int
) -> None:
    webhooks = [at(second) for second in times]

    sent = list(unruly(webhooks, duplicates=duplicates, shuffled=shuffled, random=Random(seed)))

    assert {w.event_id for w in sent} == {w.event_id for w in webhooks}
    assert len(webhooks) <= len(sent) <= 2 * len(webhooks)
    assert [w.at for w in sent] == sorted(w.at for w in sent)
    assert all(timedelta() <= w.at - w.body["occurred_at"] <= timedelta(minutes=5) for w in sent)


def test_a_line_that_doubles_everything_sends_everything_twice() -> None:
    sent = list(unruly([at(1), at(2)], duplicates=1.0, shuffled=0.0, random=Random(1)))

    assert [w.body["n"] for w in sent] == [1, 1, 2, 2]


@given(seconds, st.integers(0, 3600), st.integers(0, 3600))
def test_a_silent_source_says_nothing_and_then_all_of_it(times: list[int], one: int, other: int) -> None:
    start, end = NOON + timedelta(seconds=min(one, other)), NOON + timedelta(seconds=max(one, other))
    webhooks = [at(second, source) for second in times for source in ("one", "two")]

    sent = list(silence(webhooks, source="one", start=start, end=end))

    assert [w for w in sent if w.source == "two"] == [w for w in webhooks if w.source == "two"]
    assert [w.event_id for w in sent if w.source == "one"] == [w.event_id for w in webhooks if w.source == "one"]
    assert not [w for w in sent if w.source == "one" and start <= w.at < end]
    assert [w.at for w in sent] == sorted(w.at for w in sent)
