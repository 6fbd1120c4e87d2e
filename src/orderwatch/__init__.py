"""Orderwatch: the real-time monitor that a delivery business runs for itself.

The folders read as the journey of a webhook: ``intake`` → ``journal`` → ``normalise`` → ``orders`` → ``rules`` →
``alerts`` → ``notify`` → ``channels``, with ``live`` beside them. ARCHITECTURE.md tells the way of the data.
"""

__version__ = "0.1.0"

from orderwatch.handlers.registry import Handlers

__all__ = ["Handlers", "__version__"]
