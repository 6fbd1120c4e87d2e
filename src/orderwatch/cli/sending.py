"""Runs a load against a server, shows how it goes, and sums up."""

import asyncio
import signal
from random import SystemRandom
from typing import Any

import uvloop

from orderwatch.cli.faults import FAULT
from orderwatch.cli.load import Load
from orderwatch.cli.pump import Pump, Tally
from orderwatch.cli.target import Target, open_client
from orderwatch.cli.terminal import Terminal
from orderwatch.kit.clock import SystemClock
from orderwatch.simulate.webhook import Webhook

INTERRUPTED = 130
_MOST_REASONS = 5


def send_all(load: Load, target: Target, terminal: Terminal, *, connections: int, as_json: bool) -> int:
    """Send `load` to `target`, print the summary, and return the exit code. Ctrl-C ends it early, with the summary."""
    tally, interrupted = uvloop.run(_run(load, target, terminal, connections=connections))
    if as_json:
        terminal.json(summary(load, tally))
    else:
        _print(load, tally, terminal)
    if interrupted:
        return INTERRUPTED
    return 0 if tally.is_clean else FAULT


async def _run(load: Load, target: Target, terminal: Terminal, *, connections: int) -> tuple[Tally, bool]:
    interrupted = False
    async with open_client(target.base_url, connections=connections) as client:
        pump = Pump(client, target, clock=SystemClock(), jitter=SystemRandom())

        def interrupt() -> None:
            nonlocal interrupted
            interrupted = True
            pump.stop()

        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, interrupt)
        with terminal.progress() as progress:
            bar = progress.add_task(terminal.text("Sending"), total=load.total, more="")

            def done(webhook: Webhook) -> None:
                moment = webhook.body.get("occurred_at")
                progress.update(bar, advance=1, more=terminal.moment(moment))

            tally = await pump.run(load.webhooks, connections=connections, paced=load.paced, done=done)
    return tally, interrupted


def summary(load: Load, tally: Tally) -> dict[str, Any]:
    """Return what became of it, for scripts."""
    return {
        "sent": tally.sent,
        "ok": tally.ok,
        "duplicates": tally.duplicates,
        "refused": tally.refused.total(),
        "failed": tally.failed.total(),
        "retried": tally.retried,
        "skipped": len(load.skipped),
        "seconds": round(tally.seconds, 3),
        "per_second": _rate(tally),
        "p50_ms": tally.wait_ms(0.5),
        "p99_ms": tally.wait_ms(0.99),
        "reasons": [
            {"reason": reason, "count": count}
            for reason, count in (tally.refused + tally.failed).most_common(_MOST_REASONS)
        ],
        "seed": load.seed,
    }


def _rate(tally: Tally) -> float:
    return round(tally.sent / tally.seconds, 1) if tally.seconds else 0.0


def _print(load: Load, tally: Tally, terminal: Terminal) -> None:
    terminal.say(
        "{sent} sent in {seconds:.1f} s ({rate:.0f} a second): {ok} taken, {duplicates} of them known before; "
        "{refused} refused, {failed} unanswered; {retried} tries repeated.",
        sent=tally.sent,
        seconds=tally.seconds,
        rate=_rate(tally),
        ok=tally.ok,
        duplicates=tally.duplicates,
        refused=tally.refused.total(),
        failed=tally.failed.total(),
        retried=tally.retried,
    )
    for reason, count in (tally.refused + tally.failed).most_common(_MOST_REASONS):
        terminal.print(f"  {count} × {reason}")
    for skipped in load.skipped[:_MOST_REASONS]:
        terminal.say("  line {line}: left out: {reason}", line=skipped.line, reason=skipped.reason)
    if len(load.skipped) > _MOST_REASONS:
        terminal.say("  {count} more were left out.", count=len(load.skipped) - _MOST_REASONS)
    if load.total is None:
        terminal.say("Again with --seed {seed}.", seed=load.seed)
