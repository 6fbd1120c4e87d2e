"""``check``: would the server start, and could it tell people? Without serving."""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import typer

from orderwatch.cli.options import AsJson, Config, Data, Database, Handlers, Host, Port, Providers, settings_from
from orderwatch.cli.terminal import terminal_of
from orderwatch.domain.errors import BadSettings

if TYPE_CHECKING:
    from orderwatch.cli.findings import Finding
    from orderwatch.config import Settings


def check(
    context: typer.Context,
    *,
    as_json: AsJson = False,
    host: Host = None,
    port: Port = None,
    data: Data = None,
    database: Database = None,
    handlers: Handlers = None,
    providers: Providers = None,
    config: Config = None,
) -> None:
    """Look at settings, store, handlers, channels and port, as `serve` would need them; change nothing."""
    terminal = terminal_of(context)
    from orderwatch.cli.findings import tell_findings, wrong

    try:
        settings = settings_from(
            config, host=host, port=port, data=data, database=database, handlers=handlers, providers=providers
        )
        findings = asyncio.run(_all(settings))
    except BadSettings as error:
        findings = [wrong("settings", fault) for fault in error.faults]
    raise typer.Exit(tell_findings(findings, terminal, as_json=as_json))


async def _all(settings: "Settings") -> "list[Finding]":
    from orderwatch.cli.findings import ok

    found = [ok("settings", f"data in {settings.folder}, address {settings.base_url}")]
    for look in (_handlers, _providers, _port, _store):
        found += [finding async for finding in look(settings)]
    return found


async def _handlers(settings: "Settings") -> "AsyncIterator[Finding]":
    from orderwatch.cli.findings import ok, wrong
    from orderwatch.handlers.client import load_handlers

    if settings.handlers is None:
        return
    try:
        found = await load_handlers(settings.handlers)
    except BadSettings as error:
        yield wrong("handlers", error.message, "Run it from the folder of that module, or install the module.")
        return
    names = sorted({name for names in found.values() for name in names})
    yield ok("handlers", f"{settings.handlers}: {', '.join(names) or 'none'}")


async def _providers(settings: "Settings") -> "AsyncIterator[Finding]":
    from orderwatch.cli.findings import ok, wrong
    from orderwatch.providers.catalog import open_catalog

    try:
        catalog = open_catalog(settings.providers)
    except BadSettings as error:
        for fault in error.faults:
            yield wrong("providers", fault, "docs/providers.md tells what may stand there.")
        return
    if settings.providers is not None:
        yield ok("providers", f"{len(catalog.declared)} platforms, those in {settings.providers} among them")


async def _port(settings: "Settings") -> "AsyncIterator[Finding]":
    from orderwatch.cli.findings import note, ok, wrong
    from orderwatch.cli.looking import is_served, port_fault

    fault = port_fault(settings.host, settings.port)
    if fault is None:
        yield ok("port", f"{settings.host}:{settings.port} is free")
    elif await is_served(settings.base_url):
        yield note("port", f"Orderwatch itself is serving at {settings.base_url}")
    else:
        yield wrong("port", f"{settings.host}:{settings.port}: {fault}", "Take another with --port, or end who has it.")


async def _store(settings: "Settings") -> "AsyncIterator[Finding]":
    from orderwatch.cli.findings import note
    from orderwatch.cli.looking import folder_findings, schema_findings

    for finding in folder_findings(settings):
        yield finding
    if not settings.database and not (settings.folder / "registry.sqlite").is_file():
        yield note("store", "there is none yet; `serve` makes it")
        return
    blocked = False
    async for finding in schema_findings(settings):
        blocked = blocked or finding.verdict != "ok"
        yield finding
    if not blocked:
        from orderwatch.cli.reaching import channel_findings

        async for finding in channel_findings(settings):
            yield finding
