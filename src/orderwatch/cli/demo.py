"""``demo``: the server on a throw-away store, and traffic that shows it."""

from typing import Annotated

import typer

from orderwatch.cli.options import Config, Host, Port, settings_from
from orderwatch.cli.terminal import terminal_of

_SEED = 7


def demo(
    context: typer.Context,
    *,
    host: Host = None,
    port: Port = None,
    speed: Annotated[float, typer.Option("--speed", min=1, max=600, help="Simulated minutes a minute")] = 30.0,
    town: Annotated[str | None, typer.Option("--town", help="seoul or london")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Another seed, other orders")] = None,
    data: Annotated[
        str | None, typer.Option("--data", metavar="DIR", help="Keep the demo's store here (thrown away without)")
    ] = None,
    config: Config = None,
) -> None:
    """Start a server with simulated traffic: three platforms, a rush hour, and some trouble."""
    terminal = terminal_of(context)
    import tempfile
    from random import SystemRandom

    from orderwatch.cli.demo_run import Stage, run_demo

    stage = Stage(
        town=town or ("seoul" if terminal.language == "ko" else "london"),
        # A store that is kept must not see the same orders a second time.
        seed=seed if seed is not None else SystemRandom().randrange(1_000_000) if data else _SEED,
        speed=speed,
        config=config,
    )
    with tempfile.TemporaryDirectory(prefix="orderwatch-demo-") as folder:
        settings = settings_from(config, host=host, port=port, data=data or folder)
        raise typer.Exit(run_demo(settings, stage, terminal))
