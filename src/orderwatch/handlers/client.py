"""The worker's side of a handler host: starts it, calls it, and notices when it is gone."""

import asyncio
import contextlib
import socket
import sys
from asyncio.subprocess import Process

from orderwatch.domain.errors import BadSettings, OrderwatchError
from orderwatch.handlers.frames import Answer, Call, Ready, frame, read_frame


class HostGone(OrderwatchError):
    """The host ended before it answered: the code crashed it, or took too long."""

    code = "handler_host_gone"


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
        self._listener = asyncio.create_task(self._listen())
        self.names_by_type = ready.names_by_type

    @property
    def is_alive(self) -> bool:
        """Say whether it still listens."""
        return not self._listener.done()

    async def call(self, call: Call) -> Answer:
        """Run a handler and return its answer.

        Raises:
            HostGone: the host ended meanwhile.
        """
        if not self.is_alive:
            raise HostGone("The process of the handlers has ended.")
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[call.id] = future
        try:
            self._writer.write(frame(call))
            await self._writer.drain()
            return await future
        except ConnectionError as error:
            raise HostGone("The process of the handlers has ended.") from error
        finally:
            self._waiting.pop(call.id, None)

    async def stop(self) -> None:
        """End the host at once; what it was doing counts as not done."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        self._writer.close()
        await self._listener

    async def _listen(self) -> None:
        while (answer := await read_frame(self._reader, Answer)) is not None:
            future = self._waiting.get(answer.id)
            if future is not None and not future.done():
                future.set_result(answer)
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(HostGone("The process of the handlers ended while this ran."))


async def start_host(spec: str) -> HostClient:
    """Start a host for ``module:name`` in the working folder.

    Raises:
        BadSettings: the user's module cannot be loaded; the message ends with what it raised.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "orderwatch.handlers.host",
            str(theirs.fileno()),
            spec,
            stdin=asyncio.subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
    reader, writer = await asyncio.open_unix_connection(sock=ours)
    ready = await read_frame(reader, Ready)
    if ready is None or ready.error is not None:
        writer.close()
        await process.wait()
        told = ready.error if ready and ready.error else "its process ended at once"
        raise BadSettings([f"the handlers “{spec}” cannot be loaded:\n{told.strip()}"])
    return HostClient(process, reader, writer, ready)
