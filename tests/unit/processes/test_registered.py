"""What was registered is known to whoever asks for it afterwards, by whichever process it was."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orderwatch.config import Settings
from orderwatch.domain.sources import Source
from orderwatch.processes.opening import open_store
from orderwatch.processes.registered import RegisteredCache
from orderwatch.storage.registry.registry import Registry
from tests.fake_clock import FakeClock


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[Registry]:
    async with open_store(Settings(data=str(tmp_path)), FakeClock(), migrate=True) as store:
        yield store.registry


async def test_a_source_made_just_after_a_look_that_failed_is_found_by_whoever_asks_then(registry: Registry) -> None:
    clock = FakeClock()
    cache = RegisteredCache(registry, clock=clock)
    assert await cache.look_again("shop") is None
    await registry.sources.create(Source(name="shop"), by="the command line")

    asked = [asyncio.ensure_future(cache.look_again("shop")) for _ in range(3)]
    await clock.asleep()
    clock.advance(seconds=0.1)

    assert [found.name for found in await asyncio.gather(*asked) if found] == ["shop"] * 3


async def test_many_who_ask_for_nothing_ask_the_registry_ten_times_a_second_together(registry: Registry) -> None:
    clock = FakeClock()
    cache = RegisteredCache(registry, clock=clock)
    await cache.look_again("nothing")

    asked = [asyncio.ensure_future(cache.look_again(f"nothing-{n}")) for n in range(50)]
    await clock.asleep()
    assert not any(one.done() for one in asked)
    assert (clock.next_waking - clock.time).total_seconds() == pytest.approx(0.1)
    clock.advance(seconds=0.1)

    assert await asyncio.gather(*asked) == [None] * 50


async def test_who_goes_away_takes_the_answer_from_nobody(registry: Registry) -> None:
    clock = FakeClock()
    cache = RegisteredCache(registry, clock=clock)
    await cache.look_again("shop")
    await registry.sources.create(Source(name="shop"), by="the command line")

    impatient, patient = (asyncio.ensure_future(cache.look_again("shop")) for _ in range(2))
    await clock.asleep()
    impatient.cancel()
    clock.advance(seconds=0.1)

    found = await patient
    assert found is not None
    assert found.name == "shop"


async def test_of_two_that_read_again_at_once_the_later_one_counts(registry: Registry) -> None:
    cache = RegisteredCache(registry, clock=FakeClock())

    for n in range(20):
        early = asyncio.ensure_future(cache.refresh())
        await registry.sources.create(Source(name=f"shop-{n}"), by="test")
        await cache.refresh()
        await early

        assert cache.source(f"shop-{n}") is not None


async def test_what_can_be_no_source_s_name_is_not_looked_for(registry: Registry) -> None:
    clock = FakeClock()
    cache = RegisteredCache(registry, clock=clock)
    await cache.look_again("nothing")

    # Would wait for a clock that stands still.
    assert await cache.look_again("../etc") is None
    assert await cache.look_again("x" * 5000) is None
