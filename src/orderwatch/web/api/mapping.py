"""The mapping wizard: a proposal for a sample, and what a mapping makes of it. Nothing is kept."""

from hashlib import sha256
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends
from msgspec import Struct
from starlette.responses import Response

from orderwatch.domain.errors import BadMapping, Unreadable
from orderwatch.domain.events import Event
from orderwatch.domain.proposals import Previewed, Proposal
from orderwatch.domain.providers import Provider
from orderwatch.domain.receipts import Receipt, ReceiptKind
from orderwatch.domain.sources import Mapping, Source
from orderwatch.intake.parse import parse
from orderwatch.kit.clock import Clock
from orderwatch.normalise.bodies import decode
from orderwatch.normalise.proposing.propose import propose
from orderwatch.web.api.answers import answer
from orderwatch.web.api.bodies import body_of
from orderwatch.web.api.describing import Described
from orderwatch.web.auth.guard import Guard

_MAX_DEPTH = 64
_MOST_SHOWN = 20
_OF_THE_RECEIPT = frozenset({"source", "key", "receipt", "index", "conflict", "received_at"})


class Sample(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A payload as it is sent, JSON as text."""

    sample: str


class Trial(Sample, frozen=True, kw_only=True):
    """A mapping to try on it."""

    mapping: Mapping
    time_zone: str | None = None
    currency: str | None = None


def mapping_router(generic: Provider, clock: Clock, guard: Guard, described: Described) -> APIRouter:
    """Return the endpoints; `generic` is the provider that reads by a mapping."""
    router = APIRouter(prefix="/api/v1/mapping", tags=["sources"], dependencies=[Depends(guard.operator)])

    @router.post("/proposal", **described(Proposal, body=Sample))
    async def propose_mapping(asked: Annotated[Sample, Depends(body_of(Sample))]) -> Response:
        """Propose a mapping for a sample, with reasons, and show the sample's fields."""
        body = asked.sample.encode()
        parse(body, max_depth=_MAX_DEPTH)
        return answer(propose(decode(body)))

    @router.post("/preview", **described(Previewed, body=Trial))
    async def preview_mapping(asked: Annotated[Trial, Depends(body_of(Trial))]) -> Response:
        """Show the events that a mapping makes of a sample, the first 20, or why it makes none."""
        return answer(_preview(generic, asked, clock))

    return router


def _preview(generic: Provider, asked: Trial, clock: Clock) -> Previewed:
    body = asked.sample.encode()
    source = Source(name="sample", mapping=asked.mapping, time_zone=asked.time_zone, currency=asked.currency)
    try:
        generic.identify(source, _NoHeaders(), parse(body, max_depth=_MAX_DEPTH))
        events = generic.read(source, _receipt(body, clock))
    except (BadMapping, Unreadable) as fault:
        return Previewed(problem=fault.message)
    return Previewed(events=tuple(map(_shown, events[:_MOST_SHOWN])))


class _NoHeaders:
    def get(self, _name: str, /) -> str | None:
        return None


def _receipt(body: bytes, clock: Clock) -> Receipt:
    return Receipt(
        position=0,
        kind=ReceiptKind.EVENT,
        of=None,
        source="sample",
        key=None,
        event_id=None,
        digest=sha256(body).digest(),
        body=body,
        headers=b"",
        method="POST",
        path="",
        content_type="application/json",
        received_at=clock.now(),
    )


def _shown(event: Event) -> dict[str, Any]:
    plain = msgspec.json.decode(msgspec.json.encode(event))
    return {key: value for key, value in plain.items() if key not in _OF_THE_RECEIPT}
