"""The worker's side of a handler host: starts it, calls it, and notices when it is gone."""

import asyncio
import contextlib
import signal
import socket
import sys
from asyncio.subprocess import Process

from orderwatch.domain.errors import BadSettings, OrderwatchError
from orderwatch.handlers.frames import Answer, Call, Ready, frame, read_frame

LOAD_SECONDS = 30.0
_EXIT_SECONDS = 1.0


class HostGone(OrderwatchError):
    """The host ended before it answered. `on_purpose`: we ended it, because of another call than this one."""

    code = "handler_host_gone"

    def __init__(self, message: str, *, on_purpose: bool = False) -> None:
        """Take what is known of its end."""
        super().__init__(message)
        self.on_purpose = on_purpose


class HostClient:
    """One running host."""

    def __init__(
        self, process: Process, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ready: Ready
    ) -> None:
        """Take a host that said `ready`; see `start_host`."""
        self._process = process
        self._reader = reader
        self._writer = writer
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._stopped = False
        self._listener = asyncio.create_task(self._listen())
        self.names_by_type = ready.names_by_type

    @property
    def is_alive(self) -> bool:
        """Say whether it still listens."""
        return not self._stopped and not self._listener.done()

    async def call(self, call: Call) -> Answer:
        """Run a handler and return its answer.

        Raises:
            HostGone: the host ended meanwhile.
        """
        if not self.is_alive:
            raise HostGone("The process of the handlers has ended.", on_purpose=True)
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[call.id] = future
        try:
            # When it is gone, the listener says so, and knows more.
            with contextlib.suppress(ConnectionError):
                self._writer.write(frame(call))
                await self._writer.drain()
            return await future
        finally:
            self._waiting.pop(call.id, None)

    async def stop(self) -> None:
        """End the host at once; what it was doing counts as not done."""
        self._stopped = True
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await asyncio.shield(self._listener)

    async def _listen(self) -> None:
        while (answer := await read_frame(self._reader, Answer)) is not None:
            future = self._waiting.get(answer.id)
            if future is not None and not future.done():
                future.set_result(answer)
        self._writer.close()
        how = await _end(self._process)
        for future in self._waiting.values():
            if not future.done():
                gone = HostGone(f"The process of the handlers ended while this ran ({how}).", on_purpose=self._stopped)
                future.set_exception(gone)


async def start_host(spec: str) -> HostClient:
    """Start a host for ``module:name`` in the working folder.

    Raises:
        BadSettings: the user's module cannot be loaded; the message ends with what it raised.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-u",
            "-X",
            "faulthandler",
            "-m",
            "orderwatch.handlers.host",
            str(theirs.fileno()),
            spec,
            stdin=asyncio.subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
    reader, writer = await asyncio.open_unix_connection(sock=ours)
    try:
        async with asyncio.timeout(LOAD_SECONDS):
            ready = await read_frame(reader, Ready)
    except TimeoutError:
        ready = Ready({}, error=f"it was not imported within {LOAD_SECONDS:g} s")
    except asyncio.CancelledError:
        writer.close()
        await _end(process)
        raise
    if ready is None or ready.error is not None:
        writer.close()
        how = await _end(process)
        said = ready.error if ready and ready.error else f"its process ended at once ({how})"
        raise BadSettings([f"the handlers “{spec}” cannot be loaded:\n{said.strip()}"])
    return HostClient(process, reader, writer, ready)


async def load_handlers(spec: str) -> dict[str, list[str]]:
    """Return the names of the handlers in ``module:name`` by event type, ``*`` as a type of its own.

    The user's module is imported in a process of its own, which is ended at once.

    Raises:
        BadSettings: it cannot be loaded; the message ends with what it raised.
    """
    host = await start_host(spec)
    await host.stop()
    return host.names_by_type


async def _end(process: Process) -> str:
    """Wait for a process that has hung up, end it if it stays, and say how it ended."""
    try:
        async with asyncio.timeout(_EXIT_SECONDS):
            code = await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        code = await process.wait()
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
