"""What follows from one try at sending."""

from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from orderwatch.domain.notifications import Message, NotificationStatus, Rejected, Retry, Sent
from orderwatch.notify.policy import KEPT_ATTEMPTS, RetryPolicy, Try, judge
from orderwatch.notify.ports import Due
from tests.set_clock import NOON

POLICY = RetryPolicy(lasts=timedelta(hours=24), fallback="mail")


def due(**values):
    given_values = {"tries": 0, "attempts": (), "created_at": NOON, "channel": "slack", "cause": "c"} | values
    return Due(id=1, route="r", source="s", order_id="o", message=Message(title="t", text="x"), **given_values)


def judged(outcome, at=NOON, policy=POLICY, **values):
    return judge(due(**values), Try(outcome=outcome, at=at, took=timedelta(milliseconds=12)), policy, jitter=Random(1))


def test_what_was_sent_is_done():
    result = judged(Sent(detail="200"))

    assert (result.status, result.tries, result.finished_at, result.fallback) == (
        NotificationStatus.SENT,
        1,
        NOON,
        None,
    )
    assert (result.attempts[0].outcome, result.attempts[0].detail, result.attempts[0].took_ms) == ("sent", "200", 12)


def test_a_retry_waits_longer_each_time_up_to_half_an_hour():
    waits = [judged(Retry(detail="503"), tries=tries).due_at - NOON for tries in range(20)]

    assert timedelta(seconds=1) < waits[0] < timedelta(seconds=3)
    assert waits[5] > waits[0] * 10
    assert max(waits) <= timedelta(minutes=36)


def test_the_other_side_s_wish_to_wait_is_honoured():
    assert judged(Retry(detail="429", after=timedelta(minutes=7))).due_at == NOON + timedelta(minutes=7)


def test_what_is_refused_fails_at_once_and_goes_to_the_fallback():
    result = judged(Rejected(detail="410"))

    assert result.status is NotificationStatus.FAILED
    assert result.fallback is not None
    assert (result.fallback.channel, result.fallback.cause, result.fallback.order_id) == ("mail", "c after slack", "o")


def test_retrying_ends_after_its_time_and_goes_to_the_fallback():
    first = judged(Retry(detail="503"))
    result = judged(Retry(detail="503"), at=NOON + timedelta(hours=24), tries=60, give_up_at=first.give_up_at)

    assert result.status is NotificationStatus.FAILED
    assert result.fallback is not None


def test_a_channel_is_not_its_own_fallback_and_without_one_there_is_none():
    assert judged(Rejected(detail="x"), policy=RetryPolicy(lasts=timedelta(1), fallback="slack")).fallback is None
    assert judged(Rejected(detail="x"), policy=RetryPolicy(lasts=timedelta(1))).fallback is None


def test_the_time_before_the_first_try_does_not_count():
    result = judged(Retry(detail="503"), at=NOON + timedelta(days=3))

    assert result.status is NotificationStatus.PENDING


def test_two_channels_that_are_each_other_s_fallback_do_not_go_on_for_ever():
    first = judged(Rejected(detail="x")).fallback
    assert first is not None

    back = judged(
        Rejected(detail="x"),
        policy=RetryPolicy(lasts=timedelta(1), fallback="slack"),
        cause=first.cause,
        channel=first.channel,
    )

    assert back.status is NotificationStatus.FAILED
    assert back.fallback is None


def test_what_the_other_side_says_is_kept_as_one_readable_line():
    (attempt,) = judged(Retry(detail="line\nbreak \x1b[31m \ud800" + "x" * 9000)).attempts

    assert attempt.detail.isprintable()
    assert len(attempt.detail) == 500


@given(st.lists(st.sampled_from([Sent(), Retry(detail="r"), Rejected(detail="x")]), max_size=40))
def test_attempts_are_kept_newest_last_and_bounded_and_nothing_follows_an_end(outcomes):
    current = due()
    for outcome in outcomes:
        result = judge(current, Try(outcome=outcome, at=NOON, took=timedelta(0)), POLICY, jitter=Random(1))
        assert len(result.attempts) <= KEPT_ATTEMPTS
        assert (result.finished_at is None) is (result.status is NotificationStatus.PENDING)
        if result.status is not NotificationStatus.PENDING:
            return
        current = due(tries=result.tries, attempts=result.attempts, give_up_at=result.give_up_at)
