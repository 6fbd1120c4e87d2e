"""Keeps Apprise's connections to the open internet.

Apprise resolves names and connects by itself, a hundred times over in as many plugins, so what it is about to connect
to is looked at where all of them end: in the interpreter's own audit events, of the very address that is used.
https://docs.python.org/3/library/audit_events.html
"""

import errno
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import cast

from orderwatch.channels.guard import is_public

_EVENTS = frozenset({"socket.connect", "socket.sendto"})
_refused: ContextVar[list[str] | None] = ContextVar("refused", default=None)


@contextmanager
def only_public() -> Generator[list[str]]:
    """Refuse connections from here to what is not public; yields a list that gets the refused addresses.

    Holds in this context: in this thread, and in those that Apprise runs with a copy of it.
    """
    _install()
    refused: list[str] = []
    token = _refused.set(refused)
    try:
        yield refused
    finally:
        _refused.reset(token)


@cache
def _install() -> None:
    # It cannot be taken away again, so it is there once, and only where it is wanted.
    sys.addaudithook(_look)


def _look(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _EVENTS:
        return
    refused = _refused.get()
    # Plugins with threads of their own start them without a context.
    if refused is None and not threading.current_thread().name.startswith("apprise"):
        return
    # A tuple that begins with the host; a path where it is a socket of this machine.
    address = cast("tuple[object, ...] | str", arguments[1])
    host = str(address[0]) if isinstance(address, tuple) else str(address)
    if not is_public(host):
        if refused is not None:
            refused.append(host)
        raise PermissionError(errno.EACCES, f"{host} is not a public address")
