"""``tail``: the live stream in the terminal."""

import asyncio
from collections.abc import AsyncIterator
from random import SystemRandom
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orderwatch.cli.options import ApiToken, AsJson, Config, Data, Database, Url, settings_from
from orderwatch.cli.terminal import Terminal, terminal_of
from orderwatch.domain.people import Role
from orderwatch.kit.printable import printable

if TYPE_CHECKING:
    import httpx2

    from orderwatch.cli.sse import StreamEvent

_COLOURS = {
    "created": "cyan",
    "delivered": "green",
    "cancelled": "red",
    "rejected": "red",
    "failed": "red",
    "returned": "yellow",
}
_SHOWN = ("order", "notification")


def tail(
    context: typer.Context,
    *,
    source: Annotated[str | None, typer.Option("--source", metavar="NAME", help="Only orders of this source")] = None,
    count: Annotated[int | None, typer.Option("--count", "-n", min=1, help="End after so many lines")] = None,
    url: Url = None,
    token: ApiToken = None,
    as_json: AsJson = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Follow orders and notifications as they change; Ctrl-C ends it."""
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database)
    from orderwatch.cli.api import open_api

    async def run() -> None:
        async with open_api(settings, url=url, token=token, role=Role.VIEWER) as api:
            lines = Lines(terminal, source=source, as_json=as_json)
            async for event in _events(api.client, terminal):
                lines.show(event)
                if count is not None and lines.shown >= count:
                    return

    asyncio.run(run())


class Lines:
    """Prints what happens, a line each."""

    def __init__(self, terminal: Terminal, *, source: str | None, as_json: bool) -> None:
        """Take what to pass over and how to print."""
        self._terminal = terminal
        self._source = source
        self._as_json = as_json
        self._console = terminal.console()
        self.shown = 0

    def show(self, event: "StreamEvent") -> None:
        """Print `event`, unless it is of a kind or source that nobody asked for."""
        if event.name not in _SHOWN or (self._source and event.data.get("source") != self._source):
            return
        self.shown += 1
        if self._as_json:
            self._terminal.json({"event": event.name, "data": event.data})
        else:
            self._console.print(_order(event.data) if event.name == "order" else _notification(event.data))


async def _events(client: "httpx2.AsyncClient", terminal: Terminal) -> "AsyncIterator[StreamEvent]":
    """Yield the stream's events for ever: when it breaks, come back and go on where it broke."""
    import httpx2

    from orderwatch.cli.api import nobody_answers
    from orderwatch.cli.sse import read_stream

    last, was_open = "", False
    clock, jitter = _clock(), SystemRandom()
    while True:
        try:
            async for event in read_stream(client, last_event_id=last):
                was_open, last = True, event.id or last
                yield event
        except httpx2.TransportError as error:
            if not was_open:
                raise nobody_answers(str(client.base_url), error) from None
        terminal.note("The connection is lost; coming back …")
        await clock.sleep(jitter.uniform(0.5, 2.0))


def _clock() -> Any:  # noqa: ANN401  (a lazy import)
    from orderwatch.kit.clock import SystemClock

    return SystemClock()


def _order(card: dict[str, Any]) -> Any:  # noqa: ANN401  (rich's Text, imported late)
    from rich.text import Text

    line = Text(_time(card.get("last_event_at")), style="dim")
    line.append(f"  {card.get('source', '')[:14]:<14}")
    line.append(f"  {printable(card.get('order_id', ''))[:20]:<20}", style="bold")
    line.append(f"  {card.get('status', ''):<10}", style=_COLOURS.get(card.get("status", ""), ""))
    line.append(
        "  " + " · ".join(printable(str(card[key])) for key in ("store_id", "region", "reason") if card.get(key))
    )
    if card.get("flags"):
        line.append(f"  {' '.join(card['flags'])}", style="yellow")
    return line


def _notification(told: dict[str, Any]) -> Any:  # noqa: ANN401
    from rich.text import Text

    line = Text(_time(told.get("finished_at") or told.get("created_at")), style="dim")
    line.append(f"  → {told.get('channel', ''):<12}")
    line.append(f"  {printable(told.get('title', ''))}")
    line.append(f"  {told.get('status', '')}", style="red" if told.get("status") == "failed" else "dim")
    return line


def _time(text: str | None) -> str:
    from datetime import datetime

    return datetime.fromisoformat(text).astimezone().strftime("%H:%M:%S") if text else "--:--:--"
