"""The quarantine: what was refused or could not be understood, and submitting it again."""

import asyncio
from collections import Counter
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from msgspec import Struct
from starlette.responses import Response

from orderwatch.domain.asking import QuarantineFilter
from orderwatch.domain.errors import BadInput, Conflict, NotFound
from orderwatch.domain.people import Caller
from orderwatch.domain.quarantine import Quarantined, Resubmitted
from orderwatch.web.api.answers import answer
from orderwatch.web.api.bodies import body_of
from orderwatch.web.api.contents import content, together
from orderwatch.web.api.describing import Described
from orderwatch.web.api.params import Cursor, Limit, Name, Text
from orderwatch.web.api.ports import QuarantineReader, Resubmitter
from orderwatch.web.api.receipts import ReceiptParts, replay
from orderwatch.web.api.shapes import QuarantinedDetail, QuarantinePage, Resubmit, ResubmitAll, ResubmittedAll
from orderwatch.web.auth.guard import Guard

_AT_ONCE = 500
_TOGETHER = 50
Kind = Literal["rejected", "unreadable"]
State = Literal["waiting", "resubmitted"]


class QuarantineParts(Struct, frozen=True):
    """What the endpoints need."""

    quarantine: QuarantineReader
    resubmitter: Resubmitter
    receipts: ReceiptParts


def quarantine_router(parts: QuarantineParts, guard: Guard, described: Described) -> APIRouter:
    """Return the endpoints for the quarantine."""
    router = APIRouter(prefix="/api/v1/quarantine", tags=["quarantine"])

    @router.get("", dependencies=[Depends(guard.viewer)], **described(QuarantinePage))
    async def list_quarantine(
        *,
        source: Text = None,
        code: Text = None,
        kind: Kind | None = None,
        state: State | None = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Response:
        """List what was refused or could not be understood, newest first."""
        wanted = QuarantineFilter(source=source, code=code, kind=kind, state=state)
        page = await parts.quarantine.page(wanted, cursor=cursor, limit=limit)
        dropped = await parts.quarantine.dropped()
        return answer({"items": page.items, "next": page.next, "dropped": dropped})

    @router.post("/resubmit", **described(ResubmittedAll, body=ResubmitAll, optional_body=True))
    async def resubmit_all(
        caller: Annotated[Caller, Depends(guard.operator)],
        asked: Annotated[ResubmitAll, Depends(body_of(ResubmitAll, empty=ResubmitAll()))],
    ) -> Response:
        """Submit all waiting ones that match again."""
        done = await _resubmit_all(parts, asked)
        await _audit(parts, caller, f"all: {done.accepted} accepted", trusted=asked.trust)
        return answer(done)

    @router.get("/{ident}", **described(QuarantinedDetail, problems=(404,)))
    async def show_quarantined(caller: Annotated[Caller, Depends(guard.viewer)], ident: Name) -> Response:
        """Show one; its body only to programs that may see personal data."""
        return answer(await _detail(parts, ident, masked=not caller.sees_personal_data))

    @router.post("/{ident}/reveal", **described(QuarantinedDetail, problems=(404,)))
    async def reveal_quarantined(caller: Annotated[Caller, Depends(guard.operator)], ident: Name) -> Response:
        """Show one with its body; that is written to the audit."""
        shown = await _detail(parts, ident, masked=False)
        await parts.receipts.audit.add(by=caller.name, action="quarantine.reveal", subject=f"quarantine/{ident}")
        return answer(shown)

    @router.post("/{ident}/resubmit", **described(Resubmitted, body=Resubmit, optional_body=True, problems=(404, 409)))
    async def resubmit_one(
        caller: Annotated[Caller, Depends(guard.operator)],
        ident: Name,
        how: Annotated[Resubmit, Depends(body_of(Resubmit, empty=Resubmit()))],
    ) -> Response:
        """Submit one again."""
        entry = await parts.quarantine.entry(ident)
        done = await _resubmit(parts, entry, trusted=how.trust)
        await _audit(parts, caller, f"{ident}: {done.outcome}", trusted=how.trust)
        return answer(done)

    return router


async def _detail(parts: QuarantineParts, ident: str, *, masked: bool) -> QuarantinedDetail:
    entry = await parts.quarantine.entry(ident)
    if entry.receipt is None:
        kept = await parts.quarantine.rejection(ident)
    else:
        kept = await parts.receipts.receipts.get(entry.receipt)
    return together(QuarantinedDetail, entry, content(headers=kept.headers, body=kept.body, masked=masked))


async def _resubmit(parts: QuarantineParts, entry: Quarantined, *, trusted: bool) -> Resubmitted:
    if entry.receipt is not None:
        replayed = await replay(parts.receipts, entry.receipt)
        return Resubmitted(id=entry.id, outcome="accepted", receipt=replayed.receipt)
    if entry.resubmitted_at is not None:
        raise Conflict(f"It was submitted again already, as receipt {entry.resubmitted_as}.")
    rejection = await parts.quarantine.rejection(entry.id)
    return await parts.resubmitter.submit(int(entry.id[2:]), rejection, trusted=trusted)


async def _resubmit_all(parts: QuarantineParts, asked: ResubmitAll) -> ResubmittedAll:
    if any("\0" in text for text in (asked.source or "", asked.code or "")):
        raise BadInput("source, code: must not contain NUL.")
    wanted = QuarantineFilter(source=asked.source, code=asked.code, kind=asked.kind, state="waiting")
    page = await parts.quarantine.page(wanted, cursor=asked.cursor, limit=_AT_ONCE)
    whole = [entry for entry in page.items if not entry.truncated]
    outcomes = Counter({"refused": len(page.items) - len(whole)})
    for start in range(0, len(whole), _TOGETHER):
        some = whole[start : start + _TOGETHER]
        # Side by side, so that the journal writes them in few groups.
        outcomes.update(await asyncio.gather(*(_outcome(parts, entry, trusted=asked.trust) for entry in some)))
    return ResubmittedAll(
        accepted=outcomes["accepted"],
        duplicate=outcomes["duplicate"],
        refused=outcomes["refused"],
        more=page.next is not None,
        next=page.next,
    )


async def _outcome(parts: QuarantineParts, entry: Quarantined, *, trusted: bool) -> str:
    try:
        return (await _resubmit(parts, entry, trusted=trusted)).outcome
    except (Conflict, NotFound):  # Somebody else was faster, or it is gone: no reason to stop for the others.
        return "refused"


async def _audit(parts: QuarantineParts, caller: Caller, subject: str, *, trusted: bool) -> None:
    action = "quarantine.trust" if trusted else "quarantine.resubmit"
    await parts.receipts.audit.add(by=caller.name, action=action, subject=f"quarantine/{subject}")
