"""``replay``: have receipts understood anew, as after a mapping was mended."""

import asyncio
import re
from typing import TYPE_CHECKING, Annotated

import typer

from orderwatch.cli.faults import FAULT
from orderwatch.cli.options import ApiToken, AsJson, Config, Data, Database, Url, settings_from
from orderwatch.cli.terminal import Terminal, terminal_of
from orderwatch.domain.errors import BadSettings, NotFound
from orderwatch.domain.people import Role

if TYPE_CHECKING:
    from orderwatch.cli.api import Api

_AT_ONCE = 8


def replay(
    context: typer.Context,
    *,
    positions: Annotated[
        str | None, typer.Argument(metavar="POSITIONS", help="Receipts, such as 17 or 12..40 or 12..")
    ] = None,
    source: Annotated[str | None, typer.Option("--source", metavar="NAME", help="Only receipts of this source")] = None,
    since: Annotated[str | None, typer.Option("--since", help="Only receipts from then on (RFC 3339)")] = None,
    url: Url = None,
    token: ApiToken = None,
    as_json: AsJson = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Have receipts understood anew, as after a mapping was mended; nobody is told of them a second time."""
    first, last = _range(positions)
    if positions is None and source is None and since is None:
        raise BadSettings(["say which receipts: positions such as 12..40, --source NAME or --since TIME"])
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database)
    from orderwatch.cli.api import open_api

    async def run() -> tuple[int, int]:
        async with open_api(settings, url=url, token=token, role=Role.OPERATOR) as api:
            if first == last and source is None and since is None:
                return await _replay(api, [first], terminal)
            found = [p async for p in _find(api, source, since, first=first) if p <= last]
            return await _replay(api, sorted(found), terminal)

    done, gone = asyncio.run(run())
    if as_json:
        terminal.json({"replayed": done, "missing": gone})
    else:
        terminal.say("{count} receipts go through the pipeline once more.", count=done)
    raise typer.Exit(0 if done else FAULT)


def _range(text: str | None) -> tuple[int, int]:
    if text is None:
        return 1, 2**63
    match = re.fullmatch(r"(\d+)(?:(\.\.)(\d*))?", text.strip())
    if match is None:
        raise BadSettings([f"{text}: should be a position such as 17, or a range such as 12..40"])
    first = int(match[1])
    last = first if match[2] is None else int(match[3] or 2**63)
    if last < first:
        raise BadSettings([f"{text}: ends before it begins"])
    return first, last


async def _find(api: "Api", source: str | None, since: str | None, *, first: int):  # noqa: ANN202  (an async generator of positions)
    cursor = None
    while True:
        page = await api.get("/api/v1/receipts", source=source, since=since, kind="event", cursor=cursor, limit=500)
        for receipt in page["items"]:
            if receipt["position"] < first:  # The newest come first.
                return
            yield int(receipt["position"])
        cursor = page["next"]
        if cursor is None:
            return


async def _replay(api: "Api", positions: list[int], terminal: Terminal) -> tuple[int, int]:
    done = gone = 0
    queue = iter(positions)
    with terminal.progress() as progress:
        bar = progress.add_task(terminal.text("Replaying"), total=len(positions), more="")

        async def work() -> None:
            nonlocal done, gone
            for position in queue:
                try:
                    await api.post(f"/api/v1/receipts/{position}/replay")
                    done += 1
                except NotFound:
                    gone += 1
                progress.advance(bar)

        async with asyncio.TaskGroup() as tasks:
            for _ in range(min(_AT_ONCE, len(positions))):
                tasks.create_task(work())
    return done, gone
