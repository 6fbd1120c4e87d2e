"""An order's state is a pure function of the set of its distinct events."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from orderwatch.domain.events import Event, EventType
from orderwatch.orders.fold import add_duplicates, decode, encode, fold, merge, view
from orderwatch.orders.timeline import timeline
from orderwatch.orders.view import render
from tests.order_events import distinct_events, state_of


def shown(state):
    return render(view(state, source="shop", order_id="A-1"))


@given(distinct_events(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_bytes_and_the_same_order(events, random):
    shuffled = random.sample(events, len(events))

    assert encode(state_of(shuffled)) == encode(state_of(events))
    assert shown(state_of(shuffled)) == shown(state_of(events))


@given(distinct_events(), st.data())
def test_any_event_folded_again_at_any_time_changes_nothing(events, data):
    again = events + data.draw(st.lists(st.sampled_from(events), max_size=12))

    assert encode(state_of(data.draw(st.permutations(again)))) == encode(state_of(events))


@given(distinct_events(), st.data())
def test_any_split_into_batches_gives_the_same_however_they_overlap(events, data):
    chosen = data.draw(st.lists(st.sets(st.integers(0, 3), min_size=1), min_size=len(events), max_size=len(events)))
    batches = [[one for one, where in zip(events, chosen, strict=True) if n in where] for n in range(4)]
    states = data.draw(st.permutations([state_of(batch) for batch in batches if batch]))

    joined = states[0]
    for state in states[1:]:
        joined = merge(joined, state)

    assert encode(joined) == encode(state_of(events))


@given(distinct_events(), st.data())
def test_merging_is_associative_commutative_and_idempotent(events, data):
    some = st.lists(st.sampled_from(events), min_size=1).map(state_of)
    a, b, c = data.draw(some), data.draw(some), data.draw(some)

    assert merge(a, merge(b, c)) == merge(merge(a, b), c)
    assert encode(merge(a, b)) == encode(merge(b, a))
    assert merge(a, a) == a


@given(distinct_events())
def test_a_state_kept_after_every_event_is_the_state_of_all_of_them(events):
    kept: bytes | None = None
    for one in events:
        kept = encode(fold(None if kept is None else decode(kept), one))

    assert kept is not None
    assert kept == encode(state_of(events))
    assert decode(kept) == state_of(events)
    assert shown(decode(kept)) == shown(state_of(events))


@given(distinct_events())
def test_events_read_back_from_the_store_give_the_same_state(events):
    again = [msgspec.json.decode(msgspec.json.encode(one), type=Event) for one in events]

    assert encode(state_of(again)) == encode(state_of(events))


@given(distinct_events(), st.lists(st.integers(0, 5)))
def test_duplicates_are_counted_and_change_nothing_else(events, counts):
    state = state_of(events)
    counted = state
    for n in counts:
        counted = add_duplicates(counted, n)

    order = view(counted, source="shop", order_id="A-1")

    assert order.duplicates == sum(counts)
    assert msgspec.structs.replace(order, duplicates=0) == view(state, source="shop", order_id="A-1")


@given(distinct_events())
def test_conflicts_and_events_of_the_store_only_flag(events):
    shaping = [one for one in events if not one.conflict and not one.type.startswith(("store.", "source."))]
    if not shaping:
        return
    order = view(state_of(events), source="shop", order_id="A-1")
    without = view(state_of(shaping), source="shop", order_id="A-1")

    assert [flag for flag in order.flags if flag != "conflict"] == list(without.flags)
    assert msgspec.structs.replace(order, flags=()) == msgspec.structs.replace(without, flags=())
    assert ("conflict" in order.flags) == any(one.conflict for one in events)


@given(distinct_events(kinds=[kind for kind in EventType if not kind.startswith(("store.", "source."))]))
def test_the_timeline_ends_where_the_order_is(events):
    order = view(state_of(events), source="shop", order_id="A-1")

    entries = timeline(events)

    assert len(entries) == len(events)
    assert [e.occurred_at for e in entries] == sorted(e.occurred_at for e in entries)
    last = {name: change[1] for entry in entries for name, change in entry.changes.items() if name != "items"}
    plain = msgspec.to_builtins(order)
    if all(one.conflict for one in events):
        assert last == {}
    else:
        assert last["status"] == order.status
        for name in ("store_id", "region", "eta", "promised_at", "courier", "customer", "total", "currency", "reason"):
            # 12.5 after 12.50 is no change, though it is written differently.
            if name != "total":
                assert last.get(name) == plain[name]
