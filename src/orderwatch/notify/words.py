"""What a notification says, in Korean and English."""

from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import quote

from orderwatch.domain.events import Event, EventType
from orderwatch.domain.notifications import Message
from orderwatch.domain.orders import Order

_TITLES: Mapping[str, Mapping[EventType, str]] = {
    "en": {
        EventType.ORDER_CREATED: "New order {order}",
        EventType.ORDER_ACCEPTED: "Order {order} accepted",
        EventType.ORDER_REJECTED: "Order {order} rejected",
        EventType.ORDER_MODIFIED: "Order {order} modified",
        EventType.ORDER_PREPARING: "Order {order} is being prepared",
        EventType.ORDER_READY: "Order {order} is ready",
        EventType.ORDER_PICKED_UP: "Order {order} picked up",
        EventType.ORDER_NEARBY: "Order {order} is nearby",
        EventType.ORDER_DELIVERED: "Order {order} delivered",
        EventType.ORDER_CANCELLED: "Order {order} cancelled",
        EventType.ORDER_FAILED: "Order {order} could not be delivered",
        EventType.ORDER_RETURNED: "Order {order} returned",
        EventType.ORDER_REFUNDED: "Order {order} refunded",
        EventType.COURIER_ASSIGNED: "Courier assigned to order {order}",
        EventType.COURIER_AT_PICKUP: "Courier at the store for order {order}",
        EventType.COURIER_LOCATION: "Courier position for order {order}",
        EventType.COURIER_UNASSIGNED: "Courier left order {order}",
        EventType.ETA_CHANGED: "New arrival time for order {order}",
        EventType.STORE_OPENED: "Store {store} opened",
        EventType.STORE_CLOSED: "Store {store} closed",
        EventType.STORE_OFFLINE: "Store {store} is offline",
        EventType.SOURCE_HEARTBEAT: "{source} is alive",
        EventType.UNKNOWN: "{word}: order {order}",
    },
    "ko": {
        EventType.ORDER_CREATED: "새 주문 {order}",
        EventType.ORDER_ACCEPTED: "주문 {order} 접수 완료",
        EventType.ORDER_REJECTED: "주문 {order} 접수 거절",
        EventType.ORDER_MODIFIED: "주문 {order} 변경",
        EventType.ORDER_PREPARING: "주문 {order} 조리 중",
        EventType.ORDER_READY: "주문 {order} 픽업 대기",
        EventType.ORDER_PICKED_UP: "주문 {order} 배달 중",
        EventType.ORDER_NEARBY: "주문 {order} 도착 임박",
        EventType.ORDER_DELIVERED: "주문 {order} 배달 완료",
        EventType.ORDER_CANCELLED: "주문 {order} 취소",
        EventType.ORDER_FAILED: "주문 {order} 배달 실패",
        EventType.ORDER_RETURNED: "주문 {order} 반송",
        EventType.ORDER_REFUNDED: "주문 {order} 환불",
        EventType.COURIER_ASSIGNED: "주문 {order} 라이더 배정",
        EventType.COURIER_AT_PICKUP: "주문 {order} 라이더 가게 도착",
        EventType.COURIER_LOCATION: "주문 {order} 라이더 위치",
        EventType.COURIER_UNASSIGNED: "주문 {order} 라이더 배정 취소",
        EventType.ETA_CHANGED: "주문 {order} 도착 예정 변경",
        EventType.STORE_OPENED: "가게 {store} 영업 시작",
        EventType.STORE_CLOSED: "가게 {store} 영업 종료",
        EventType.STORE_OFFLINE: "가게 {store} 연결 끊김",
        EventType.SOURCE_HEARTBEAT: "{source} 정상",
        EventType.UNKNOWN: "{word}: 주문 {order}",
    },
}
_STORE = {"en": "store {}", "ko": "가게 {}"}
_SIGNS = {"KRW": "₩", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_WITHOUT_CENTS = frozenset({"KRW", "JPY", "VND", "CLP", "ISK"})
_TWO_PLACES = -2
_WARNINGS = frozenset(
    {
        EventType.ORDER_REJECTED,
        EventType.ORDER_CANCELLED,
        EventType.ORDER_FAILED,
        EventType.ORDER_RETURNED,
        EventType.STORE_OFFLINE,
    }
)
_LONGEST = 120


def message_of(event: Event, order: Order | None, *, language: str, base_url: str) -> Message:
    """Return what is told of `event`; `order` is its state after it."""
    names = {
        "order": _short(event.order_id or ""),
        "store": _short(event.store_id or ""),
        "source": event.source,
        "word": _short(event.raw_type),
    }
    title = _TITLES[language][event.type].format(**names)
    return Message(
        title=title,
        text=" · ".join([title, *_facts(event, order, language)]),
        payload=_payload(event, order),
        severity="warning" if event.type in _WARNINGS else "info",
        link=f"{base_url}/orders/{_quoted(event.source)}/{_quoted(event.order_id)}" if event.order_id else None,
    )


def _facts(event: Event, order: Order | None, language: str) -> list[str]:
    store = event.store_id or (order.store_id if order else None)
    total = event.total if event.total is not None else (order.total if order else None)
    currency = event.currency or (order.currency if order else None)
    facts = [event.source] if event.source != "default" else []
    if store and event.order_id:
        facts.append(_STORE[language].format(_short(store)))
    if total is not None:
        facts.append(money(total, currency))
    if event.reason:
        facts.append(_short(event.reason))
    return facts


def money(amount: Decimal, currency: str | None) -> str:
    """Return an amount as people write it: ``₩12,500``, ``$12.50``, ``12.50 CHF``."""
    sign = _SIGNS.get(currency or "")
    shown = _short(format(amount, _places(amount, currency)))
    if sign is None:
        return f"{shown} {currency}" if currency else shown
    return f"-{sign}{shown[1:]}" if shown.startswith("-") else f"{sign}{shown}"


def _places(amount: Decimal, currency: str | None) -> str:
    # Only what changes no value: 12500.00 won are 12,500, 12.5 dollars are 12.50.
    exponent = amount.as_tuple().exponent
    if currency in _WITHOUT_CENTS and amount == amount.to_integral_value():
        return ",.0f"
    has_cents = currency in _SIGNS and currency not in _WITHOUT_CENTS
    return ",.2f" if has_cents and isinstance(exponent, int) and exponent > _TWO_PLACES else ",f"


def _payload(event: Event, order: Order | None) -> dict[str, object]:
    payload: dict[str, object] = {
        "type": event.type.value,
        "source": event.source,
        "order_id": event.order_id,
        "occurred_at": event.occurred_at,
        "receipt": event.receipt,
    }
    if order is not None:
        payload |= {
            "status": order.status.value,
            "store_id": order.store_id,
            "total": None if order.total is None else str(order.total),
            "currency": order.currency,
        }
    return payload


def _short(text: str) -> str:
    # One line, whatever a sender puts into an id: a message must not be able to look like two.
    line = text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="replace")
