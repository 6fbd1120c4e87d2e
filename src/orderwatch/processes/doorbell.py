"""A doorbell between the receiver and the worker: one byte says "look at the store"; the end of it says "I am gone".

Nothing is told through it but that there is news, so a lost ring costs one polling interval and nothing more.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable

from orderwatch.kit.clock import Clock


class Doorbell:
    """One end of a connected pair of sockets."""

    def __init__(self, end: socket.socket, *, rung: Callable[[], None], gone: Callable[[], None]) -> None:
        """Take this process's end; `rung` and `gone` are called in the event loop."""
        self._socket = end
        self._socket.setblocking(False)  # noqa: FBT003  (the standard library's own signature)
        self.rung = rung
        self._gone = gone

    def listen(self) -> None:
        """Start to listen in the running loop."""
        asyncio.get_running_loop().add_reader(self._socket, self._read)

    def ring(self) -> None:
        """Wake the other side. Never waits: a full socket means that it has been rung already."""
        with contextlib.suppress(BlockingIOError, OSError):
            self._socket.send(b"!")

    def close(self) -> None:
        """Stop listening and close this end."""
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()

    def _read(self) -> None:
        try:
            heard = self._socket.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            heard = b""
        if heard:
            self.rung()
        else:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._gone()


class Wakeup:
    """Lets one task wait for news, or for a while, whichever comes first."""

    def __init__(self, clock: Clock) -> None:
        """Take the clock that measures the while."""
        self._clock = clock
        self._news = asyncio.Event()

    def set(self) -> None:
        """Say that there is news."""
        self._news.set()

    async def wait(self, seconds: float) -> None:
        """Return at once if there was news since the last wait, else on news or after `seconds`."""
        if not self._news.is_set():
            news, nap = asyncio.ensure_future(self._news.wait()), asyncio.ensure_future(self._clock.sleep(seconds))
            try:
                await asyncio.wait((news, nap), return_when=asyncio.FIRST_COMPLETED)
            finally:
                news.cancel()
                nap.cancel()
        self._news.clear()
