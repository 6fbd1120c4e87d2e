"""``provider``: the platforms that are known, and what is known of each."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from orderwatch.cli.options import AsJson, Config, Providers, settings_from
from orderwatch.cli.terminal import terminal_of

if TYPE_CHECKING:
    from orderwatch.cli.terminal import Terminal
    from orderwatch.domain.platforms import Platform


def provider_list(
    context: typer.Context, *, as_json: AsJson = False, providers: Providers = None, config: Config = None
) -> None:
    """List the platforms that a source can be told by --provider."""
    terminal = terminal_of(context)
    platforms = _platforms(settings_from(config, providers=providers).providers)
    if as_json:
        terminal.json(list(platforms.values()))
        return
    rows = [(one.name, one.title, one.confidence, one.proof or terminal.text("nothing")) for one in platforms.values()]
    terminal.table(("--provider", "Platform", "Confidence", "Proof"), rows, empty="There are no platforms.")


def provider_show(
    context: typer.Context,
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", help="As --provider takes it, such as uber_eats")],
    as_json: AsJson = False,
    providers: Providers = None,
    config: Config = None,
) -> None:
    """Show what is known of a platform: its proof, what to do on its side, and what does not work."""
    terminal = terminal_of(context)
    platforms = _platforms(settings_from(config, providers=providers).providers)
    platform = platforms.get(name)
    if platform is None:
        from orderwatch.domain.errors import NotFound
        from orderwatch.domain.sources import Source
        from orderwatch.providers.catalog import open_catalog

        faults = open_catalog(settings_from(config, providers=providers).providers).faults(
            Source(name="x", provider=name)
        )
        raise NotFound(faults[0].removeprefix("provider: ").capitalize() if faults else f"{name} is no platform's.")
    if as_json:
        terminal.json(platform)
        return
    for line in _lines(platform, terminal):
        terminal.print(line)


def _platforms(folder: str | None) -> "dict[str, Platform]":
    from orderwatch.providers.catalog import open_catalog
    from orderwatch.providers.platforms import platforms_of

    return {platform.name: platform for platform in platforms_of(open_catalog(folder).declared)}


def _lines(platform: "Platform", terminal: "Terminal") -> Iterator[str]:
    yield f"{platform.title} ({platform.name}, {platform.confidence})"
    yield platform.about
    yield ""
    proof = platform.proof or terminal.text("nothing")
    yield terminal.text("It proves itself by: {proof}", proof=proof)
    for setting in platform.settings:
        need = terminal.text("needed") if setting.needed else setting.default or ""
        yield f"  --set {setting.name}=…  {setting.about} {need}".rstrip()
    yield ""
    yield terminal.text("On its side:")
    steps = platform.steps.ko if terminal.language == "ko" else platform.steps.en
    yield from (f"  {at}. {step.replace('{url}', 'https://YOUR-SERVER/in/NAME')}" for at, step in enumerate(steps, 1))
    if platform.known_not_to_work:
        yield ""
        yield terminal.text("What it cannot do:")
        yield from (f"  - {text}" for text in platform.known_not_to_work)
    yield ""
    yield terminal.text("Examples for orderwatch send --example: {names}", names=", ".join(platform.examples))
    yield terminal.text("Where this is from: {addresses}", addresses=" ".join(platform.documentation))
