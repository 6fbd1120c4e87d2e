"""The words that senders use for what happened."""

import re
from functools import lru_cache

from orderwatch.domain.events import EventType

_NO_LETTER = re.compile(r"[\W_]+")


def _squeezed(word: str) -> str:
    """``ORDER CREATED``, ``order.created``, ``OrderCreated`` → ``ordercreated``."""
    return _NO_LETTER.sub("", word).casefold()


_BY_WORD = {
    **{_squeezed(kind): kind for kind in EventType},
    # An order's own steps are also known without the word "order" before them, as status fields have them.
    **{_squeezed(kind.removeprefix("order.")): kind for kind in EventType if kind.startswith("order.")},
    "canceled": EventType.ORDER_CANCELLED,
    "ordercanceled": EventType.ORDER_CANCELLED,
    "updated": EventType.ORDER_MODIFIED,
    "orderupdated": EventType.ORDER_MODIFIED,
    "orderpickup": EventType.ORDER_PICKED_UP,
    "heartbeat": EventType.SOURCE_HEARTBEAT,
    "etaupdated": EventType.ETA_CHANGED,
}


# A memo of a pure function; bounded, for the words come from outside.
@lru_cache(maxsize=1024)
def event_type(word: str) -> EventType:
    """Return the canonical type that `word` means, in any case and with any separators; else UNKNOWN.

    A reversed domain name before it, as CloudEvents have it (``com.example.order.created``), is passed over.
    """
    found = _BY_WORD.get(_squeezed(word))
    if found is None:
        found = _BY_WORD.get(_squeezed("".join(word.rsplit(".", 2)[-2:])))
    return found or EventType.UNKNOWN
