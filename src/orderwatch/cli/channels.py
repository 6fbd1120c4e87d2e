"""``channel`` and ``route``: who is told of what, and how."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orderwatch.cli.faults import FAULT
from orderwatch.cli.options import ApiToken, AsJson, Config, Data, Database, Url, Yes, settings_from
from orderwatch.cli.terminal import Terminal, terminal_of
from orderwatch.domain.people import Role

if TYPE_CHECKING:
    from orderwatch.cli.api import Api
    from orderwatch.domain.notifications import Channel

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name: a-z, 0-9 and -")]
_TEST_SECONDS = 30
_LOOK_SECONDS = 0.3


def channel_add(
    context: typer.Context,
    *,
    name: Name,
    kind: Annotated[str, typer.Option("--kind", help="apprise, webhook, browser or log")] = "apprise",
    pairs: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A setting of that kind, such as url=...")
    ] = None,
    fallback: Annotated[
        str | None, typer.Option("--fallback", metavar="NAME", help="Channel to try after it gave up")
    ] = None,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Add a way to reach people or machines."""
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database)
    from orderwatch.channels.catalog import kind_of
    from orderwatch.cli.pairs import read_pairs
    from orderwatch.cli.store import BY, in_store
    from orderwatch.domain.notifications import Channel

    channel = Channel(name=name, kind=kind, settings=read_pairs("--set", pairs or ()), fallback=fallback)
    kind_of(channel).read(channel)
    in_store(settings, lambda store: store.registry.channels.create(channel, by=BY))
    terminal.say("{name} is added. Try it: orderwatch channel test {name}", name=name)


def channel_list(
    context: typer.Context,
    *,
    as_json: AsJson = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """List the channels."""
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database)
    from orderwatch.cli.store import in_store

    channels = [_masked(channel) for channel in in_store(settings, lambda store: store.registry.channels.specs())]
    if as_json:
        terminal.json(channels)
        return
    rows = [
        (c["name"], c["kind"], " ".join(f"{k}={v}" for k, v in c["settings"].items()), c["fallback"]) for c in channels
    ]
    terminal.table(("Name", "Kind", "Settings", "Fallback"), rows, empty="There are no channels.")


def channel_test(
    context: typer.Context,
    *,
    name: Name,
    url: Url = None,
    token: ApiToken = None,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Have the running server send a test message, and say what came of it."""
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database)
    from orderwatch.cli.api import open_api

    async def run() -> dict[str, Any] | None:
        async with open_api(settings, url=url, token=token, role=Role.OPERATOR) as api:
            command = (await api.post(f"/api/v1/channels/{name}/test"))["command"]
            return await _outcome(api, f"test:{command}")

    told = asyncio.run(run())
    raise typer.Exit(_tell_outcome(told, name, terminal))


def channel_remove(
    context: typer.Context,
    *,
    name: Name,
    yes: Yes = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Remove a channel that no route and no fallback names."""
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database)
    from orderwatch.cli.store import BY, in_store

    if not yes:
        typer.confirm(terminal.text("Remove {name}?", name=name), abort=True, err=True)
    in_store(settings, lambda store: store.registry.channels.delete(name, by=BY))
    terminal.say("{name} is removed.", name=name)


async def _outcome(api: "Api", cause: str) -> dict[str, Any] | None:
    """Return the notification of `cause` once it was sent or given up, or as it is after half a minute."""
    from orderwatch.kit.clock import SystemClock

    clock = SystemClock()
    until, found = clock.monotonic() + _TEST_SECONDS, None
    while clock.monotonic() < until:
        items = (await api.get("/api/v1/notifications", cause=cause))["items"]
        found = items[0] if items else None
        if found and found["status"] != "pending":
            break
        await clock.sleep(_LOOK_SECONDS)
    return found


def _tell_outcome(told: dict[str, Any] | None, name: str, terminal: Terminal) -> int:
    if told is None:
        terminal.note("The server has not come to it in 30 s. Does its worker run? `orderwatch doctor` looks closer.")
        return FAULT
    attempts = told["attempts"]
    detail = attempts[-1].get("detail", "") if attempts else ""
    if told["status"] == "sent":
        terminal.say("{name} took the message. {detail}", name=name, detail=detail)
        return 0
    if told["status"] == "pending":
        terminal.note("{name} has not taken the message yet; it is tried again. {detail}", name=name, detail=detail)
    else:
        terminal.note("{name} did not take the message. {detail}", name=name, detail=detail)
    return FAULT


def _masked(channel: "Channel") -> dict[str, Any]:
    import msgspec

    from orderwatch.domain.secrets import mask_settings

    return msgspec.to_builtins(channel) | {"settings": mask_settings(channel.settings)}
