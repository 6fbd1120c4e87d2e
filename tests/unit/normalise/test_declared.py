"""Expressions of a provider's file that stumble over what came."""

from orderwatch.domain.presets import Case, Reading
from orderwatch.domain.sources import Source
from orderwatch.normalise.declared import DeclaredReader
from orderwatch.normalise.where import Ground
from tests.preset_cases import headers_of
from tests.receipts import receipt

READING = Reading(
    type="what",
    order_id="order",
    dedupe=("order", "max(times)"),
    fields={"occurred_at": "max(times)"},
    types={"baked": "order.ready"},
)
STUMBLING = Case(when="length(note) > `3`", means="order.cancelled")


def ground(**body):
    return Ground(body, body, headers_of({}), "/in/shop")


def test_what_tells_events_apart_counts_where_it_can_be_had_and_else_the_body_does():
    reader = DeclaredReader(READING)

    assert reader.event_id(ground(what="baked", order="1", times=["2026-11-24T12:00:00Z"])) is not None
    assert reader.event_id(ground(what="baked", order="1", times=["a", 1])) is None
    assert reader.event_id(ground(what="baked", order="1")) is None


def test_a_case_whose_condition_cannot_take_the_body_does_not_fit():
    reader = DeclaredReader(READING, [STUMBLING])
    source, came = Source(name="shop", provider="bakery"), receipt(b"{}")

    (fits,) = reader.read(ground(what="baked", order="1", note="burnt"), source=source, receipt=came)
    (stumbles,) = reader.read(ground(what="baked", order="1", note=7), source=source, receipt=came)

    assert fits.type == "order.cancelled"
    assert stumbles.type == "order.ready"


def test_a_field_that_cannot_be_found_is_a_fault_and_the_rest_is_understood():
    reader = DeclaredReader(READING)

    (event,) = reader.read(
        ground(what="baked", order="1", times=["a", 1]), source=Source(name="shop"), receipt=receipt(b"{}")
    )

    assert (event.type, event.order_id, event.faults) == ("order.ready", "1", ("bad_occurred_at",))
