import pytest

from orderwatch.domain.events import EventType
from orderwatch.normalise.words import event_type


@pytest.mark.parametrize("kind", list(EventType))
def test_every_type_is_known_by_its_usual_spellings(kind):
    camel = "".join(part.capitalize() for part in kind.replace(".", "_").split("_"))

    for word in (kind.value, kind.replace(".", "_"), kind.replace("_", " ").replace(".", " ").upper(), camel):
        assert event_type(word) is kind


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("ORDER CREATED", EventType.ORDER_CREATED),
        ("order_canceled", EventType.ORDER_CANCELLED),
        ("CANCELED", EventType.ORDER_CANCELLED),
        ("delivered", EventType.ORDER_DELIVERED),
        ("Picked-Up", EventType.ORDER_PICKED_UP),
        ("com.example.order.created", EventType.ORDER_CREATED),
        ("com.example.order.picked_up", EventType.ORDER_PICKED_UP),
    ],
)
def test_common_spellings_are_understood(word, kind):
    assert event_type(word) is kind


@pytest.mark.parametrize(
    "word", ["", "draft_order.created", "x.draft_order.created", "주문", "order", "created_at", "🍕"]
)
def test_other_words_are_unknown(word):
    assert event_type(word) is EventType.UNKNOWN
