"""The process that the user's code runs in: ``python -m orderwatch.handlers.host SOCKET module:name``.

It holds no data. Whatever the code does to it (crash, hang, eat the processor), the worker goes on and starts another.
"""

import asyncio
import concurrent.futures.thread
import importlib
import inspect
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from orderwatch.handlers.frames import Answer, Call, Note, Ready, frame, read_frame, readable
from orderwatch.handlers.registry import Handlers, arguments_for

_THREADS = 64
"""More than the worker lets run at a time, so that a handler never waits for another's thread."""
_NOT_THEIRS = ("<frozen importlib", importlib.__file__, concurrent.futures.thread.__file__)
_ERROR_LINES = 12
_LONGEST_ERROR = 4000
_MOST_NOTES = 100
_LONGEST_TEXT = 4000
_LONGEST_NAME = 100
"""Of a channel. Longer than any that can be registered, so that none is meant that was not named."""


def load(spec: str) -> Handlers:
    """Import ``module:name`` from the working folder or the environment.

    Raises:
        Exception: whatever the user's module raises, and ValueError, AttributeError, TypeError for a wrong `spec`.
    """
    module_name, separator, name = spec.partition(":")
    if not separator or not module_name or not name:
        raise ValueError(f"--handlers takes module:name, such as shop:handlers, and not “{spec}”.")
    sys.path.insert(0, os.getcwd())  # noqa: PTH109  (a string is what it takes)
    found = getattr(importlib.import_module(module_name), name)
    if not isinstance(found, Handlers):
        raise TypeError(f"{spec} is a {type(found).__name__}; it must be a Handlers object.")
    return found


class Notes:
    """What a handler wants told: its `notify` argument."""

    def __init__(self) -> None:
        """Begin empty."""
        self.taken: list[Note] = []

    def __call__(self, text: object, *, title: str | None = None, channel: str | None = None) -> None:
        """Queue a notification; it goes out when the handler has ended well."""
        words = readable(str(text))[:_LONGEST_TEXT]
        if not words.strip():
            raise ValueError("notify() needs a text.")
        if len(self.taken) == _MOST_NOTES:
            raise ValueError(f"One run may tell {_MOST_NOTES} things at most.")
        heading = None if title is None else readable(str(title))[:_LONGEST_TEXT]
        name = None if channel is None else readable(str(channel))[:_LONGEST_NAME]
        self.taken.append(Note(text=words, title=heading, channel=name))


class Host:
    """Answers calls, several at a time: each plain function in a thread, all async ones in one loop of their own.

    None of them runs in the loop that listens to the worker: code that never gives way must not keep this process
    from noticing that the worker is gone.
    """

    def __init__(self, handlers: Handlers, writer: asyncio.StreamWriter) -> None:
        """Take the user's handlers and the way back to the worker."""
        self._handlers = handlers
        self._writer = writer
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="handler")
        self._user_loop = asyncio.new_event_loop()
        threading.Thread(target=self._user_loop.run_forever, name="async-handlers", daemon=True).start()
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, call: Call) -> None:
        """Run a call beside those that run."""
        task = asyncio.create_task(self._answer(call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, call: Call) -> None:
        notes = Notes()
        try:
            await self._run(call, notes)
            answer = Answer(id=call.id, notes=notes.taken)
        except BaseException as error:  # noqa: BLE001  (SystemExit too: it is the handler's fault, not ours)
            answer = Answer(id=call.id, error=told(error))
        self._writer.write(frame(answer))
        await self._writer.drain()

    async def _run(self, call: Call, notes: Notes) -> None:
        function = self._handlers.function(call.handler)
        arguments = arguments_for(function, {"event": call.event, "order": call.order, "notify": notes})
        if inspect.iscoroutinefunction(function):
            await self._in_user_loop(function(**arguments))
            return
        loop = asyncio.get_running_loop()
        result = await loop.run_in_executor(self._threads, lambda: function(**arguments))
        if inspect.isawaitable(result):
            await self._in_user_loop(result)

    async def _in_user_loop(self, awaitable: Awaitable[Any]) -> None:
        async def wait() -> None:
            await awaitable

        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(wait(), self._user_loop))


def told(error: BaseException) -> str:
    """Return the end of an error's traceback, which is where it says what happened, as far as it is the user's code."""
    report = traceback.TracebackException.from_exception(error)
    report.stack = traceback.StackSummary.from_list([place for place in report.stack if not _is_ours(place.filename)])
    lines = "".join(report.format()).splitlines()[-_ERROR_LINES:]
    return readable("\n".join(lines))[-_LONGEST_ERROR:]


def _is_ours(filename: str) -> bool:
    return filename == __file__ or filename.startswith(_NOT_THEIRS)


async def serve(end: socket.socket, spec: str) -> None:
    """Load the handlers, say what there is, and answer calls until the worker is gone."""
    reader, writer = await asyncio.open_unix_connection(sock=end)
    try:
        handlers = load(spec)
    except BaseException as error:  # noqa: BLE001  (the user's module may raise anything)
        writer.write(frame(Ready({}, error=told(error))))
        await writer.drain()
        return
    host = Host(handlers, writer)
    writer.write(frame(Ready(handlers.names_by_type)))
    await writer.drain()
    while (call := await read_frame(reader, Call)) is not None:
        host.begin(call)


if __name__ == "__main__":
    # Ctrl-C reaches the whole group; the worker says when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2]))
    # A handler that hangs in a thread must not keep the process: the worker is gone, or has no use for it.
    os._exit(0)
