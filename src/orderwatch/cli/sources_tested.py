"""``source test``: what is wrong with a source's set-up, in words."""

from typing import TYPE_CHECKING, Annotated

import typer

from orderwatch.cli.options import AsJson, Config, Data, Database, Providers, settings_from
from orderwatch.cli.terminal import terminal_of

if TYPE_CHECKING:
    from orderwatch.cli.findings import Finding
    from orderwatch.cli.store import Store


def source_test(
    context: typer.Context,
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name: a-z, 0-9 and -")],
    as_json: AsJson = False,
    providers: Providers = None,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Look at a sender's set-up and at what came of it, and say what is wrong; nothing is changed or sent."""
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database, providers=providers)
    from orderwatch.cli.findings import tell_findings
    from orderwatch.cli.store import in_store
    from orderwatch.cli.trying import Trial, setup_findings
    from orderwatch.cli.trying_history import history_findings
    from orderwatch.providers.catalog import open_catalog

    catalog = open_catalog(settings.providers)

    async def look(store: "Store") -> "list[Finding]":
        source = (await store.registry.sources.get(name)).spec
        trial = Trial(source=source, settings=settings, catalog=catalog, terminal=terminal)
        found = [finding async for finding in setup_findings(trial)]
        return [*found, *[finding async for finding in history_findings(store, name, terminal)]]

    raise typer.Exit(tell_findings(in_store(settings, look), terminal, as_json=as_json))
