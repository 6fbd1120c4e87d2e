"""``route``: which events are told on which channels."""

from typing import Annotated

import typer

from orderwatch.cli.options import AsJson, Config, Data, Database, Yes, settings_from
from orderwatch.cli.terminal import terminal_of
from orderwatch.domain.errors import BadSettings
from orderwatch.domain.events import EventType

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name: a-z, 0-9 and -")]


def route_add(
    context: typer.Context,
    *,
    name: Name,
    channels: Annotated[list[str], typer.Option("--channel", metavar="NAME", help="Where to tell it; may be repeated")],
    events: Annotated[
        list[str] | None,
        typer.Option("--event", metavar="TYPE", help="What to tell, such as order.created; may be repeated"),
    ] = None,
    sources: Annotated[list[str] | None, typer.Option("--source", metavar="NAME", help="Only of these sources")] = None,
    stores: Annotated[list[str] | None, typer.Option("--store", metavar="ID", help="Only of these stores")] = None,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Say which events are told on which channels."""
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database)
    from orderwatch.cli.store import BY, in_store
    from orderwatch.domain.notifications import Route

    route = Route(
        name=name,
        event_types=tuple(_canonical(events or ["order.created"])),
        sources=tuple(sources or ()),
        stores=tuple(stores or ()),
        channels=tuple(channels),
    )
    in_store(settings, lambda store: store.registry.routes.create(route, by=BY))
    terminal.say("{name} is added.", name=name)


def route_list(
    context: typer.Context,
    *,
    as_json: AsJson = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """List the routes."""
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database)
    from orderwatch.cli.store import in_store

    routes = in_store(settings, lambda store: store.registry.routes.specs())
    if as_json:
        terminal.json(routes)
        return
    anything = terminal.text("any")
    rows = [
        (r.name, *(" ".join(part) or anything for part in (r.event_types, r.sources, r.stores)), " ".join(r.channels))
        for r in routes
    ]
    terminal.table(("Name", "Events", "Sources", "Stores", "Channels"), rows, empty="There are no routes.")


def route_remove(
    context: typer.Context,
    *,
    name: Name,
    yes: Yes = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Remove a route; nobody is told by it from then on."""
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database)
    from orderwatch.cli.store import BY, in_store

    if not yes:
        typer.confirm(terminal.text("Remove {name}?", name=name), abort=True, err=True)
    in_store(settings, lambda store: store.registry.routes.delete(name, by=BY))
    terminal.say("{name} is removed.", name=name)


def _canonical(events: list[str]) -> list[str]:
    known = [kind.value for kind in EventType]
    dotted = [event if "." in event else event.replace("_", ".", 1) for event in events]
    faults = [
        f"--event {given}: there is no such event ({', '.join(known)})"
        for given, event in zip(events, dotted, strict=True)
        if event not in known
    ]
    if faults:
        raise BadSettings(faults)
    return dotted
