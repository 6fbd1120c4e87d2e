"""``rebuild`` and ``migrate``: the store as a whole."""

from typing import TYPE_CHECKING, Annotated

import typer

from orderwatch.cli.options import AsJson, Config, Data, Database, settings_from
from orderwatch.cli.terminal import Terminal, terminal_of

if TYPE_CHECKING:
    from orderwatch.storage.schema import Change


def rebuild(
    context: typer.Context,
    *,
    as_json: AsJson = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Make all orders anew from the journal, with the server stopped; nobody is told of anything again."""
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database)
    from orderwatch.app import rebuild as run_rebuild

    with terminal.progress() as progress:
        bar = progress.add_task(terminal.text("Rebuilding"), total=None, more="")
        done = run_rebuild(settings, lambda done, total: progress.update(bar, completed=done, total=total))
    if as_json:
        terminal.json({"receipts": done})
    else:
        terminal.say("The state was made anew from {count} receipts.", count=done)


def migrate(
    context: typer.Context,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done")] = False,
    as_json: AsJson = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Bring the store to this version's shape. `serve` does the same when it starts."""
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database)
    import asyncio

    from orderwatch.storage.engines import open_engines
    from orderwatch.storage.schema import Change, prepare, survey

    async def run() -> list[Change]:
        if dry_run and not settings.database and not settings.folder.is_dir():
            return [Change(part=part, before=None, steps=(head,)) for part, head in _heads().items()]
        engines = open_engines(settings.folder, settings.database)
        try:
            return await (survey(engines) if dry_run else prepare(engines))
        finally:
            await engines.dispose()

    changes = asyncio.run(run())
    if as_json:
        terminal.json(
            [
                {"part": c.part, "before": c.before, "steps": c.steps, "copy": str(c.copy) if c.copy else None}
                for c in changes
            ]
        )
        return
    if not changes:
        terminal.say("The store is up to date.")
    for change in changes:
        _tell(change, terminal, dry_run=dry_run)


def _tell(change: "Change", terminal: Terminal, *, dry_run: bool) -> None:
    part, before, after = change.part, change.before, change.steps[-1]
    if dry_run and before is None:
        terminal.say("{part}: would be made", part=part)
    elif dry_run:
        terminal.say("{part}: would go from {before} to {after}", part=part, before=before, after=after)
    elif before is None:
        terminal.say("{part}: made", part=part)
    else:
        terminal.say("{part}: went from {before} to {after}", part=part, before=before, after=after)
    if change.copy:
        terminal.say("  a copy from before lies in {copy}", copy=change.copy)


def _heads() -> dict[str, str]:
    from orderwatch.storage.schema import HEADS

    return HEADS
