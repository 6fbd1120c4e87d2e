"""The HTTP server: uvicorn with our limits, bound before anything else so that a taken port is told clearly."""

import asyncio
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

import uvicorn

from orderwatch.config import Settings
from orderwatch.domain.errors import BadSettings
from orderwatch.web.asgi import App

_GRACE_SECONDS = 4
_BACKLOG = 2048


def bind(settings: Settings) -> socket.socket:
    """Open the listening socket.

    Raises:
        BadSettings: the address is taken, or is none of this machine's.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        fault = (
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror}); "
            f"choose another with --port, or end what uses it (ss -ltnp 'sport = :{settings.port}')"
        )
        raise BadSettings([fault]) from error
    listener.listen(_BACKLOG)
    listener.setblocking(False)  # noqa: FBT003  (the standard library's own signature)
    return listener


class Server(uvicorn.Server):
    """Says at once when it is asked to end, so that open streams can be closed and not waited for."""

    def __init__(self, config: uvicorn.Config, *, ending: Callable[[], None]) -> None:
        """Take uvicorn's configuration; `ending` is called in the signal handler's turn of the loop."""
        super().__init__(config)
        self._ending = ending

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Take signals in the loop. uvicorn would raise them again at its end, before what was taken is on disk."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Note the signal; called by uvicorn."""
        super().handle_exit(sig, frame)
        self._ending()


def make_server(app: App, *, protocol: type | str, ending: Callable[[], None]) -> Server:
    """Return a server for `app`, ready to `serve(sockets=[…])`."""
    config = uvicorn.Config(
        app,  # pyright: ignore[reportArgumentType]  (its own spelling of ASGI)
        http=protocol,  # pyright: ignore[reportArgumentType]
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        backlog=_BACKLOG,
    )
    return Server(config, ending=ending)
