"""What the processes say: lines for people on a terminal, JSON lines elsewhere. Never a payload, never a secret."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from orderwatch.kit.clock import Clock
from orderwatch.kit.printable import printable


def configure(log_format: str, clock: Clock) -> None:
    """Set up structlog, and the standard library's logging for the libraries that use it.

    `log_format` is ``console``, ``json`` or ``auto`` (console when standard error is a terminal).
    """
    console = log_format == "console" or (log_format == "auto" and sys.stderr.isatty())
    renderer = (
        # Its own choice of a traceback shows the values of variables, which are what people ordered, and our secrets.
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if console
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            _stamp(clock),
            structlog.processors.StackInfoRenderer(),
            structlog.dev.set_exc_info,
            *([_plain] if console else [structlog.processors.format_exc_info]),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")


def _plain(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    # Order ids and reasons come from outside; JSON writes what is unsafe in them as escapes by itself.
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = printable(value, lines=True)
    return event


def _stamp(clock: Clock) -> structlog.typing.Processor:
    def stamp(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event["time"] = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return event

    return stamp
