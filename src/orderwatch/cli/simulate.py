"""``simulate``: believable traffic, or real deliveries from a CSV file."""

from datetime import datetime
from pathlib import Path
from random import SystemRandom
from typing import Annotated

import typer

from orderwatch.cli.options import AsJson, Config, Data, Database, Secret, SourceName, To, settings_from
from orderwatch.cli.terminal import terminal_of


def simulate(
    context: typer.Context,
    *,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Send real deliveries from this file")
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=MEANING", help="What a column is: an event's time or a field (--csv)"),
    ] = None,
    constants: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="A field that is the same everywhere (--csv)"),
    ] = None,
    zone: Annotated[str | None, typer.Option("--zone", help="Time zone of times that have none (--csv)")] = None,
    prefix: Annotated[str, typer.Option("--prefix", help="Put before each order's id (--csv)")] = "",
    seed: Annotated[int | None, typer.Option("--seed", help="The same seed and start give the same traffic")] = None,
    town: Annotated[str | None, typer.Option("--town", help="seoul or london")] = None,
    start: Annotated[
        datetime | None, typer.Option("--start", help="Where simulated time starts (11:00, at --speed 0 a day ago)")
    ] = None,
    hours: Annotated[float, typer.Option("--hours", min=0.01, help="Simulated hours")] = 12.0,
    per_day: Annotated[float, typer.Option("--per-day", min=1, help="Orders on an average day")] = 600.0,
    speed: Annotated[
        float, typer.Option("--speed", min=0, help="60: a minute a second; 0: as fast as the server takes it")
    ] = 60.0,
    stamp: Annotated[
        str, typer.Option("--stamp", help="Times in the webhooks: original, or now (as if it happened now)")
    ] = "auto",
    duplicates: Annotated[float, typer.Option("--duplicates", min=0, max=1, help="Share that is sent twice")] = 0.0,
    shuffle: Annotated[
        float, typer.Option("--shuffle", min=0, max=1, help="Share that comes late, by up to five minutes")
    ] = 0.0,
    connections: Annotated[int, typer.Option("--connections", min=1, max=256, help="Connections at a time")] = 16,
    to: To = None,
    source: SourceName = "default",
    secret: Secret = None,
    as_json: AsJson = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Send believable traffic from a seed, or real deliveries from a CSV file."""
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database)
    from orderwatch.cli.load import Wish, load_deliveries, load_town
    from orderwatch.cli.pairs import read_pairs
    from orderwatch.cli.sending import send_all
    from orderwatch.cli.target import find_target
    from orderwatch.kit.clock import SystemClock

    clock = SystemClock()
    wish = Wish(
        source=source,
        speed=speed,
        stamp=stamp,
        duplicates=duplicates,
        shuffle=shuffle,
        seed=SystemRandom().randrange(1_000_000) if seed is None else seed,
        language=terminal.language,
    )
    if csv is not None:
        pairs = read_pairs("--map", mapping or ()), read_pairs("--set", constants or ())
        load = load_deliveries(csv, wish, clock, columns=pairs[0], constants=pairs[1], zone=zone, prefix=prefix)
    else:
        load = load_town(wish, clock, town=town, start=start, hours=hours, per_day=per_day)
    target = find_target(settings, to=to, sources=[source], secret=secret)
    raise typer.Exit(send_all(load, target, terminal, connections=connections, as_json=as_json))
