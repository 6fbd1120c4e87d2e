"""The process that the user's code runs in: ``python -m orderwatch.handlers.host SOCKET module:name``.

It holds no data. Whatever the code does to it (crash, hang, eat the processor), the worker goes on and starts another.
"""

import asyncio
import importlib
import inspect
import os
import socket
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor

from orderwatch.handlers.frames import Answer, Call, Note, Ready, frame, read_frame
from orderwatch.handlers.registry import Handlers, arguments_for

_THREADS = 8
_ERROR_LINES = 12
_LONGEST_ERROR = 4000


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


class Host:
    """Answers calls, several at a time: async functions in the loop, others in threads."""

    def __init__(self, handlers: Handlers, writer: asyncio.StreamWriter) -> None:
        """Take the user's handlers and the way back to the worker."""
        self._handlers = handlers
        self._writer = writer
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="handler")
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, call: Call) -> None:
        """Run a call beside those that run."""
        task = asyncio.create_task(self._answer(call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, call: Call) -> None:
        notes: list[Note] = []
        try:
            await self._run(call, notes)
            answer = Answer(id=call.id, notes=notes)
        except BaseException as error:  # noqa: BLE001  (SystemExit too: it is the handler's fault, not ours)
            lines = traceback.format_exception(error)[-_ERROR_LINES:]
            answer = Answer(id=call.id, error="".join(lines)[-_LONGEST_ERROR:])
        self._writer.write(frame(answer))
        await self._writer.drain()

    async def _run(self, call: Call, notes: list[Note]) -> None:
        function = self._handlers.function(call.handler)

        def notify(text: str, *, title: str | None = None, channel: str | None = None) -> None:
            notes.append(Note(text=str(text), title=title, channel=channel))

        arguments = arguments_for(function, {"event": call.event, "order": call.order, "notify": notify})
        if inspect.iscoroutinefunction(function):
            await function(**arguments)
        else:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._threads, lambda: function(**arguments))


async def serve(end: socket.socket, spec: str) -> None:
    """Load the handlers, say what there is, and answer calls until the worker is gone."""
    reader, writer = await asyncio.open_unix_connection(sock=end)
    try:
        handlers = load(spec)
    except BaseException as error:  # noqa: BLE001  (the user's module may raise anything)
        told = "".join(traceback.format_exception(error)[-_ERROR_LINES:])
        writer.write(frame(Ready({}, error=told[-_LONGEST_ERROR:])))
        await writer.drain()
        return
    writer.write(frame(Ready(handlers.names_by_type)))
    await writer.drain()
    host = Host(handlers, writer)
    while (call := await read_frame(reader, Call)) is not None:
        host.begin(call)


if __name__ == "__main__":
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2]))
    # A handler that hangs in a thread must not keep the process: the worker is gone, or has no use for it.
    os._exit(0)
