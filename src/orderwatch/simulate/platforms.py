"""The made-up platforms of the demo: how each proves itself and what its webhooks look like."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from orderwatch.domain.sources import Hmac, Source, Token, Verification
from orderwatch.domain.sources import Mapping as Fields
from orderwatch.simulate.webhook import Webhook

Body = dict[str, Any]

_WORDS = {
    "order_created": "PLACED",
    "order_accepted": "CONFIRMED",
    "order_rejected": "DECLINED",
    "order_modified": "CHANGED",
    "order_preparing": "COOKING",
    "order_ready": "READY_FOR_PICKUP",
    "order_picked_up": "COLLECTED",
    "order_nearby": "ARRIVING",
    "order_delivered": "DONE",
    "order_cancelled": "VOIDED",
    "order_failed": "UNDELIVERABLE",
    "order_returned": "BROUGHT_BACK",
    "order_refunded": "MONEY_BACK",
    "courier_assigned": "RIDER_FOUND",
    "courier_at_pickup": "RIDER_AT_SHOP",
    "courier_location": "RIDER_MOVED",
    "eta_changed": "NEW_ETA",
}


class Platform(Struct, frozen=True, kw_only=True):
    """One sender."""

    source: Source
    share: float
    """Of all orders."""
    shape: Callable[[Body], Body]
    """Turns our own format into the platform's."""


def platforms(secrets: Mapping[str, str]) -> tuple[Platform, ...]:
    """Return the platforms, each with its secret out of `secrets` (by name)."""
    return (
        Platform(
            source=Source(
                name="swift-table",
                provider="standard_webhooks",
                verification=Verification.STANDARD_WEBHOOKS,
                secrets=(secrets["swift-table"],),
            ),
            share=0.42,
            shape=_as_standard_webhook,
        ),
        Platform(
            source=Source(
                name="magpie-eats",
                provider="generic",
                verification=Verification.HMAC,
                secrets=(secrets["magpie-eats"],),
                hmac=Hmac(header="x-magpie-signature", prefix="sha256="),
                mapping=Fields(
                    event_type="event",
                    order_id="order.ref",
                    event_id="uid",
                    fields={
                        "occurred_at": "at",
                        "store_id": "order.shop",
                        "region": "order.area",
                        "total": "order.price.amount",
                        "currency": "order.price.currency",
                        "promised_at": "order.due",
                        "eta": "order.eta",
                        "items": "order.lines",
                        "customer": "order.guest",
                        "courier": "rider",
                        "reason": "why",
                    },
                    statuses={word: event.replace("_", ".", 1) for event, word in _WORDS.items()},
                ),
            ),
            share=0.33,
            shape=_as_magpie,
        ),
        Platform(
            source=Source(
                name="own-shop",
                provider="orderwatch",
                verification=Verification.TOKEN,
                secrets=(secrets["own-shop"],),
                token=Token(prefix="Bearer "),
            ),
            share=0.25,
            shape=lambda body: body,
        ),
    )


def shaped(webhook: Webhook, shapes: Mapping[str, Callable[[Body], Body]]) -> Webhook:
    """Return `webhook` as its platform would send it."""
    return msgspec.structs.replace(webhook, id=webhook.event_id, body=shapes[webhook.source](webhook.body))


def _as_standard_webhook(body: Body) -> Body:
    data = {key: value for key, value in body.items() if key not in {"event_type", "event_id", "occurred_at"}}
    return {"type": body["event_type"].replace("_", ".", 1), "timestamp": body["occurred_at"], "data": data}


def _as_magpie(body: Body) -> Body:
    order = {
        "ref": body["order_id"],
        "shop": body["store_id"],
        "area": body["region"],
        "due": body.get("promised_at"),
        "eta": body.get("eta"),
        "lines": body.get("items"),
        "guest": body.get("customer"),
        "price": {"amount": body["total"], "currency": body["currency"]} if "total" in body else None,
    }
    found = {
        "uid": body["event_id"],
        "event": _WORDS[body["event_type"]],
        "at": body["occurred_at"],
        "order": {key: value for key, value in order.items() if value is not None},
        "rider": body.get("courier"),
        "why": body.get("reason"),
    }
    return {key: value for key, value in found.items() if value is not None}
