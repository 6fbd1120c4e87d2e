"""What came of a source so far, as far as it tells that something is wrong with its set-up."""

from collections.abc import AsyncIterator, Iterator

from orderwatch.cli.findings import Finding, note, ok, wrong
from orderwatch.cli.terminal import Terminal
from orderwatch.domain.asking import QuarantineFilter
from orderwatch.domain.health import Lag, Signatures, SourceHealth
from orderwatch.kit.clock import SystemClock
from orderwatch.processes.opening import Store
from orderwatch.storage.reading.health import HealthReader
from orderwatch.storage.reading.quarantine import QuarantineReader

_LATE_SECONDS, _EARLY_SECONDS = 1800.0, -120.0
_MOST_REASONS = 20
_MOST_SHOWN = 5


async def history_findings(store: Store, name: str, terminal: Terminal) -> AsyncIterator[Finding]:
    """Yield what the store knows of the source."""
    reader = HealthReader(store.engines, clock=SystemClock())
    health = (await reader.read()).get(name)
    if health is None or health.last_received_at is None:
        yield note("news", terminal.text("Nothing was taken from it yet."))
    else:
        told = terminal.text(
            "{count} events, the last at {time}", count=health.events, time=terminal.moment(health.last_received_at)
        )
        yield ok("news", told)
    if health is not None:
        for finding in (*_signatures(health.signatures, name, terminal), *_lag(health.lag, terminal)):
            yield finding
        async for finding in _unknown(reader, health, name, terminal):
            yield finding
    async for finding in _refused(store, name, terminal):
        yield finding


def _signatures(found: Signatures, name: str, terminal: Terminal) -> Iterator[Finding]:
    if found.failing_since is None:
        return
    since = terminal.moment(found.failing_since)
    if found.worked_until is not None:
        told = terminal.text(
            "Since {since} no request proves itself; until {until} they did.",
            since=since,
            until=terminal.moment(found.worked_until),
        )
        advice = terminal.text(
            "Was the secret changed on its side? orderwatch source secret {name} --secret …", name=name
        )
    else:
        told = terminal.text("Since {since} requests come, and none proves itself.", since=since)
        advice = terminal.text("Another secret, or another platform's requests? The reason stands below.")
    yield wrong("signatures", told, advice)


def _lag(lag: Lag, terminal: Terminal) -> Iterator[Finding]:
    seconds = lag.p50_seconds
    if seconds is None or _EARLY_SECONDS < seconds < _LATE_SECONDS:
        return
    hours = abs(seconds) / 3600
    if seconds < 0:
        told = terminal.text("Half of its events say that they happen {hours:.1f} h after they came.", hours=hours)
    else:
        told = terminal.text("Half of its events come {hours:.1f} h after they say that they happened.", hours=hours)
    yield note("times", told, terminal.text("Has it times without a zone, and is the source's time zone right?"))


async def _unknown(reader: HealthReader, health: SourceHealth, name: str, terminal: Terminal) -> AsyncIterator[Finding]:
    if not health.unknown:
        return
    words = [
        word.word for word in await reader.words(name) if word.kind == "event" and word.meaning in {None, "unknown"}
    ]
    shown = ", ".join(words[:_MOST_SHOWN])
    told = terminal.text("{count} events have words that nobody knows here: {words}", count=health.unknown, words=shown)
    yield note(
        "unknown", told, terminal.text("They are kept and change no order; replay them once their meaning is known.")
    )


async def _refused(store: Store, name: str, terminal: Terminal) -> AsyncIterator[Finding]:
    wanted = QuarantineFilter(source=name, state="waiting")
    page = await QuarantineReader(store.engines).page(wanted, cursor=None, limit=_MOST_REASONS)
    reasons = list(dict.fromkeys(row.reason for row in page.items))
    for reason in reasons[:_MOST_SHOWN]:
        last = next(row for row in page.items if row.reason == reason)
        told = terminal.text("{time}: {reason}", time=terminal.moment(last.received_at), reason=reason)
        yield note("refused", told)
    if reasons:
        yield note(
            "refused", terminal.text("They wait in the quarantine, and can be submitted again once it is mended.")
        )
