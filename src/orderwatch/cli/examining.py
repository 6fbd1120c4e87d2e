"""Examines an open store: whether it is whole, whether the worker keeps up, what waits for a person."""

import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta

from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncEngine

from orderwatch.cli.findings import Finding, Verdict, note, ok, wrong
from orderwatch.cli.looking import is_served
from orderwatch.config import Settings
from orderwatch.domain.stats import Totals
from orderwatch.kit.clock import Clock, SystemClock, from_micros
from orderwatch.storage.engines import PARTS, Engines, open_engines
from orderwatch.storage.reading.totals import TotalsReader
from orderwatch.storage.state_writer import read_mark
from orderwatch.storage.tables.journal import receipts

_READ_BACK = 1000
_HEARTBEAT_SECONDS = 60.0
_LAG_SECONDS = 60.0
_AHEAD = timedelta(minutes=1)


async def store_findings(settings: Settings) -> AsyncIterator[Finding]:
    """Yield what is to say about the store and those who work on it."""
    clock = SystemClock()
    engines = open_engines(settings.folder, settings.database)
    try:
        whole = [await _integrity(getattr(engines, part), part) for part in PARTS] if engines.is_sqlite else []
        for finding in whole:
            yield finding
        if any(finding.verdict is Verdict.WRONG for finding in whole):
            return
        yield await _journal(engines)
        yield await _clock(engines, clock)
        totals = await TotalsReader(engines, clock=clock).read()
        served = await is_served(settings.base_url)
        yield _worker(totals, clock, settings, served=served)
        yield _lag(totals, served=served)
        for finding in _waiting(totals):
            yield finding
    finally:
        await engines.dispose()


async def _integrity(engine: AsyncEngine, part: str) -> Finding:
    try:
        async with engine.connect() as connection:
            found = list(await connection.scalars(text("PRAGMA quick_check(3)")))
    except DatabaseError as error:
        found = [str(error.orig)]
    if found == ["ok"]:
        return ok(part, "SQLite finds the file whole")
    cure = {
        "state": "Stop the server and delete it: it is made anew from the journal at the next start.",
        "journal": "Stop the server, keep a copy, and recover what can be read with `sqlite3 journal.sqlite .recover`.",
        "registry": "Stop the server and restore it from a backup.",
    }
    return wrong(part, "; ".join(found), cure[part])


async def _journal(engines: Engines) -> Finding:
    """Read the latest receipts back: each must still have the digest that it was taken with."""
    latest = (
        select(receipts.c.position, receipts.c.body, receipts.c.digest)
        .where(receipts.c.kind.in_(("event", "conflict")))
        .order_by(receipts.c.position.desc())
        .limit(_READ_BACK)
    )
    # The mark first: the worker may move it on meanwhile, but never beyond what is in the journal by then.
    async with engines.state.connect() as connection:
        mark = await read_mark(connection, "journal")
    async with engines.journal.connect() as connection:
        rows = (await connection.execute(latest)).all()
        last = (await connection.execute(select(func.max(receipts.c.position)))).scalar() or 0
    spoilt = [position for position, body, digest in rows if hashlib.sha256(body).digest() != digest]
    if spoilt:
        return wrong(
            "receipts",
            f"{len(spoilt)} of the latest {len(rows)} were changed, such as {spoilt[0]}",
            "Restore a backup.",
        )
    if mark > last:
        advice = "They are from different times. Stop the server and run `orderwatch rebuild`."
        return wrong("receipts", f"the state is at {mark}, the journal ends at {last}", advice)
    return ok("receipts", f"the latest {len(rows)} of {last} read back as they came")


async def _clock(engines: Engines, clock: Clock) -> Finding:
    async with engines.journal.connect() as connection:
        newest = (
            await connection.execute(select(receipts.c.received_at).order_by(receipts.c.position.desc()).limit(1))
        ).scalar()
    if newest is not None and from_micros(newest) > clock.now() + _AHEAD:
        detail = f"the newest receipt is from {from_micros(newest):%Y-%m-%d %H:%M} UTC, which is yet to come"
        return wrong("clock", detail, "Set this machine's clock (NTP): rules and signatures go by it.")
    return ok("clock", f"{clock.now():%Y-%m-%d %H:%M:%S} UTC")


def _worker(totals: Totals, clock: Clock, settings: Settings, *, served: bool) -> Finding:
    seen = totals.progress.worker_seen_at
    if not served:
        return note("server", f"does not run at {settings.base_url}", "Start it: orderwatch serve")
    silent = (clock.now() - seen).total_seconds() if seen else None
    if silent is None or silent > _HEARTBEAT_SECONDS:
        ago = "never" if silent is None else f"{silent:.0f} s ago"
        return wrong("worker", f"last seen {ago}", "The log of `serve` tells why it ends; webhooks are kept meanwhile.")
    return ok("worker", f"seen {silent:.0f} s ago")


def _lag(totals: Totals, *, served: bool) -> Finding:
    progress = totals.progress
    words = f"{progress.behind} receipts wait, the oldest for {progress.lag_seconds:.0f} s"
    if progress.behind and served and progress.lag_seconds > _LAG_SECONDS:
        return wrong("lag", words, "Give it a minute; if that grows, the log of `serve` tells why.")
    return note("lag", words) if progress.behind else ok("lag", "everything received is processed")


def _waiting(totals: Totals) -> list[Finding]:
    dead, failed = totals.handler_runs.get("dead", 0), totals.notifications.get("failed", 0)
    refused, unreadable = sum(totals.quarantine.values()), totals.unreadable
    dropped = sum(totals.dropped.values())
    looked = [
        (
            dead,
            "handlers",
            f"{dead} runs have given up",
            "The page lists them under Handlers; mend and run them again.",
        ),
        (
            failed,
            "notifications",
            f"{failed} were given up",
            "The page lists them under Notifications with the reason.",
        ),
        (
            refused,
            "quarantine",
            f"{refused} refused requests wait",
            "The page lists them; re-submit them once the cause is mended.",
        ),
        (
            unreadable,
            "unreadable",
            f"{unreadable} receipts could not be understood",
            "Mend the source's mapping, then `orderwatch replay`.",
        ),
        (
            dropped,
            "dropped",
            f"{dropped} refused requests were thrown away by the bounds",
            "Raise quarantine_rows or quarantine_bytes.",
        ),
    ]
    found = [note(subject, words, advice) for count, subject, words, advice in looked if count]
    return found or [ok("waiting", "nothing waits for a person")]
