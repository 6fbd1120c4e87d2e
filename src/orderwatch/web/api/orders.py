"""Orders: the list, one order with its timeline, and revealing its personal data."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Query
from msgspec import Struct
from starlette.responses import Response

from orderwatch.domain.asking import OrderFilter
from orderwatch.domain.events import Event
from orderwatch.domain.orders import OrderStatus
from orderwatch.domain.pages import Page
from orderwatch.domain.people import Caller
from orderwatch.web.api.answers import raw_answer, raw_page
from orderwatch.web.api.describing import Described
from orderwatch.web.api.masking import mask_changes, mask_view
from orderwatch.web.api.params import Cursor, Limit, Moment, Name, OrderId, Text
from orderwatch.web.api.ports import AuditKeeper, NotificationReader, OrderReader, Timeline
from orderwatch.web.api.shapes import ListedOrder, OrderDetail
from orderwatch.web.auth.guard import Guard

_MOST_EVENTS = 1000
_MOST_TOLD = 50
_encode = msgspec.json.encode


class OrderParts(Struct, frozen=True):
    """What the endpoints need."""

    orders: OrderReader
    notifications: NotificationReader
    timeline: Timeline
    audit: AuditKeeper


def orders_router(parts: OrderParts, guard: Guard, described: Described) -> APIRouter:
    """Return the endpoints for orders."""
    router = APIRouter(prefix="/api/v1/orders", tags=["orders"])

    @router.get("", **described(Page[ListedOrder]))
    async def list_orders(
        *,
        caller: Annotated[Caller, Depends(guard.viewer)],
        status: Annotated[list[OrderStatus] | None, Query(description="One or several.")] = None,
        open: Annotated[bool | None, Query(description="Not ended yet, or ended.")] = None,  # noqa: A002
        source: Text = None,
        store: Text = None,
        flag: Text = None,
        q: Text = None,
        since: Moment = None,
        until: Moment = None,
        cursor: Cursor = None,
        limit: Limit = 100,
    ) -> Response:
        """List orders, newest first."""
        wanted = OrderFilter(
            statuses=tuple(status or ()),
            open=open,
            source=source,
            store=store,
            flag=flag,
            since=since,
            until=until,
            q=q or None,
        )
        page = await parts.orders.page(wanted, cursor=cursor, limit=limit)
        return raw_page(page.items if caller.sees_personal_data else [mask_view(v) for v in page.items], page.next)

    @router.post("/{source}/{order_id:path}/reveal", **described(OrderDetail, problems=(404,)))
    async def reveal_order(
        caller: Annotated[Caller, Depends(guard.operator)], source: Name, order_id: OrderId
    ) -> Response:
        """Show one order with its personal data; that is written to the audit."""
        shown = await _detail(parts, source, order_id, masked=False)
        await parts.audit.add(by=caller.name, action="orders.reveal", subject=f"orders/{source}/{order_id}")
        return raw_answer(shown)

    @router.get("/{source}/{order_id:path}", **described(OrderDetail, problems=(404,)))
    async def show_order(caller: Annotated[Caller, Depends(guard.viewer)], source: Name, order_id: OrderId) -> Response:
        """Show one order with its timeline and who was told of it."""
        return raw_answer(await _detail(parts, source, order_id, masked=not caller.sees_personal_data))

    return router


async def _detail(parts: OrderParts, source: str, order_id: str, *, masked: bool) -> bytes:
    stored = await parts.orders.get(source, order_id)
    events = await parts.orders.events(source, order_id, limit=_MOST_EVENTS + 1)
    told = await parts.notifications.about(source, order_id, limit=_MOST_TOLD)
    shown = events[-_MOST_EVENTS:]
    entries = _timeline(parts.timeline, shown, masked=masked)
    beside: dict[str, Any] = {
        "open": stored.open,
        "timeline": [entry for entry in entries if not entry.get("conflict")],
        # They never happened as far as the order is concerned: kept to be looked at, beside what did.
        "conflicts": [entry for entry in entries if entry.get("conflict")],
        "told": told,
        "receipts": sorted({event.receipt for event in shown}),
    }
    if len(events) > _MOST_EVENTS:
        beside["timeline_truncated"] = True
    view = mask_view(stored.view) if masked else stored.view
    # The view is passed on as the worker made it; what is asked only here is put in before its closing brace.
    return view[:-1] + b"," + _encode(beside)[1:]


def _timeline(timeline: Timeline, events: Sequence[Event], *, masked: bool) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = [msgspec.to_builtins(entry) for entry in timeline(events)]
    if masked:
        for entry in entries:
            entry.pop("data", None)  # Nobody knows what is in there.
            entry["changes"] = mask_changes(entry["changes"])
    return entries
