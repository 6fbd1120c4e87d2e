"""``source resubmit``: what waits of a sender in quarantine, put through the intake once more."""

import asyncio
from collections import Counter
from typing import Annotated, Any

import typer

from orderwatch.cli.faults import FAULT
from orderwatch.cli.options import ApiToken, AsJson, Config, Data, Database, Url, settings_from
from orderwatch.cli.terminal import terminal_of
from orderwatch.domain.people import Role

_OUTCOMES = ("accepted", "duplicate", "refused")


def source_resubmit(
    context: typer.Context,
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name: a-z, 0-9 and -")],
    code: Annotated[
        str | None, typer.Option("--code", help="Only what was refused with this code, such as unreadable")
    ] = None,
    trust: Annotated[bool, typer.Option("--trust", help="Even with a wrong signature")] = False,
    url: Url = None,
    token: ApiToken = None,
    as_json: AsJson = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Submit all that waits of a sender in quarantine once more, as after its mapping or secret was mended."""
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database)
    from orderwatch.cli.api import open_api

    async def run() -> Counter[str]:
        counts: Counter[str] = Counter(dict.fromkeys(_OUTCOMES, 0))
        async with open_api(settings, url=url, token=token, role=Role.OPERATOR) as api:
            await api.get(f"/api/v1/sources/{name}")
            asked: dict[str, Any] = {"source": name, "code": code, "trust": trust}
            while True:
                page = await api.post("/api/v1/quarantine/resubmit", asked)
                counts.update({outcome: page[outcome] for outcome in _OUTCOMES})
                if page["next"] is None:
                    return counts
                asked["cursor"] = page["next"]

    counts = asyncio.run(run())
    if as_json:
        terminal.json(dict(counts))
    else:
        terminal.say("{accepted} accepted, {duplicate} known already, {refused} refused again.", **counts)
    raise typer.Exit(FAULT if counts["refused"] else 0)
