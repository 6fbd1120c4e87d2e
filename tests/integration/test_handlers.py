"""The user's own Python: at least once, in a process of its own, and nothing that it does holds up anything else."""

import asyncio
import os
import select as select_module
import signal
import textwrap
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.event import listen

from orderwatch import Handlers
from orderwatch.domain.errors import BadSettings, NotFound
from orderwatch.handlers.client import load_handlers, start_host
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

    @handlers.on("order.accepted")
    async def blocks(event):
        while not (HERE / "let-go").exists():
            time.sleep(0.01)

    @handlers.on("order.failed")
    def always_crashes(event):
        os._exit(3)

    @handlers.on("order.returned")
    def odd(event, notify):
        notify("half \\ud800 character", channel="no\\0where" + "x" * 9000)
        if event.order_id == "X":
            raise ValueError("half \\udfff character, and \\0")

    @handlers.on("order.refunded")
    def talks(event, notify):
        notify("" if event.order_id == "empty" else "x")
        for _ in range(200):
            notify("more")
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
        while await self.runner.step() or self.runner._tasks or self.runner._results:
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
    assert "in fails" in row["last_error"]
    assert "orderwatch" not in row["last_error"]
    assert await shop.work.runs.next_due(["fails"]) == {}


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


async def turns(shop, until):
    """Let the runner work until something is so, and no longer."""
    while not await until():
        await shop.runner.step()
        if shop.runner._tasks:
            await asyncio.wait(shop.runner._tasks, return_when=asyncio.FIRST_COMPLETED, timeout=0.05)


async def test_many_runs_of_a_slow_handler_hold_up_no_other(shop, tmp_path):
    await shop.receive(*(event("order_nearby", f"slow-{n}") for n in range(80)), event("order_created", "quick"))

    async def told():
        return await shop.rows(notifications)

    await turns(shop, told)

    assert len([run for run in await shop.rows(handler_runs) if run["handler"] == "hangs"]) == 80
    (tmp_path / "let-go").touch()
    await shop.run_all()
    assert await shop.rows(handler_runs) == []


async def test_an_async_handler_that_never_gives_way_holds_up_no_plain_one(shop, tmp_path):
    await shop.receive(event("order_accepted", "slow"), event("order_created", "quick"))

    async def told():
        return await shop.rows(notifications)

    await turns(shop, told)

    (tmp_path / "let-go").touch()
    await shop.run_all()
    assert await shop.rows(handler_runs) == []


async def test_runs_that_were_under_way_when_another_took_too_long_do_not_count_as_failed(shop, tmp_path):
    await shop.receive(event("order_nearby", "slow"))
    shop.runner._run_seconds = 1.0
    await shop.runner.step()
    while not shop.runner._together._host._waiting:
        await shop.work.clock.sleep(0)
    shop.runner._run_seconds = 30.0
    await shop.receive(event("order_accepted", "beside"))
    await shop.runner.step()

    await shop.runner.finish()
    await shop.runner.step()

    runs = {run["handler"]: run for run in await shop.rows(handler_runs)}
    assert (runs["hangs"]["tries"], runs["blocks"]["tries"], runs["blocks"]["last_error"]) == (1, 0, None)
    (tmp_path / "let-go").touch()
    shop.work.clock.time += timedelta(minutes=5)
    await shop.run_all()
    assert await shop.rows(handler_runs) == []


async def test_a_handler_that_always_crashes_is_found_and_costs_the_others_at_most_one_try(shop, tmp_path):
    events = [event("order_created", f"good-{n}") for n in range(6)] + [
        event("order_failed", f"bad-{n}") for n in range(6)
    ]
    await shop.receive(*events)

    for _ in range(MOST_TRIES + 1):
        await shop.run_all()
        shop.work.clock.time += timedelta(minutes=11)

    left = await shop.rows(handler_runs)
    assert {(run["handler"], run["status"]) for run in left} == {("always_crashes", "dead")}
    assert len(left) == 6
    assert all("exit code 3" in run["last_error"] for run in left)
    assert set((tmp_path / "seen").read_text().split("\n")) >= {f"good-{n} created None" for n in range(6)}


async def test_a_run_that_ended_well_and_was_not_recorded_is_run_again_and_tells_once(shop, tmp_path):
    await shop.receive(event("order_created"))
    await shop.run_all()
    told = await shop.rows(notifications)
    async with shop.engines.state.begin() as connection:
        await connection.execute(delete(notifications))
    await shop.receive(event("order_created", "A-2"))

    await shop.runner.step()
    await shop.runner.finish()
    shop.runner._results.clear()
    assert len(told) == 1
    assert await shop.rows(notifications) == []
    shop.work.clock.time += timedelta(minutes=5)
    await shop.run_all()

    assert (tmp_path / "seen").read_text().count("A-2") == 2
    assert [row["order_id"] for row in await shop.rows(notifications)] == ["A-2"]


async def test_runs_that_end_together_are_recorded_together(shop):
    await shop.receive(*(event("order_created", f"A-{n}") for n in range(20)))
    transactions = []

    def note(_connection, _cursor, statement, *_):
        if statement.startswith("UPDATE marks"):
            transactions.append(statement)

    listen(shop.engines.state.sync_engine, "before_cursor_execute", note)
    await shop.run_all()

    assert len(await shop.rows(notifications)) == 20
    assert len(transactions) == 2


async def test_what_python_lets_be_made_and_no_database_takes_can_be_told_and_kept(shop):
    await shop.receive(event("order_returned", "A-1"), event("order_returned", "X"))

    await shop.run_all()

    ((told,), (run,)) = await shop.rows(notifications), await shop.rows(handler_runs)
    # PostgreSQL takes no NUL, and no long name into its index; what it refuses would be tried for ever.
    assert told["channel"].startswith("no\ufffdwherexxx")
    assert len(told["channel"]) == 100
    assert b"half ? character" in told["message"]
    assert "ValueError: half ? character, and \ufffd" in run["last_error"]


async def test_what_a_handler_tells_is_bounded_and_not_empty(shop):
    await shop.receive(event("order_refunded", "empty"), event("order_refunded", "many"))

    await shop.run_all()

    errors = [run["last_error"].splitlines()[-1] for run in await shop.rows(handler_runs)]
    assert errors == ["ValueError: notify() needs a text.", "ValueError: One run may tell 100 things at most."]
    assert await shop.rows(notifications) == []


async def test_runs_of_a_handler_that_is_no_more_are_laid_aside_to_be_seen(shop):
    shop.runner._names["order.created"] = ["renamed"]
    await shop.receive(event("order_created"))

    await shop.run_all()

    (run,) = await shop.rows(handler_runs)
    assert run["status"] == "dead"
    assert "renamed" in run["last_error"]


async def test_runs_wait_while_the_module_cannot_be_loaded_and_go_on_once_it_can(shop, tmp_path):
    await shop.runner._together.stop()
    good = (tmp_path / "shop.py").read_text()
    (tmp_path / "shop.py").write_text("this is no python")
    await shop.receive(event("order_created"))

    await shop.run_all()

    (run,) = await shop.rows(handler_runs)
    assert (run["status"], run["tries"]) == ("pending", 0)
    (tmp_path / "shop.py").write_text(good)
    shop.work.clock.time += timedelta(minutes=2)
    await shop.run_all()
    assert await shop.rows(handler_runs) == []


async def test_a_stop_records_what_has_ended(shop):
    await shop.receive(event("order_created"))
    await shop.runner.step()

    await shop.runner.stop()

    assert await shop.rows(handler_runs) == []
    assert len(await shop.rows(notifications)) == 1


async def test_a_host_ends_with_its_worker_even_while_its_code_gives_no_way(shop):
    await shop.receive(event("order_accepted"), event("order_nearby"))
    await shop.runner.step()
    host = shop.runner._together._host
    end = os.pidfd_open(host._process.pid)

    host._writer.close()

    assert await asyncio.to_thread(select_module.select, [end], [], [], 10) == ([end], [], [])
    os.close(end)


async def test_ctrl_c_does_not_end_the_host(shop):
    os.kill(shop.runner._together._host._process.pid, signal.SIGINT)
    await shop.receive(event("order_created"))

    await shop.run_all()

    assert await shop.rows(handler_runs) == []


async def test_the_names_of_handlers_can_be_asked_for_without_running_them(shop):
    names = await load_handlers("shop:handlers")

    assert names["order.created"] == ["created"]
    assert names["order.modified"] == names["order.cancelled"] == ["changed"]


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

    with pytest.raises(BadSettings, match=reason) as told:
        await start_host(spec)
    assert "importlib" not in told.value.message


def test_a_type_that_there_is_not_and_an_argument_that_there_is_not_are_refused_where_they_are_written():
    handlers = Handlers()

    with pytest.raises(ValueError, match="order_creatd"):
        handlers.on("order_creatd")
    with pytest.raises(ValueError, match="event types"):
        handlers.on()
    with pytest.raises(TypeError, match="customer"):
        handlers.on("order_created")(lambda customer: None)


def test_both_spellings_and_everything_are_understood():
    handlers = Handlers()

    handlers.on("order_picked_up", "eta.changed")(lambda event: None)

    @handlers.on("*")
    def every():
        pass

    assert handlers.names_by_type == {
        "order.picked_up": ["test_both_spellings_and_everything_are_understood.<locals>.<lambda>"],
        "eta.changed": ["test_both_spellings_and_everything_are_understood.<locals>.<lambda>"],
        "*": ["test_both_spellings_and_everything_are_understood.<locals>.every"],
    }


def test_two_handlers_of_one_name_are_refused():
    handlers = Handlers()

    @handlers.on("order_created")
    def same():
        pass

    with pytest.raises(ValueError, match="same"):
        handlers.on("order_ready")(same)
