"""What docs/notifications.md and docs/handlers.md say is so."""

import re
import textwrap
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from orderwatch.channels.catalog import CHANNELS
from orderwatch.domain.events import Event
from orderwatch.domain.notifications import Channel, Route
from orderwatch.domain.orders import Order
from orderwatch.handlers.judging import MOST_TRIES
from orderwatch.handlers.registry import _ARGUMENTS
from orderwatch.handlers.runner import Runner
from orderwatch.notify.dispatcher import CLAIM
from orderwatch.notify.routes import Router
from orderwatch.processes.doorbell import Wakeup
from orderwatch.storage.tables.state import notifications
from tests.store_rows import open_empty
from tests.working import Working, event

DOCS = Path(__file__).parents[2] / "docs"
NOTIFICATIONS = (DOCS / "notifications.md").read_text(encoding="utf-8")
HANDLERS = (DOCS / "handlers.md").read_text(encoding="utf-8")


@pytest.fixture
async def work(tmp_path):
    engines = await open_empty(tmp_path / "data")
    made = Working(engines, tmp_path / "data")
    yield made
    await made.close()
    await engines.dispose()


async def told(work):
    async with work.engines.state.connect() as connection:
        rows = await connection.execute(select(notifications).order_by(notifications.c.id))
        return [(row.channel, msgspec.json.decode(row.message)) for row in rows]


@pytest.mark.parametrize("kind", CHANNELS.values(), ids=lambda kind: kind.name)
def test_every_kind_of_channel_is_documented_with_its_settings(kind):
    (row,) = [line for line in NOTIFICATIONS.splitlines() if line.startswith(f"| `{kind.name}` |")]

    assert all(f"`{setting.name}`" in row for setting in kind.description.settings)


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_the_first_webhook_says_what_the_page_says(work, language):
    body = re.findall(r"curl -d '(.*?)'", NOTIFICATIONS)[0]
    await work.receive(body.encode())
    work.follower._pipeline = _pipeline_in(work, language)

    await work.catch_up()

    ((_, message),) = await told(work)
    assert f"`{message['text']}`" in NOTIFICATIONS


def _pipeline_in(work, language):
    usual = work.pipeline

    async def give():
        pipeline = await usual()
        router = Router(
            routes=[Route(name="r", channels=("log",))],
            channels=[Channel(name="log", kind="log")],
            language=language,
            base_url="http://127.0.0.1:8000",
        )
        pipeline._route = router.drafts
        return pipeline

    return give


def test_figures_are_those_of_the_code():
    seconds = f"{CLAIM.total_seconds():g} s"

    assert seconds in NOTIFICATIONS
    assert seconds in HANDLERS
    assert {8: "eight"}[MOST_TRIES] in HANDLERS


def test_arguments_and_attributes_that_are_named_are_there():
    assert all(f"| `{name}" in HANDLERS for name in _ARGUMENTS)
    for kind, word in ((Event, "event"), (Order, "order")):
        for name in re.findall(rf"\b{word}\.([a-z_]+)", HANDLERS):
            assert hasattr(kind, name) or name == "created", name


async def test_the_example_of_the_three_branches_runs_as_written(work, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = re.findall(r"```python\n(.*?)```", HANDLERS, re.DOTALL)[0]
    (tmp_path / "shop.py").write_text(textwrap.dedent(code), encoding="utf-8")
    runner = Runner(
        "shop:handlers",
        work.runs,
        clock=work.clock,
        nap=Wakeup(work.clock),
        default_channels=lambda: ["log", "browser"],
    )
    await runner.start()
    work.routes = []
    pipeline = await work.pipeline()
    pipeline._match = runner.match

    async def give():
        return pipeline

    work.follower._pipeline = give
    for number, one in enumerate(
        (
            event("order_created", store_id="s1"),
            event("order_modified", total=7),
            event("order_cancelled", reason="closed"),
        )
    ):
        await work.receive(one, after=timedelta(minutes=number))
        await work.catch_up()
        while await runner.step() or runner._results:
            await runner.finish()
    await runner.stop()

    assert [(channel, message["title"], message["text"]) for channel, message in await told(work)] == [
        ("log", "New order A-1 from store s1", "New order A-1 from store s1"),
        ("browser", "New order A-1 from store s1", "New order A-1 from store s1"),
        ("log", "Kitchen", "Order A-1 was changed, its total is now 7"),
        ("browser", "Kitchen", "Order A-1 was changed, its total is now 7"),
        ("log", "Stop order A-1: closed", "Stop order A-1: closed"),
    ]
