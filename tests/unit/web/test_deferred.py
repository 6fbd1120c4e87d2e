"""What is made late is made once, and failing to make it fails one request alone."""

import asyncio
from typing import Any

import pytest

from orderwatch.web.asgi import App
from orderwatch.web.deferred import Deferred


def counting(fail: int = 0) -> tuple[list[str], Deferred]:
    made: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        made.append(scope["path"])

    def make() -> App:
        made.append("made")
        if made.count("made") <= fail:
            raise OSError("cannot be imported now")
        return app

    return made, Deferred(make)


async def ask(app: Deferred, path: str) -> None:
    await app({"path": path}, None, None)  # pyright: ignore[reportArgumentType]


async def test_it_is_made_once_however_many_ask_at_the_same_time() -> None:
    made, app = counting()

    await asyncio.gather(*(ask(app, f"/{n}") for n in range(5)))

    assert made[0] == "made"
    assert sorted(made[1:]) == [f"/{n}" for n in range(5)]


async def test_it_is_not_made_before_anybody_asks() -> None:
    made, _ = counting()

    assert made == []


async def test_who_comes_after_a_failure_makes_it_anew() -> None:
    made, app = counting(fail=1)

    with pytest.raises(OSError, match="imported"):
        await ask(app, "/1")
    await ask(app, "/2")

    assert made == ["made", "made", "/2"]


async def test_one_who_goes_away_does_not_take_it_from_the_others() -> None:
    made, app = counting()
    going, staying = asyncio.ensure_future(ask(app, "/1")), asyncio.ensure_future(ask(app, "/2"))
    await asyncio.wait([going], timeout=0)

    going.cancel()
    await staying

    assert "/2" in made
