"""Receipts: what was received, byte for byte, and having it understood anew."""

from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends
from msgspec import Struct
from starlette.responses import Response

from orderwatch.domain.asking import ReceiptFilter
from orderwatch.domain.pages import Page
from orderwatch.domain.people import Caller
from orderwatch.domain.receipts import Receipt, ReceiptEntry, ReceiptKind, Submission
from orderwatch.kit.clock import Clock
from orderwatch.web.api.answers import answer, page_answer
from orderwatch.web.api.contents import content, together
from orderwatch.web.api.describing import Described
from orderwatch.web.api.params import Cursor, Limit, Moment, Number, Text
from orderwatch.web.api.ports import AuditKeeper, ReceiptReader, Writer
from orderwatch.web.api.shapes import ReceiptDetail, Replayed
from orderwatch.web.auth.guard import Guard


class ReceiptParts(Struct, frozen=True):
    """What the endpoints need."""

    receipts: ReceiptReader
    writer: Writer
    audit: AuditKeeper
    clock: Clock


def receipts_router(parts: ReceiptParts, guard: Guard, described: Described) -> APIRouter:
    """Return the endpoints for receipts."""
    router = APIRouter(prefix="/api/v1/receipts", tags=["receipts"])

    @router.get("", dependencies=[Depends(guard.viewer)], **described(Page[ReceiptEntry]))
    async def list_receipts(
        *,
        source: Text = None,
        kind: ReceiptKind | None = None,
        since: Moment = None,
        until: Moment = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Response:
        """List receipts, newest first."""
        wanted = ReceiptFilter(source=source, kind=kind, since=since, until=until)
        return page_answer(await parts.receipts.page(wanted, cursor=cursor, limit=limit))

    @router.get("/{position}", **described(ReceiptDetail, problems=(404,)))
    async def show_receipt(caller: Annotated[Caller, Depends(guard.viewer)], position: Number) -> Response:
        """Show one receipt; its body only to programs that may see personal data."""
        return answer(_detail(await parts.receipts.get(position), masked=not caller.sees_personal_data))

    @router.post("/{position}/reveal", **described(ReceiptDetail, problems=(404,)))
    async def reveal_receipt(caller: Annotated[Caller, Depends(guard.operator)], position: Number) -> Response:
        """Show one receipt with its body; that is written to the audit."""
        shown = _detail(await parts.receipts.get(position), masked=False)
        await parts.audit.add(by=caller.name, action="receipts.reveal", subject=f"receipts/{position}")
        return answer(shown)

    @router.post("/{position}/replay", **described(Replayed, status=202, problems=(404,)))
    async def replay_receipt(caller: Annotated[Caller, Depends(guard.operator)], position: Number) -> Response:
        """Have a receipt understood anew, with its source's mapping as it is now."""
        replayed = await replay(parts, position)
        await parts.audit.add(by=caller.name, action="receipts.replay", subject=f"receipts/{replayed.replay_of}")
        return answer(replayed, status=202)

    return router


async def replay(parts: ReceiptParts, position: int) -> Replayed:
    """Append a receipt that asks for the one at `position` (or for what that is a copy of) to be understood anew."""
    asked = await parts.receipts.get(position)
    copies = asked.kind in {ReceiptKind.DUPLICATE, ReceiptKind.REPLAY}
    original = await parts.receipts.get(asked.of) if copies and asked.of is not None else asked
    (ack,) = await parts.writer.submit([_submission(original, parts.clock)])
    return Replayed(receipt=ack.position, replay_of=original.position)


def _submission(original: Receipt, clock: Clock) -> Submission:
    return Submission(
        source=original.source,
        key=b"",
        event_id=original.event_id,
        digest=sha256(b"").digest(),
        body=b"",
        headers=b"{}",
        method=original.method,
        path=original.path,
        content_type=original.content_type,
        received_at=clock.now(),
        replay_of=original.position,
    )


def _detail(receipt: Receipt, *, masked: bool) -> ReceiptDetail:
    entry = ReceiptEntry(
        position=receipt.position,
        kind=receipt.kind,
        of=receipt.of,
        source=receipt.source,
        event_id=receipt.event_id,
        method=receipt.method,
        path=receipt.path,
        content_type=receipt.content_type,
        received_at=receipt.received_at,
        size=len(receipt.body),
    )
    return together(ReceiptDetail, entry, content(headers=receipt.headers, body=receipt.body, masked=masked))
