"""Orderwatch's own format, which is the tutorial's: ``event_type``, ``order_id`` and optional canonical fields."""

from orderwatch.providers.orderwatch.identify import identify
from orderwatch.providers.orderwatch.read import read


class OrderwatchProvider:
    """Speaks Orderwatch's own format."""

    identify = staticmethod(identify)
    read = staticmethod(read)
