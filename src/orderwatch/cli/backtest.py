"""``backtest``: the flow rules over recorded events, with a simulated clock."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderwatch.cli.options import AsJson, Config, Data, Database, settings_from
from orderwatch.cli.terminal import Terminal, terminal_of

if TYPE_CHECKING:
    from orderwatch.cli.backtest_report import Report, StreamReport
    from orderwatch.cli.recorded import Reading
    from orderwatch.config import Settings


def backtest(
    context: typer.Context,
    *,
    events: Annotated[
        Path | None,
        typer.Option("--events", metavar="FILE", help="Events in the generic format, one a line (the journal)"),
    ] = None,
    begin: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="Where to begin, such as 2026-11-01 (the first event)")
    ] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="TIME", help="Where to end (the last event)")] = None,
    warmup: Annotated[
        str | None,
        typer.Option("--warmup", metavar="TIME", help="Learn this long before alerts count: 15d, 36h"),
    ] = None,
    rules: Annotated[
        Path | None, typer.Option("--rules", metavar="FILE", help="Settings of the rules, as TOML or JSON")
    ] = None,
    zone: Annotated[
        str | None, typer.Option("--zone", help="IANA zone of the business, and of times that have none (UTC)")
    ] = None,
    as_occurred: Annotated[
        bool, typer.Option("--as-occurred", help="Take the journal's events by when they happened, as for an import")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write all alerts here, as JSON")] = None,
    as_json: AsJson = False,
    data: Data = None,
    database: Database = None,
    config: Config = None,
) -> None:
    """Try the rules on recorded events: what would have alerted, when, and what another budget would have changed."""
    terminal = terminal_of(context)
    from orderwatch.cli.backtest_report import run_backtest
    from orderwatch.cli.backtest_settings import read_rules, read_wish

    flow = read_rules(rules, zone=zone)
    wish = read_wish(begin=begin, until=until, warmup=warmup, zone=flow.zone)
    if events is not None:
        from orderwatch.cli.recorded import read_file

        reading = read_file(events, zone=flow.zone)
    else:
        reading = _read_journal(settings_from(config, data=data, database=database), terminal, as_occurred=as_occurred)
    report = run_backtest(reading, wish, flow)
    if out is not None:
        out.write_bytes(report.encoded())
    if as_json:
        terminal.print(report.encoded().decode())
    else:
        _tell(report, terminal)


def _read_journal(settings: "Settings", terminal: Terminal, *, as_occurred: bool) -> "Reading":
    from orderwatch.cli.recorded import read_journal
    from orderwatch.cli.store import in_store
    from orderwatch.kit.clock import SystemClock
    from orderwatch.normalise.reader import Reader
    from orderwatch.processes.opening import Store
    from orderwatch.processes.registered import RegisteredCache
    from orderwatch.providers.catalog import open_catalog

    async def work(store: Store) -> "Reading":
        clock = SystemClock()
        registered = RegisteredCache(store.registry, clock=clock)
        await registered.refresh()
        reader = Reader(sources=registered.current.sources, providers=open_catalog(settings.providers).providers)
        with terminal.progress() as progress:
            last = await store.journal.last_position()
            bar = progress.add_task(terminal.text("Reading"), total=last, more="")

            def told(done: int) -> None:
                progress.update(bar, completed=done)

            return await read_journal(store.journal, reader, clock, as_occurred=as_occurred, progress=told)

    return in_store(settings, work)


def _tell(report: "Report", terminal: Terminal) -> None:
    summary = report.summary
    terminal.say(
        "{events} events from {begin} to {end}; alerts count from {served}.",
        events=f"{summary.events:,}",
        begin=terminal.moment(summary.begin),
        end=terminal.moment(summary.end),
        served=terminal.moment(summary.served_from),
    )
    for reason in summary.skipped_first:
        terminal.note("  left out: {reason}", reason=reason)
    if summary.skipped > len(summary.skipped_first):
        terminal.note("  {count} more were left out.", count=summary.skipped - len(summary.skipped_first))
    if summary.outside:
        terminal.note(
            "  {count} stray events lie before or after; --from and --to take them in.", count=summary.outside
        )
    terminal.table(
        ("Day (UTC)", "Rule", "Warnings", "Pages"),
        [(row.day, row.rule, row.warnings or "", row.pages or "") for row in summary.by_day],
        empty="No rule would have fired.",
    )
    _tell_pages(report, terminal)
    terminal.table(
        ("Events a day", "Stream", "Pages on trial", "Trial days", "May page"),
        [_stream_row(stream, terminal) for stream in summary.streams if stream.level != "store"],
        empty="No stream was seen.",
    )
    terminal.table(
        ("False pages allowed in 30 days", "Pages it would have sent"),
        [(row.budget, row.pages) for row in summary.budgets],
        empty="No rule would have fired.",
    )
    terminal.note("{count} events a second.", count=f"{summary.events_per_second:,.0f}")


def _tell_pages(report: "Report", terminal: Terminal) -> None:
    terminal.table(
        ("Paged at", "Until", "Rule", "Where", "Came", "Expected"),
        [
            (
                terminal.moment(alert.fired_at),
                terminal.moment(alert.resolved_at),
                alert.rule,
                _where(alert.scope.source, alert.scope.region, alert.scope.store_id, terminal),
                alert.evidence.actual,
                alert.evidence.expected,
            )
            for alert in report.alerts
            if alert.severity == "page"
        ],
        empty="Nobody would have been paged.",
    )


def _stream_row(stream: "StreamReport", terminal: Terminal) -> tuple[object, ...]:
    may = terminal.text("yes") if stream.may_page else terminal.text("no")
    where = _where(stream.source, stream.region, stream.store_id, terminal)
    return f"{stream.events_per_day:,.0f}", where, stream.trial_pages, f"{stream.trial_days:.0f}", may


def _where(source: str | None, region: str | None, store: str | None, terminal: Terminal) -> str:
    return " / ".join(part for part in (source, region, store) if part) or terminal.text("everything")
