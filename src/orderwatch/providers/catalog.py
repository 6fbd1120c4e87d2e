"""Every provider, by the name that a source gives."""

from collections.abc import Mapping

from orderwatch.domain.providers import Provider
from orderwatch.providers.generic import GenericProvider
from orderwatch.providers.orderwatch import OrderwatchProvider
from orderwatch.providers.standard_webhooks import StandardWebhooksProvider

PROVIDERS: Mapping[str, Provider] = {
    "orderwatch": OrderwatchProvider(),
    "generic": GenericProvider(),
    "standard_webhooks": StandardWebhooksProvider(),
}
