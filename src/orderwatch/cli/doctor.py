"""``doctor``: whether the store is well, and whether the server keeps up."""

import asyncio
from typing import TYPE_CHECKING

import typer

from orderwatch.cli.options import AsJson, Config, Data, Database, settings_from
from orderwatch.cli.terminal import terminal_of

if TYPE_CHECKING:
    from orderwatch.cli.findings import Finding
    from orderwatch.config import Settings


def doctor(
    context: typer.Context,
    *,
    as_json: AsJson = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Examine folder, store and server, and say what to do about what is wrong; safe while serving."""
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database)
    from orderwatch.cli.findings import tell_findings

    raise typer.Exit(tell_findings(asyncio.run(_all(settings)), terminal, as_json=as_json))


async def _all(settings: "Settings") -> "list[Finding]":
    from orderwatch.cli.findings import Verdict, wrong
    from orderwatch.cli.looking import folder_findings, schema_findings

    found = list(folder_findings(settings))
    if not settings.database and not (settings.folder / "journal.sqlite").is_file():
        return [
            *found,
            wrong("store", f"there is none in {settings.folder}", "Is --data right? `orderwatch serve` makes one."),
        ]
    shape = [finding async for finding in schema_findings(settings)]
    found += shape
    if all(finding.verdict is Verdict.OK for finding in shape):
        from orderwatch.cli.examining import store_findings

        found += [finding async for finding in store_findings(settings)]
    return found
