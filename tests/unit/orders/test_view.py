import json
from datetime import UTC, datetime
from decimal import Decimal

from orderwatch.domain.events import Courier, Item
from orderwatch.domain.orders import Order
from orderwatch.orders.fold import add_duplicates, view
from orderwatch.orders.timeline import timeline
from orderwatch.orders.view import render, render_entry
from tests.order_events import event, order_of, state_of


def test_an_order_is_the_json_of_the_contract():
    created = event(
        "created",
        occurred_at=datetime(2026, 11, 24, 18, 41, 10, tzinfo=UTC),
        promised_at=datetime(2026, 11, 24, 19, 29, 0, 250_000, tzinfo=UTC),
        store_id="s1",
        items=(Item(name="Bibim bowl", quantity=Decimal(2), price=Decimal("11.20")), Item(name="Tea")),
        total=Decimal("27.40"),
        currency="GBP",
    )
    assigned = event(
        "courier.assigned",
        occurred_at=datetime(2026, 11, 24, 18, 50, tzinfo=UTC),
        courier=Courier(id="c9", lat=51.529, lon=-0.0771),
    )

    shown = json.loads(render(view(add_duplicates(state_of([created, assigned]), 2), source="shop", order_id="A/1 🍕")))

    assert shown == {
        "source": "shop",
        "order_id": "A/1 🍕",
        "status": "created",
        "status_since": "2026-11-24T18:41:10Z",
        "store_id": "s1",
        "region": None,
        "placed_at": "2026-11-24T18:41:10Z",
        "promised_at": "2026-11-24T19:29:00.250000Z",
        "eta": None,
        "courier": {"id": "c9", "lat": 51.529, "lon": -0.0771},
        "courier_seen_at": "2026-11-24T18:50:00Z",
        "customer": None,
        "total": "27.40",
        "currency": "GBP",
        "items": [{"name": "Bibim bowl", "quantity": "2", "price": "11.20"}, {"name": "Tea"}],
        "reason": None,
        "milestones": {"created": "2026-11-24T18:41:10Z", "courier.assigned": "2026-11-24T18:50:00Z"},
        "flags": [],
        "duplicates": 2,
        "last_event_at": "2026-11-24T18:50:00Z",
    }


def test_every_field_stands_there_even_when_nothing_is_known():
    assert list(json.loads(render(order_of(event("unknown"))))) == list(Order.__struct_fields__)


def test_an_entry_leaves_out_what_is_empty():
    plain, odd = timeline(
        [event("created", 0, raw_type="NEW"), event("ready", 1, faults=("bad_total",), data={"n": 1.5}, conflict=True)]
    )

    assert set(json.loads(render_entry(plain))) == {
        *("type", "raw_type", "occurred_at", "received_at", "receipt", "changes")
    }
    shown = json.loads(render_entry(odd))
    assert (shown["conflict"], shown["faults"], shown["data"], shown["changes"]) == (
        True,
        ["bad_total"],
        {"n": 1.5},
        {},
    )
