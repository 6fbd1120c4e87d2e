from decimal import Decimal

from orderwatch.domain.events import Courier, Item
from orderwatch.orders.timeline import timeline
from tests.order_events import at, event


def test_each_event_says_what_it_changed():
    created = event("created", 0, total=Decimal("12.50"), currency="KRW")
    modified = event("modified", 1, total=Decimal("15.00"))
    assigned = event("courier.assigned", 2, courier=Courier(id="c1", name="Lee"))
    delayed = event("eta.changed", 3, eta=at(40))
    cancelled = event("cancelled", 4, reason="rain")

    entries = timeline([cancelled, delayed, assigned, modified, created])

    assert [(entry.type, entry.changes) for entry in entries] == [
        ("order.created", {"status": [None, "created"], "total": [None, "12.50"], "currency": [None, "KRW"]}),
        ("order.modified", {"total": ["12.50", "15.00"]}),
        ("courier.assigned", {"courier": [None, {"id": "c1", "name": "Lee"}]}),
        ("eta.changed", {"eta": [None, "2026-11-24T12:40:30Z"]}),
        ("order.cancelled", {"status": ["created", "cancelled"], "reason": [None, "rain"]}),
    ]


def test_items_say_what_was_added_removed_and_changed():
    before = (
        Item(name="Rice", quantity=Decimal(2), price=Decimal(3)),
        Item(name="Tea"),
        Item(name="Old name", id="x"),
        Item(name="Spoon"),
        Item(name="Spoon"),
    )
    after = (
        Item(name="Rice", quantity=Decimal(3), price=Decimal(3)),
        Item(name="Cake", price=Decimal("4.50")),
        Item(name="New name", id="x"),
        Item(name="Spoon"),
    )

    changes = timeline([event("created", 0, items=before), event("modified", 1, items=after)])[1].changes

    assert changes == {
        "items": {
            "added": [{"name": "Cake", "price": "4.50"}],
            "removed": [{"name": "Tea"}, {"name": "Spoon"}],
            "changed": [
                {"name": "Rice", "quantity": ["2", "3"]},
                {"name": "New name", "renamed": ["Old name", "New name"]},
            ],
        }
    }


def test_an_event_that_says_nothing_new_changed_nothing():
    assert timeline([event("created", 0, region="a"), event("modified", 1, region="a")])[1].changes == {}


def test_a_conflict_is_shown_at_its_time_and_changes_nothing():
    entries = timeline([event("created", 0), event("cancelled", 1, conflict=True), event("accepted", 2)])

    assert [(entry.conflict, list(entry.changes)) for entry in entries] == [
        (False, ["status"]),
        (True, []),
        (False, ["status"]),
    ]


def test_no_events_make_no_timeline():
    assert timeline([]) == []
