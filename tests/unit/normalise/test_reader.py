import pytest

from orderwatch.domain.errors import BadMapping, Unreadable
from orderwatch.domain.events import EventType
from orderwatch.domain.sources import Source
from orderwatch.normalise.reader import Reader
from orderwatch.providers.catalog import PROVIDERS
from tests.receipts import TUTORIAL, read, receipt


def test_each_receipt_is_read_by_its_own_sources_provider():
    shop = Source(name="shop", provider="orderwatch")
    hooks = Source(name="hooks", provider="standard_webhooks")
    reader = Reader(sources={"shop": shop, "hooks": hooks}, providers=PROVIDERS)

    (plain,) = reader.read(receipt(TUTORIAL))
    (standard,) = reader.read(receipt({"type": "order.ready", "data": {"order_id": "A-1"}}, source="hooks"))

    assert (plain.source, plain.type) == ("shop", EventType.ORDER_CREATED)
    assert (standard.source, standard.type) == ("hooks", EventType.ORDER_READY)


def test_sources_may_come_and_change_while_it_is_in_use():
    sources: dict[str, Source] = {}
    reader = Reader(sources=sources, providers=PROVIDERS)
    with pytest.raises(BadMapping, match="no source"):
        reader.read(receipt(TUTORIAL))

    sources["shop"] = Source(name="shop", provider="orderwatch")

    assert len(reader.read(receipt(TUTORIAL))) == 1


def test_a_provider_that_is_not_there_is_named():
    with pytest.raises(BadMapping, match="pigeon"):
        read(TUTORIAL, source=Source(name="shop", provider="pigeon"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1, 2]",
        b"\xff\xfe\x00",
        b'"text"',
        b"null",
        b"{}",
        b'{"event_type": "order_created"}',
        b'{"order_id": "A-1"}',
        b'{"event_type": "", "order_id": "A-1"}',
        b'{"event_type": {"a": 1}, "order_id": "A-1"}',
        b'{"event_type": "order_created", "order_id": ["A-1"]}',
        b'{"event_type": "order_created", "order_id": "\\ud800"}',
        b'{"event_type": "no such word"}',
        b"[" * 100_000,
        b'{"event_type": "order_created", "order_id": 1, "x": ' + b"[" * 500 + b"]" * 500 + b"}",
        b"1" * 100_000,
    ],
)
def test_what_no_event_can_be_made_of_is_unreadable(body):
    with pytest.raises(Unreadable):
        read(body)


def test_a_number_beyond_all_measure_is_a_text_and_a_fault():
    (event,) = read(b'{"event_type": "order_created", "order_id": 1, "total": 1e99999999999999999999, "n": 1e-5000}')

    assert event.faults == ("bad_total",)
    assert event.data == {"total": "1e99999999999999999999", "n": "1e-5000"}
