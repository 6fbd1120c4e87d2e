import asyncio

import pytest
from structlog.testing import capture_logs

from orderwatch.domain.errors import Unavailable
from orderwatch.intake.keyring import BELIEVED_SECONDS, FRESH_SECONDS, PAUSE_SECONDS, Keyring
from tests.fake_clock import FakeClock
from tests.rsa_keys import key_set

ADDRESS = "https://platform.example/jwks"


class Platform:
    """Publishes keys; counts who asks, answers when it is let, and fails when it is told to."""

    def __init__(self, *key_ids):
        self.body = key_set(*key_ids)
        self.asked = 0
        self.failure = None
        self.open = asyncio.Event()
        self.open.set()

    async def fetch(self, address):
        assert address == ADDRESS
        self.asked += 1
        await self.open.wait()
        if self.failure:
            raise Unavailable(self.failure)
        return self.body


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def platform():
    return Platform("key-1")


@pytest.fixture
async def keyring(platform, clock):
    keyring = Keyring(platform, clock=clock)
    yield keyring
    await keyring.close()


async def settled():
    """Return when whatever can go on without waiting has gone on."""
    for _ in range(5):
        await FakeClock().sleep(0)


async def test_a_key_is_fetched_once_and_kept(keyring, platform):
    assert keyring.get(ADDRESS, "key-1") is None

    await keyring.prepare(ADDRESS, "key-1")
    await keyring.prepare(ADDRESS, "key-1")

    assert keyring.get(ADDRESS, "key-1") is not None
    assert platform.asked == 1


async def test_all_who_wait_wait_for_one_answer(keyring, platform):
    platform.open.clear()
    waiting = [asyncio.ensure_future(keyring.prepare(ADDRESS, "key-1")) for _ in range(20)]
    await settled()
    waiting[0].cancel()
    platform.open.set()

    await asyncio.gather(*waiting[1:])

    assert platform.asked == 1
    assert keyring.get(ADDRESS, "key-1") is not None


async def test_a_key_that_is_new_is_fetched_when_it_is_named(keyring, platform, clock):
    await keyring.prepare(ADDRESS, "key-1")
    platform.body = key_set("key-2")
    clock.advance(seconds=PAUSE_SECONDS)

    await keyring.prepare(ADDRESS, "key-2")

    assert keyring.get(ADDRESS, "key-2") is not None
    assert keyring.get(ADDRESS, "key-1") is None, "it is not published any more"


async def test_made_up_ids_ask_no_more_often_than_the_pause_allows(keyring, platform, clock):
    for number in range(50):
        await keyring.prepare(ADDRESS, f"made-up-{number}")
    assert platform.asked == 1

    clock.advance(seconds=PAUSE_SECONDS)
    await keyring.prepare(ADDRESS, "made-up")

    assert platform.asked == 2
    assert keyring.get(ADDRESS, "made-up") is None


async def test_old_keys_are_fetched_anew_while_requests_go_on_with_them(keyring, platform, clock):
    await keyring.prepare(ADDRESS, "key-1")
    platform.open.clear()
    clock.advance(seconds=FRESH_SECONDS)

    await keyring.prepare(ADDRESS, "key-1")
    await settled()

    assert platform.asked == 2
    assert keyring.get(ADDRESS, "key-1") is not None


async def test_a_platform_that_fails_is_not_asked_at_once_again_and_nobody_is_let_in(keyring, platform, clock):
    platform.failure = "the answer is 500"
    for _ in range(2):
        with pytest.raises(Unavailable, match="cannot be had now"):
            await keyring.prepare(ADDRESS, "key-1")
    assert platform.asked == 1
    assert keyring.get(ADDRESS, "key-1") is None

    platform.failure = None
    clock.advance(seconds=PAUSE_SECONDS)
    await keyring.prepare(ADDRESS, "key-1")

    assert keyring.get(ADDRESS, "key-1") is not None


async def test_known_keys_outlast_a_failure_but_not_for_ever(keyring, platform, clock):
    await keyring.prepare(ADDRESS, "key-1")
    platform.failure = "the answer is 500"
    clock.advance(seconds=FRESH_SECONDS)
    await keyring.prepare(ADDRESS, "key-1")
    await settled()
    assert keyring.get(ADDRESS, "key-1") is not None

    clock.advance(seconds=BELIEVED_SECONDS)

    assert keyring.get(ADDRESS, "key-1") is None
    with pytest.raises(Unavailable):
        await keyring.prepare(ADDRESS, "key-1")


async def test_what_is_no_set_of_keys_leaves_those_that_were_known(keyring, platform, clock):
    await keyring.prepare(ADDRESS, "key-1")
    platform.body = b"<html>"
    clock.advance(seconds=PAUSE_SECONDS)

    with pytest.raises(Unavailable):
        await keyring.prepare(ADDRESS, "key-2")

    assert keyring.get(ADDRESS, "key-1") is not None


async def test_a_platform_that_never_answers_is_given_up(platform, clock):
    platform.open.clear()
    keyring = Keyring(platform, clock=clock, longest_seconds=0.001)

    with pytest.raises(Unavailable, match="cannot be had now"):
        await keyring.prepare(ADDRESS, "key-1")

    assert keyring.get(ADDRESS, "key-1") is None


async def test_a_fault_of_our_own_lets_nobody_in_and_is_got_over(keyring, platform, clock):
    right, platform.body = platform.body, None
    with capture_logs() as logged, pytest.raises(Unavailable):
        await keyring.prepare(ADDRESS, "key-1")

    platform.body = right
    clock.advance(seconds=PAUSE_SECONDS)
    await keyring.prepare(ADDRESS, "key-1")

    assert keyring.get(ADDRESS, "key-1") is not None
    assert [line["address"] for line in logged] == [ADDRESS]


async def test_why_keys_cannot_be_had_is_for_the_log_and_not_for_the_sender(keyring, platform):
    platform.failure = "it leads to 10.0.0.1"

    with capture_logs() as logged, pytest.raises(Unavailable) as caught:
        await keyring.prepare(ADDRESS, "key-1")

    assert "10.0.0.1" not in caught.value.message
    assert logged[0]["reason"] == "it leads to 10.0.0.1"
