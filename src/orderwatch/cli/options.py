"""Options that several verbs share, and the settings that follow from them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from orderwatch.config import Settings

Config = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Settings file (orderwatch.toml where there is one)")
]
Data = Annotated[
    str | None, typer.Option("--data", metavar="DIR", help="Folder of the embedded store (./orderwatch-data)")
]
Database = Annotated[
    str | None, typer.Option("--database", metavar="URL", help="postgresql://… in place of the embedded store")
]
Host = Annotated[str | None, typer.Option("--host", help="Address to listen on (127.0.0.1)")]
Port = Annotated[int | None, typer.Option("--port", help="Port to listen on (8000)")]
Handlers = Annotated[
    str | None, typer.Option("--handlers", metavar="MODULE:NAME", help="Your own Python, such as shop:handlers")
]
Providers = Annotated[str | None, typer.Option("--providers", metavar="DIR", help="Folder with providers of your own")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts")]
To = Annotated[
    str | None, typer.Option("--to", metavar="URL", help="Server to send to (the one that the settings describe)")
]
SourceName = Annotated[str, typer.Option("--source", metavar="NAME", help="Source to send as")]
Secret = Annotated[
    str | None,
    typer.Option("--secret", help="Secret to sign with (that of the source, where the store is on this machine)"),
]
ApiToken = Annotated[
    str | None,
    typer.Option("--token", envvar="ORDERWATCH_TOKEN", help="API token (made for the while, on the server's machine)"),
]
Url = Annotated[
    str | None,
    typer.Option("--url", envvar="ORDERWATCH_URL", help="Server to ask (the one that the settings describe)"),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask")]


def settings_from(config: Path | None, **options: object) -> "Settings":
    """Return the settings; `options` that were not given are None.

    Raises:
        BadSettings: with all faults.
    """
    from orderwatch.settings_file import load_settings

    return load_settings(config=config, options=options)
