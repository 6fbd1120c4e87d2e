"""``source``: who may send, and how they prove it."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from orderwatch.cli.options import AsJson, Config, Data, Database, Providers, Yes, settings_from
from orderwatch.cli.terminal import terminal_of
from orderwatch.domain.sources import Verification

if TYPE_CHECKING:
    from orderwatch.domain.sources import Source

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name: a-z, 0-9 and -")]


def source_add(
    context: typer.Context,
    *,
    name: Name,
    provider: Annotated[
        str,
        typer.Option("--provider", help="A platform, such as shopify; else generic, standard_webhooks or orderwatch"),
    ] = "generic",
    verify: Annotated[
        Verification | None,
        typer.Option("--verify", help="How it proves who it is (as its platform does, else token)"),
    ] = None,
    secret: Annotated[
        list[str] | None, typer.Option("--secret", help="Its secret, or two (a fresh one is made and printed)")
    ] = None,
    public_url: Annotated[
        str | None, typer.Option("--public-url", metavar="URL", help="The address that the platform was given")
    ] = None,
    given: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="What the platform wants to know beside")
    ] = None,
    header: Annotated[str | None, typer.Option("--header", help="Header of the signature or token")] = None,
    header_prefix: Annotated[
        str | None, typer.Option("--header-prefix", help="Text before it, such as sha256=")
    ] = None,
    algorithm: Annotated[str, typer.Option("--algorithm", help="sha1, sha256 or sha512 (hmac)")] = "sha256",
    encoding: Annotated[str, typer.Option("--encoding", help="hex or base64 (hmac)")] = "hex",
    content: Annotated[
        str, typer.Option("--content", help="What is signed, such as {timestamp}.{body} (hmac)")
    ] = "{body}",
    timestamp_header: Annotated[str | None, typer.Option("--timestamp-header", help="Header of {timestamp}")] = None,
    id_header: Annotated[str | None, typer.Option("--id-header", help="Header of {id}")] = None,
    sample: Annotated[
        str | None,
        typer.Option(
            "--sample", metavar="FILE", help="A body as it is sent, or - for standard input: its fields are found"
        ),
    ] = None,
    event_type: Annotated[str | None, typer.Option("--event-type", help="JMESPath to what happened")] = None,
    order_id: Annotated[str | None, typer.Option("--order-id", help="JMESPath to the order's id")] = None,
    event_id: Annotated[str | None, typer.Option("--event-id", help="JMESPath to the event's own id")] = None,
    events: Annotated[str | None, typer.Option("--events", help="JMESPath to a list of events in one body")] = None,
    fields: Annotated[
        list[str] | None,
        typer.Option("--field", metavar="FIELD=PATH", help="JMESPath to a field, such as store_id=shop.id"),
    ] = None,
    statuses: Annotated[
        list[str] | None,
        typer.Option("--status", metavar="WORD=EVENT", help="What its word means: done=order.delivered"),
    ] = None,
    time_zone: Annotated[str | None, typer.Option("--time-zone", help="Zone of times that have none")] = None,
    currency: Annotated[str | None, typer.Option("--currency", help="Of totals that have none")] = None,
    success_status: Annotated[
        int | None, typer.Option("--success-status", help="200, 201, 202 or 204 (what the platform wants)")
    ] = None,
    providers: Providers = None,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Register a sender, and print where it sends to and with which secret."""
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database, providers=providers)
    from orderwatch.cli.pairs import read_pairs
    from orderwatch.cli.sources_made import Wanted, make_source
    from orderwatch.cli.sources_sampled import first_event, read_sample, tell_sample, with_sample
    from orderwatch.cli.sources_told import tell_source
    from orderwatch.cli.store import BY, in_store
    from orderwatch.kit.clock import SystemClock
    from orderwatch.providers.catalog import open_catalog

    wanted = Wanted(
        name=name,
        provider=provider,
        verification=verify,
        secrets=tuple(secret or ()),
        header=header,
        header_prefix=header_prefix,
        hmac={
            "algorithm": algorithm,
            "encoding": encoding,
            "content": content,
            "timestamp_header": timestamp_header,
            "id_header": id_header,
        },
        mapping={"event_type": event_type, "order_id": order_id, "event_id": event_id, "events": events},
        fields=read_pairs("--field", fields or ()),
        statuses=read_pairs("--status", statuses or ()),
        more={"time_zone": time_zone, "currency": currency, "success_status": success_status},
        public_url=public_url,
        settings=read_pairs("--set", given or ()),
    )
    catalog = open_catalog(settings.providers)
    sampled = with_sample(wanted, read_sample(sample)) if sample is not None else None
    source = make_source(sampled.wanted if sampled else wanted, catalog=catalog)
    event = first_event(source, sampled.sample, SystemClock()) if sampled else None
    in_store(settings, lambda store: store.registry.sources.create(source, by=BY))
    if sampled and event:
        tell_sample(sampled, event, terminal)
    tell_source(source, settings.base_url, terminal, declared=catalog.declared.get(provider))
    if source.secrets and not secret:
        terminal.note("Its secret, shown here and by `source show {name} --reveal`:", name=name)
        terminal.print(source.secrets[0])


def source_list(
    context: typer.Context,
    *,
    as_json: AsJson = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """List the registered senders."""
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database)
    from orderwatch.cli.sources_told import path_of
    from orderwatch.cli.store import in_store

    sources = in_store(settings, lambda store: store.registry.sources.specs())
    if as_json:
        terminal.json([_masked(source) for source in sources])
        return
    rows = [
        (s.name, s.provider, s.verification, path_of(s.name), "" if s.enabled else terminal.text("no")) for s in sources
    ]
    terminal.table(("Name", "Provider", "Verification", "Address", "Enabled"), rows, empty="There are no sources.")


def source_show(
    context: typer.Context,
    *,
    name: Name,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show secrets in the clear")] = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Show all that is known of a sender, as JSON."""
    settings = settings_from(config, data=data, database=database)
    from orderwatch.cli.store import in_store

    source = in_store(settings, lambda store: store.registry.sources.get(name)).spec
    terminal_of(context).json(source if reveal else _masked(source))


def source_secret(
    context: typer.Context,
    *,
    name: Name,
    secret: Annotated[
        str | None, typer.Option("--secret", help="The one that the sender shows (a fresh one is made and printed)")
    ] = None,
    drop_old: Annotated[bool, typer.Option("--drop-old", help="Take the newer of two alone from now on")] = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Give a sender a second secret; both are taken until --drop-old, which makes none and ends the change."""
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database)
    from orderwatch.cli.sources_made import change_secret
    from orderwatch.cli.store import BY, Store, in_store

    async def change(store: Store) -> "Source":
        source = (await store.registry.sources.get(name)).spec
        changed = change_secret(source, secret=secret, drop_old=drop_old)
        return (await store.registry.sources.replace(changed, by=BY)).spec

    source = in_store(settings, change)
    if secret is None and not drop_old:
        terminal.print(source.secrets[0])
    if drop_old:
        terminal.note("{name}: its newer secret is the only one now.", name=name)
    elif len(source.secrets) > 1:
        terminal.note("{name}: the new secret and the one from before are taken now.", name=name)
        terminal.note("When the sender uses the new one: orderwatch source secret {name} --drop-old", name=name)
    else:
        terminal.note("{name} proves itself by {way} now.", name=name, way=source.verification.value)


def source_remove(
    context: typer.Context,
    *,
    name: Name,
    yes: Yes = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Remove a sender: what it sends is refused from then on; its orders stay."""
    terminal = terminal_of(context)
    settings = settings_from(config, data=data, database=database)
    from orderwatch.cli.store import BY, in_store

    if not yes:
        typer.confirm(terminal.text("Remove {name}?", name=name), abort=True, err=True)
    in_store(settings, lambda store: store.registry.sources.delete(name, by=BY))
    terminal.say("{name} is removed.", name=name)


def _masked(source: "Source") -> dict[str, Any]:
    import msgspec

    from orderwatch.domain.secrets import masked

    return msgspec.to_builtins(source) | {"secrets": [masked(secret) for secret in source.secrets]}
