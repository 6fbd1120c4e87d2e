"""Payloads and headers as Standard Webhooks 1.0.0 has them."""

from orderwatch.providers.standard_webhooks.identify import identify
from orderwatch.providers.standard_webhooks.read import read


class StandardWebhooksProvider:
    """Speaks Standard Webhooks."""

    identify = staticmethod(identify)
    read = staticmethod(read)
