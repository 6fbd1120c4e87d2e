"""``send``: one webhook, signed, and what the server said."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from orderwatch.cli.faults import FAULT
from orderwatch.cli.options import AsJson, Config, Data, Database, Providers, Secret, SourceName, To, settings_from
from orderwatch.cli.terminal import terminal_of

if TYPE_CHECKING:
    from orderwatch.cli.outgoing import Outgoing
    from orderwatch.cli.target import Target

_EASILY = ("true", "false", "null")


def send(
    context: typer.Context,
    *,
    example: Annotated[
        str | None,
        typer.Option("--example", help="An example of the source's platform, such as order_created"),
    ] = None,
    event: Annotated[str, typer.Option("--event", help="What happened, such as order_created")] = "order_created",
    order: Annotated[str, typer.Option("--order", metavar="ID", help="The order's id")] = "A-1",
    fields: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="A field more, such as store_id=s1 or courier.name=Kim"),
    ] = None,
    event_id: Annotated[str | None, typer.Option("--event-id", help="The event's own id (a fresh one)")] = None,
    to: To = None,
    source: SourceName = "default",
    secret: Secret = None,
    as_json: AsJson = False,
    providers: Providers = None,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Send one webhook, signed as its source wants it, and print the answer."""
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database, providers=providers)
    from uuid import uuid4

    from orderwatch.cli.pairs import read_pairs
    from orderwatch.cli.target import find_target

    pairs = read_pairs("--set", fields or ())
    target = find_target(settings, to=to, sources=[source], secret=secret)
    if example is not None:
        from orderwatch.cli.sending_examples import example_request

        request = example_request(
            settings, target, source=source, example=example, change=lambda body: _put_all(body, pairs)
        )
    else:
        body: dict[str, Any] = {"event_type": event, "order_id": order, "event_id": event_id or f"cli-{uuid4()}"}
        _put_all(body, pairs)
        request = _own_request(target, source, body)
    answer = asyncio.run(_send(target, request))
    if as_json:
        terminal.json(
            {"status": answer.status_code, "body": _json_or_text(answer.text), "sent": _json_or_text(request.text)}
        )
    else:
        terminal.note("{status} {words}", status=answer.status_code, words=answer.reason_phrase)
        if answer.text:
            terminal.print(answer.text)
    raise typer.Exit(0 if answer.is_success else FAULT)


def _own_request(target: "Target", source: str, body: dict[str, Any]) -> "Outgoing":
    from orderwatch.cli.outgoing import Outgoing
    from orderwatch.cli.signing import Unsigned, sign
    from orderwatch.kit.clock import SystemClock
    from orderwatch.simulate.webhook import encode

    content, url = encode(body), target.base_url + target.path(source)
    now = int(SystemClock().now().timestamp())
    signed = sign(target.sources[source], Unsigned(body=content, event_id=body["event_id"], url=url, seconds=now))
    headers = {"content-type": "application/json", **signed}
    return Outgoing(method="POST", path=target.path(source), headers=headers, content=content)


async def _send(target: "Target", request: "Outgoing") -> Any:  # noqa: ANN401  (types of lazy imports)
    import httpx2

    from orderwatch.cli.api import nobody_answers
    from orderwatch.cli.target import open_client

    async with open_client(target.base_url) as client:
        try:
            return await client.request(request.method, request.path, content=request.content, headers=request.headers)
        except httpx2.TransportError as error:
            raise nobody_answers(target.base_url, error) from None


def _put_all(body: dict[str, Any], pairs: dict[str, str]) -> None:
    for name, value in pairs.items():
        _put(body, name, value)


def _put(body: dict[str, Any], name: str, value: str) -> None:
    """Put `value` under `name`, whose dots lead into objects. JSON is taken as such, anything else as text."""
    *path, last = name.split(".")
    for key in path:
        inner = body.get(key)
        if not isinstance(inner, dict):
            inner = body[key] = {}
        body = cast("dict[str, Any]", inner)
    body[last] = _json_or_text(value) if value[:1] in "[{" or value in _EASILY or _is_degree(name, value) else value


def _is_degree(name: str, value: str) -> bool:
    return name.endswith((".lat", ".lon")) and value.lstrip("-").replace(".", "", 1).isdigit()


def _json_or_text(text: str) -> object:
    import msgspec

    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text
