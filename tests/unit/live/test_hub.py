"""The hub hands on the same bytes, waits for nobody, and lets nobody miss anything."""

import asyncio

import pytest

from orderwatch.domain.errors import Unavailable
from orderwatch.live.hub import Hub, Reader


def join(hub: Hub, number: int = 0) -> tuple[Reader, list[str]]:
    dropped: list[str] = []
    reader = hub.join(number, dropped=dropped.append)
    assert reader is not None
    return reader, dropped


async def test_every_reader_gets_the_very_same_bytes() -> None:
    hub = Hub()
    readers = [join(hub)[0] for _ in range(3)]
    waiting = [asyncio.ensure_future(reader.next()) for reader in readers]

    hub.publish(data := b"data", number=1)

    assert [await got for got in waiting] == [data] * 3


async def test_what_came_meanwhile_is_read_in_one_piece() -> None:
    hub = Hub()
    reader, _ = join(hub)

    for number in range(1, 4):
        hub.publish(b"%d;" % number, number=number)

    assert await reader.next() == b"1;2;3;"


async def test_a_reader_gets_what_brings_more_than_it_has() -> None:
    hub = Hub()
    for number in range(1, 6):
        hub.publish(b"%d;" % number, number=number)

    reader, _ = join(hub, number=3)

    assert await reader.next() == b"4;5;"


async def test_a_chunk_older_than_what_a_reader_began_with_is_not_for_it() -> None:
    hub = Hub()
    reader, _ = join(hub, number=7)

    hub.publish(b"up to 5;", number=5)
    hub.publish(b"up to 8;", number=8)

    assert await reader.next() == b"up to 8;"


async def test_what_carries_no_change_goes_to_everybody() -> None:
    hub = Hub()
    hub.publish(b"changes;", number=5)
    reader, _ = join(hub, number=5)

    hub.publish(b":\n\n", number=5)

    assert await reader.next() == b":\n\n"


def test_a_reader_whose_place_is_forgotten_cannot_join() -> None:
    hub = Hub(most_chunks=2)
    for number in range(1, 6):
        hub.publish(b"x", number=number)

    assert hub.join(2, dropped=lambda _: None) is None
    assert hub.join(3, dropped=lambda _: None) is not None


def test_after_a_time_without_readers_only_the_present_can_be_joined() -> None:
    hub = Hub()
    hub.skip(9)

    assert hub.join(8, dropped=lambda _: None) is None
    assert hub.join(9, dropped=lambda _: None) is not None


@pytest.mark.parametrize("bound", [{"most_chunks": 3}, {"most_bytes": 30}])
async def test_a_slow_reader_is_dropped_and_the_others_do_not_notice(bound: dict[str, int]) -> None:
    hub = Hub(**bound)
    slow, slow_dropped = join(hub)
    quick, quick_dropped = join(hub)

    for number in range(1, 5):
        hub.publish(b"ten bytes;", number=number)
        assert await quick.next() == b"ten bytes;"

    assert (slow_dropped, quick_dropped) == (["slow"], [])
    hub.publish(b"ten bytes;", number=9)
    assert slow_dropped == ["slow"]
    assert slow.place == 0


async def test_a_replacement_reaches_even_those_who_were_far_behind() -> None:
    hub = Hub(most_chunks=2)
    reader, dropped = join(hub)
    hub.publish(b"1;", number=1)
    hub.publish(b"2;", number=2)

    hub.replace(b"all;", number=50)
    hub.publish(b"51;", number=51)

    assert await reader.next() == b"all;51;"
    assert dropped == []
    late, _ = join(hub, number=4)
    assert await late.next() == b"all;51;"


def test_the_number_of_streams_is_bounded() -> None:
    hub = Hub(most_readers=2)

    with hub.interest(), hub.interest():
        with pytest.raises(Unavailable), hub.interest():
            pass
        assert hub.interested == 2

    assert hub.interested == 0


def test_closing_ends_all_streams_and_opens_no_more() -> None:
    hub = Hub()
    _, dropped = join(hub)

    hub.close()

    assert dropped == ["shutdown"]
    _, late = join(hub)
    assert late == ["shutdown"]
    with pytest.raises(Unavailable), hub.interest():
        pass


async def test_a_reader_that_left_is_neither_woken_nor_dropped() -> None:
    hub = Hub(most_chunks=1)
    reader, dropped = join(hub)
    hub.leave(reader)

    hub.publish(b"1", number=1)
    hub.publish(b"2", number=2)

    assert dropped == []
