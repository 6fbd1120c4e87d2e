"""A real HTTP server on this machine that keeps what it is sent, for tests of what we send."""

import asyncio
from contextlib import asynccontextmanager


class Listener:
    """Answers each request with the next of `answers` (status and headers), the last one for ever."""

    def __init__(self, *answers):
        self.answers = list(answers) or [(200, {})]
        self.requests = []
        self.url = ""

    async def _answer(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        line, *fields = head.decode("latin-1").strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.requests.append((line, headers, body))
        status, extra = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        told = "".join(f"{name}: {value}\r\n" for name, value in extra.items())
        writer.write(f"HTTP/1.1 {status} X\r\n{told}content-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def listening(*answers, tls=None):
    """Run a listener on a free port of the loopback."""
    listener = Listener(*answers)
    server = await asyncio.start_server(listener._answer, "127.0.0.1", 0, ssl=tls)
    listener.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield listener
