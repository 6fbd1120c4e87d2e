"""The user's own Python: at least once, in a process of its own, and nothing that it does holds up anything else."""

import asyncio
import textwrap
from datetime import timedelta

import pytest
from sqlalchemy import select

from orderwatch import Handlers
from orderwatch.domain.errors import BadSettings, NotFound
from orderwatch.handlers.client import start_host
from orderwatch.handlers.runner import MOST_TRIES, Runner
from orderwatch.processes.doorbell import Wakeup
from orderwatch.storage.tables.state import handler_runs, notifications
from tests.store_rows import open_empty
from tests.working import Working, event

SHOP = """
    import asyncio, os, pathlib, time
    from orderwatch import Handlers

    handlers = Handlers()
    HERE = pathlib.Path(__file__).parent

    @handlers.on("order_created")
    def created(event, order, notify):
        with (HERE / "seen").open("a") as file:
            file.write(f"{event.order_id} {order.status} {event.total}\\n")
        notify(f"New order {event.order_id}", title="Kitchen")

    @handlers.on("order_modified", "order.cancelled")
    async def changed(event, notify):
        await asyncio.sleep(0)
        notify(f"{event.type.value} {event.order_id}", channel="log")

    @handlers.on("order.ready")
    def fails(event):
        raise ValueError(f"cannot cook {event.order_id}")

    @handlers.on("order.picked_up")
    def crashes(event):
        mark = HERE / "crashed"
        if not mark.exists():
            mark.touch()
            os._exit(3)

    @handlers.on("order.nearby")
    def hangs(event):
        while not (HERE / "let-go").exists():
            pass
"""


class Shop:
    """A worker's parts with the handlers above."""

    def __init__(self, engines, tmp_path, run_seconds=20.0):
        self.work = Working(engines, tmp_path)
        self.engines = engines
        self.runner = Runner(
            "shop:handlers",
            self.work.runs,
            clock=self.work.clock,
            nap=Wakeup(self.work.clock),
            default_channels=lambda: ["log"],
            run_seconds=run_seconds,
        )

    async def receive(self, *events):
        self.work.routes = []
        pipeline = await self.work.pipeline()
        pipeline._match = self.runner.match
        self.work.follower._pipeline = _always(pipeline)
        await self.work.receive(*events)
        await self.work.catch_up()

    async def run_all(self):
        while await self.runner.step():
            await self.runner.finish()

    async def rows(self, table):
        async with self.engines.state.connect() as connection:
            return [dict(row._mapping) for row in await connection.execute(select(table).order_by(table.c.id))]


def _always(value):
    async def give():
        return value

    return give


@pytest.fixture
async def shop(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.py").write_text(textwrap.dedent(SHOP))
    engines = await open_empty(tmp_path / "data")
    made = Shop(engines, tmp_path / "data")
    await made.runner.start()
    yield made
    await made.runner.stop()
    await made.work.close()
    await engines.dispose()


async def test_each_branch_runs_for_its_own_events_and_what_it_tells_goes_out(shop, tmp_path):
    await shop.receive(event("order_created", total="12.50"), event("order_modified"), event("order_cancelled"))

    await shop.run_all()

    assert (tmp_path / "seen").read_text() == "A-1 cancelled 12.50\n"
    told = [(row["channel"], row["order_id"]) for row in await shop.rows(notifications)]
    assert told == [("log", "A-1")] * 3
    assert await shop.rows(handler_runs) == []


async def test_an_event_that_comes_twice_is_handled_once(shop, tmp_path):
    await shop.receive(event("order_created", event_id="e1"), event("order_created", event_id="e1"))

    await shop.run_all()

    assert len((tmp_path / "seen").read_text().splitlines()) == 1


async def test_what_fails_is_tried_again_and_then_laid_aside_with_its_traceback(shop):
    await shop.receive(event("order_ready"))

    for _ in range(MOST_TRIES):
        await shop.run_all()
        shop.work.clock.time += timedelta(hours=1)

    (row,) = await shop.rows(handler_runs)
    assert (row["status"], row["tries"]) == ("dead", MOST_TRIES)
    assert "ValueError: cannot cook A-1" in row["last_error"]
    assert await shop.work.runs.next_due() is None


async def test_what_was_laid_aside_can_be_run_again_or_dismissed(shop):
    await shop.receive(event("order_ready", "A-1"), event("order_ready", "A-2"))
    for _ in range(MOST_TRIES):
        await shop.run_all()
        shop.work.clock.time += timedelta(hours=1)
    first, second = await shop.rows(handler_runs)

    await shop.work.runs.dismiss(first["id"])
    assert await shop.work.runs.retry(number=None, handler="fails", now=shop.work.clock.now()) == 1

    (row,) = await shop.rows(handler_runs)
    assert (row["id"], row["status"], row["tries"]) == (second["id"], "pending", 0)
    with pytest.raises(NotFound):
        await shop.work.runs.dismiss(first["id"])


async def test_a_handler_that_crashes_its_process_is_run_again_in_another(shop):
    await shop.receive(event("order_picked_up"))
    await shop.run_all()
    (row,) = await shop.rows(handler_runs)
    assert "ended" in row["last_error"]

    shop.work.clock.time += timedelta(minutes=1)
    await shop.run_all()

    assert await shop.rows(handler_runs) == []


async def test_a_handler_that_eats_the_processor_holds_up_no_other(shop, tmp_path):
    await shop.receive(event("order_nearby", "slow"), event("order_created", "quick"))

    await shop.runner.step()
    tasks = list(shop.runner._tasks)
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)

    assert (tmp_path / "seen").read_text().startswith("quick")
    (tmp_path / "let-go").touch()
    await shop.run_all()
    await shop.runner.finish()
    assert await shop.rows(handler_runs) == []


async def test_a_handler_that_takes_too_long_is_ended_and_counts_as_failed(shop, tmp_path):
    shop.runner._run_seconds = 0.2
    await shop.receive(event("order_nearby"))

    await shop.run_all()

    (row,) = await shop.rows(handler_runs)
    assert "more than 0.2 s" in row["last_error"]
    (tmp_path / "let-go").touch()
    shop.work.clock.time += timedelta(minutes=5)
    shop.runner._run_seconds = 20
    await shop.run_all()
    assert await shop.rows(handler_runs) == []


@pytest.mark.parametrize(
    ("spec", "module", "reason"),
    [
        ("shop", "", "module:name"),
        ("nothing:handlers", "", "No module named 'nothing'"),
        ("wrong:handlers", "handlers = 5", "must be a Handlers object"),
        ("wrong:other", "handlers = 5", "other"),
        ("wrong:handlers", "raise RuntimeError('no kitchen')", "RuntimeError: no kitchen"),
        ("wrong:handlers", "import sys; sys.exit(4)", "SystemExit"),
        ("wrong:handlers", "import os; os._exit(4)", "ended at once"),
        ("wrong:handlers", "this is no python", "SyntaxError"),
    ],
)
async def test_a_module_that_cannot_be_loaded_is_told_with_its_own_words(tmp_path, monkeypatch, spec, module, reason):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wrong.py").write_text(module)

    with pytest.raises(BadSettings, match=reason):
        await start_host(spec)


def test_a_type_that_there_is_not_and_an_argument_that_there_is_not_are_refused_where_they_are_written():
    handlers = Handlers()

    with pytest.raises(ValueError, match="order_creatd"):
        handlers.on("order_creatd")
    with pytest.raises(ValueError, match="event types"):
        handlers.on()
    with pytest.raises(TypeError, match="customer"):
        handlers.on("order_created")(lambda customer: None)


def test_two_handlers_of_one_name_are_refused():
    handlers = Handlers()

    @handlers.on("order_created")
    def same():
        pass

    with pytest.raises(ValueError, match="same"):
        handlers.on("order_ready")(same)
