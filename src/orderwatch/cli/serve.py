"""``serve``: the server itself."""

from typing import Annotated

import typer

from orderwatch.cli.options import Config, Data, Database, Handlers, Host, Port, Providers, settings_from


def serve(
    *,
    host: Host = None,
    port: Port = None,
    data: Data = None,
    database: Database = None,
    handlers: Handlers = None,
    providers: Providers = None,
    public_url: Annotated[
        str | None, typer.Option("--public-url", metavar="URL", help="Address by which platforms and people reach it")
    ] = None,
    trusted_proxies: Annotated[
        str | None,
        typer.Option("--trusted-proxies", metavar="CIDRS", help="Proxies in front whose X-Forwarded headers count"),
    ] = None,
    log_format: Annotated[str | None, typer.Option("--log-format", help="console, json or auto")] = None,
    config: Config = None,
) -> None:
    """Start the server: take webhooks, keep them, show them, tell people."""
    settings = settings_from(
        config,
        host=host,
        port=port,
        data=data,
        database=database,
        handlers=handlers,
        providers=providers,
        public_url=public_url,
        trusted_proxies=trusted_proxies,
        log_format=log_format,
    )
    from orderwatch.app import serve as run_server

    raise typer.Exit(run_server(settings))
