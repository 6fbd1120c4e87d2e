"""Refused requests put through the whole of the intake again."""

from collections.abc import Sequence
from typing import Literal, Protocol

from orderwatch.domain.errors import BadInput, Conflict, OrderwatchError, Unavailable, UnsupportedMedia
from orderwatch.domain.quarantine import Resubmitted
from orderwatch.domain.receipts import Ack, ReceiptKind, Rejection, Submission
from orderwatch.intake.accept import Intake, Request
from orderwatch.intake.headers import Headers, restored
from orderwatch.intake.ports import Sources, Writer
from orderwatch.web.bodies import expand


class Keeper(Protocol):
    """Keeps refused requests."""

    async def proof(self, number: int) -> bytes:
        """Return what was masked of the request with this number; empty where nothing was kept."""
        ...

    async def mark_resubmitted(self, number: int, *, receipt: int | None) -> None:
        """Note that the request with this number was submitted again, and the receipt that it became."""
        ...


class Resubmission:
    """Submits again. Times stay those of the first arrival, so that signatures are judged by them."""

    def __init__(
        self, *, intake: Intake, sources: Sources, writer: Writer, keeper: Keeper, max_body_bytes: int
    ) -> None:
        """Take the parts of the intake, and what keeps the refused."""
        self._intake = intake
        self._sources = sources
        self._writer = writer
        self._keeper = keeper
        self._max_body_bytes = max_body_bytes

    async def submit(self, number: int, rejection: Rejection, *, trusted: bool) -> Resubmitted:
        """Submit the refused request with this number; `trusted` passes over the signature alone.

        Raises:
            Conflict: its body was not kept whole.
            Unavailable: the journal cannot take it now.
        """
        ident = f"q-{number}"
        if rejection.truncated:
            raise Conflict("Its body was not kept whole, so it cannot be submitted again.")
        try:
            proof = b"" if trusted else await self._keeper.proof(number)
            acks = await self._writer.submit(await self._accept(rejection, proof, trusted=trusted))
        except Unavailable:
            raise
        except OrderwatchError as error:
            return Resubmitted(id=ident, outcome="refused", code=error.code, reason=error.message)
        # A batch of CloudEvents may be empty: then it is taken, and becomes no receipt.
        receipt = acks[0].position if acks else None
        await self._keeper.mark_resubmitted(number, receipt=receipt)
        return Resubmitted(id=ident, outcome=_outcome(acks), receipt=receipt)

    async def _accept(self, rejection: Rejection, proof: bytes, *, trusted: bool) -> Sequence[Submission]:
        source = self._sources.source(rejection.source)
        if source is None:
            raise BadInput(f"There is no source {rejection.source} any more, or it is switched off.")
        headers, path = restored(rejection.headers, proof)
        request = Request(
            method=rejection.method,
            path=path or rejection.path,
            headers=headers,
            body=self._expanded(rejection.body, headers, allowed=source.allow_compressed),
            received_at=rejection.received_at,
        )
        if not trusted and self._intake.needs_keys(source):
            await self._intake.prepare(source, request)
        return self._intake.accept(source, request, trusted=trusted)

    def _expanded(self, body: bytes, headers: Headers, *, allowed: bool) -> bytes:
        encoding = (headers.get("content-encoding") or "identity").lower()
        if encoding == "identity":
            return body
        if not allowed:
            raise UnsupportedMedia("Compressed bodies are refused; the source's allow_compressed lets them in.")
        return expand(body, encoding, limit=self._max_body_bytes)


def _outcome(acks: Sequence[Ack]) -> Literal["accepted", "duplicate"]:
    return "duplicate" if acks and all(ack.kind is ReceiptKind.DUPLICATE for ack in acks) else "accepted"
