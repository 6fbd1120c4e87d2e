"""Whatever comes, a provider reads it or says that it cannot; nothing else may happen."""

import json
from datetime import UTC
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwatch.domain.errors import BadMapping, Unreadable
from orderwatch.domain.events import Event
from orderwatch.domain.sources import Mapping, Source
from orderwatch.normalise.fields import FIELDS
from orderwatch.providers.catalog import PROVIDERS
from tests.receipts import receipt

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["order_created", "A-1", "2026-11-24T11:59:00Z", "12.50", "NaN", "1e999", "9" * 300, 10**25, -1e-300]
    )
)
ANY = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4))
PARTS = st.dictionaries(
    st.sampled_from(["id", "name", "phone", "lat", "lon", "address", "quantity", "price", "x"]), LEAVES, max_size=6
)
FIELD = ANY | PARTS | st.lists(PARTS | LEAVES, max_size=4)
BODIES = st.dictionaries(
    st.sampled_from(["event_type", "order_id", "type", "timestamp", "data", "event_id", "batch", *FIELDS]) | st.text(),
    FIELD | st.dictionaries(st.sampled_from(["order_id", "event_type", *FIELDS]), FIELD, max_size=8),
    max_size=12,
)
LIKELY = BODIES.map(lambda body: {"event_type": "order_created", "order_id": "A-1", "type": "order.created", **body})
SOURCES = [
    Source(name="shop", provider="orderwatch", time_zone="Asia/Seoul", currency="KRW"),
    Source(name="shop", provider="standard_webhooks"),
    Source(name="shop", provider="generic"),
    Source(
        name="shop",
        mapping=Mapping(
            events="batch || [@]",
            fields={"total": "sum(items[].price)", "courier.id": "to_string(data)", "eta": "data.eta"},
            statuses={"new": "order.created"},
        ),
    ),
]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: f"{source.provider}-{bool(source.mapping.events)}")
@given(body=ANY | BODIES | LIKELY)
def test_any_json_becomes_sound_events_or_is_refused(source, body):
    given_receipt = receipt(json.dumps(body).replace("NaN", "0").replace("Infinity", "1e308").encode())

    try:
        events = PROVIDERS[source.provider].read(source, given_receipt)
    except (BadMapping, Unreadable):
        return

    assert events
    for event in events:
        assert event.occurred_at.tzinfo is UTC
        assert event.total is None or (isinstance(event.total, Decimal) and event.total.is_finite())
        assert "\0" not in (event.order_id or "") + (event.store_id or "") + (event.region or "")
        # What the store keeps of it is the same when it is read back.
        kept = msgspec.json.encode(event)
        assert msgspec.json.encode(msgspec.json.decode(kept, type=Event)) == kept


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: f"{source.provider}-{bool(source.mapping.events)}")
@given(body=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(source, body):
    try:
        PROVIDERS[source.provider].read(source, receipt(body))
    except (BadMapping, Unreadable):
        return
