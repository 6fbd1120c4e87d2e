"""What a check found, and how it is told."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from orderwatch.cli.faults import FAULT
from orderwatch.cli.terminal import Terminal


class Verdict(StrEnum):
    """How it stands."""

    OK = "ok"
    NOTE = "note"
    """Worth knowing; nothing is wrong."""
    WRONG = "wrong"


class Finding(Struct, frozen=True, kw_only=True):
    """One thing that was looked at."""

    subject: str
    verdict: Verdict
    detail: str
    advice: str = ""
    """What to do next."""


def ok(subject: str, detail: str) -> Finding:
    """Return that `subject` is as it should be."""
    return Finding(subject=subject, verdict=Verdict.OK, detail=detail)


def note(subject: str, detail: str, advice: str = "") -> Finding:
    """Return what is worth knowing of `subject`."""
    return Finding(subject=subject, verdict=Verdict.NOTE, detail=detail, advice=advice)


def wrong(subject: str, detail: str, advice: str = "") -> Finding:
    """Return what is wrong with `subject`, and what to do next."""
    return Finding(subject=subject, verdict=Verdict.WRONG, detail=detail, advice=advice)


_MARKS = {Verdict.OK: ("✓", "green"), Verdict.NOTE: ("•", "yellow"), Verdict.WRONG: ("✗", "bold red")}


def tell_findings(findings: Sequence[Finding], terminal: Terminal, *, as_json: bool) -> int:
    """Print `findings` and return the exit code: 1 when something is wrong."""
    bad = [finding for finding in findings if finding.verdict is Verdict.WRONG]
    if as_json:
        terminal.json({"ok": not bad, "findings": findings})
        return FAULT if bad else 0
    from rich.text import Text

    console = terminal.console()
    for finding in findings:
        mark, style = _MARKS[finding.verdict]
        console.print(Text.assemble((mark, style), "  ", (f"{finding.subject:<16}", "bold"), finding.detail))
        if finding.advice:
            console.print(Text(f"   {'':<16}→ {finding.advice}", style="dim"))
    if bad:
        terminal.note("Wrong: {count}.", count=len(bad))
    return FAULT if bad else 0
