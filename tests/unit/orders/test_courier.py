from hypothesis import given

from orderwatch.domain.events import Courier, EventType
from orderwatch.orders.fold import encode
from orderwatch.orders.state import MAX_COURIERS
from tests.order_events import at, distinct_events, event, order_of, state_of

LEE = Courier(id="c1", name="Lee", phone="11", lat=51.0, lon=0.5)


def told(word, minutes, **fields):
    return event(f"courier.{word}" if "." not in word else word, minutes, courier=Courier(**fields))


def test_what_is_said_of_a_courier_adds_up():
    order = order_of(
        told("assigned", 1, id="c1", name="Lee"),
        told("at_pickup", 2, id="c1", phone="11"),
        told("location", 3, id="c1", lat=51.0, lon=0.5),
    )

    assert order.courier == LEE
    assert order.courier_seen_at == at(3)


def test_nothing_of_an_earlier_courier_is_shown_of_a_later_one():
    order = order_of(event("courier.assigned", 1, courier=LEE), told("assigned", 2, id="c2", name="Park"))

    assert order.courier == Courier(id="c2", name="Park")
    assert order.courier_seen_at is None


def test_one_who_comes_back_is_known_again():
    order = order_of(
        event("courier.assigned", 1, courier=LEE),
        told("assigned", 2, id="c2", name="Park"),
        told("assigned", 3, id="c1"),
    )

    assert order.courier == LEE


def test_unassigned_clears_the_courier():
    assigned = event("courier.assigned", 1, courier=LEE)

    assert order_of(assigned, event("courier.unassigned", 2)).courier is None
    assert order_of(assigned, told("unassigned", 2, id="c1", name="Lee")).courier is None
    assert order_of(assigned, event("courier.unassigned", 2)).courier_seen_at is None
    assert order_of(assigned, event("courier.unassigned", 0)).courier == LEE


def test_a_courier_who_was_replaced_before_being_unassigned_takes_nobody_away():
    order = order_of(
        event("courier.assigned", 1, courier=LEE), told("assigned", 2, id="c2"), told("unassigned", 3, id="c1")
    )

    assert order.courier == Courier(id="c2")


def test_when_the_later_one_goes_the_earlier_one_does_not_come_back():
    order = order_of(
        event("courier.assigned", 1, courier=LEE), told("assigned", 2, id="c2"), told("unassigned", 3, id="c2")
    )

    assert order.courier is None


def test_a_change_told_of_one_second_ends_with_the_new_courier():
    order = order_of(event("courier.assigned", 1, courier=LEE), told("unassigned", 2), told("assigned", 2, id="c2"))

    assert order.courier == Courier(id="c2")


def test_the_last_position_of_one_who_is_gone_gives_them_nothing_back():
    ping = told("location", 5, id="c1", lat=51.2, lon=0.6)
    assigned = event("courier.assigned", 1, courier=LEE)

    assert order_of(assigned, event("courier.unassigned", 4), ping).courier is None
    assert order_of(assigned, told("assigned", 4, id="c2"), ping).courier == Courier(id="c2")


def test_positions_alone_tell_who_carries_it():
    order = order_of(told("location", 1, id="c1", lat=51.0, lon=0.5), told("location", 2, id="c2", lat=52.0, lon=0.6))

    assert order.courier == Courier(id="c2", lat=52.0, lon=0.6)


def test_what_is_said_without_a_name_is_of_the_one_who_has_the_order():
    order = order_of(
        told("assigned", 1, id="c1", name="Lee"), told("location", 2, lat=51.0, lon=0.5), told("at_pickup", 3, id="c1")
    )

    assert order.courier == Courier(id="c1", name="Lee", lat=51.0, lon=0.5)


def test_what_was_said_without_a_name_stays_with_the_one_who_had_the_order_then():
    of_lee = [told("assigned", 1, id="c1"), told("location", 2, lat=51.0, lon=0.5)]

    assert order_of(*of_lee, told("assigned", 3, id="c2")).courier == Courier(id="c2")
    assert order_of(told("assigned", 0, id="c2"), *of_lee, told("assigned", 3, id="c2")).courier == Courier(id="c2")
    assert order_of(*of_lee, event("courier.unassigned", 3)).courier is None
    assert order_of(*of_lee, event("courier.unassigned", 3), told("assigned", 4, id="c1")).courier == Courier(id="c1")


def test_couriers_without_ids_follow_each_other_too():
    first = told("assigned", 1, name="Lee", phone="11", lat=51.0, lon=0.5)

    assert order_of(first, told("assigned", 2, name="Park")).courier == Courier(name="Park")
    assert order_of(event("courier.assigned", 1, courier=LEE), told("assigned", 2, name="Park")).courier == Courier(
        name="Park"
    )
    assert order_of(first, told("location", 2, lat=52.0, lon=0.5)).courier == Courier(
        name="Lee", phone="11", lat=52.0, lon=0.5
    )


def test_thousands_of_positions_leave_one_behind():
    pings = [told("location", n / 100, id="c1", lat=51.0 + n / 1e6, lon=0.5) for n in range(5000)]

    state = state_of([event("courier.assigned", 0, courier=LEE), *pings])

    assert len(encode(state)) < 600
    assert order_of(event("courier.assigned", 0, courier=LEE), *pings).courier_seen_at == at(49.99)


def test_couriers_without_number_take_no_room_without_end():
    crowd = [told("assigned", n, id=f"c{n:03}", name="x") for n in range(MAX_COURIERS * 4)]

    assert len(encode(state_of(crowd))) < 400
    assert encode(state_of(crowd)) == encode(state_of(reversed(crowd)))
    assert order_of(*crowd).courier == Courier(id=f"c{MAX_COURIERS * 4 - 1:03}")
    assert order_of(*crowd[:MAX_COURIERS]).courier == Courier(id=f"c{MAX_COURIERS - 1:03}", name="x")


@given(distinct_events(kinds=[kind for kind in EventType if kind.startswith("courier.") or kind == "order.picked_up"]))
def test_all_that_is_shown_of_a_courier_was_said_of_them_or_while_they_had_the_order(events):
    order = order_of(*events)
    told_of = [one for one in events if not one.conflict and one.courier is not None]
    if order.courier is None or order.courier.id is None:
        return
    naming = [
        one
        for one in told_of
        if one.courier.id and one.type not in (EventType.COURIER_LOCATION, EventType.COURIER_UNASSIGNED)
    ]
    for field in ("name", "phone", "lat"):
        value = getattr(order.courier, field)
        if value is None:
            continue
        sayers = [one for one in told_of if getattr(one.courier, field) == value]
        by_name = any(one.courier.id == order.courier.id for one in sayers)
        # Without a name: nobody else was named between the courier's own naming and the saying.
        in_their_turn = any(
            one.courier.id is None
            and (before := [n for n in naming if n.occurred_at <= one.occurred_at])
            and any(n.courier.id == order.courier.id for n in before if n.occurred_at == before_latest(before))
            for one in sayers
        )
        from_positions = not naming
        assert by_name or in_their_turn or from_positions


def before_latest(events):
    return max(one.occurred_at for one in events)
