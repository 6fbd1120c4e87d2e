"""Serves the built page. Any path that is no file of it gets its index: the page does its own routing."""

import asyncio
import gzip
from mimetypes import guess_type
from pathlib import Path

from msgspec import Struct
from starlette.datastructures import Headers

from orderwatch.web.asgi import HeaderList, Receive, Scope, Send, answer, refuse

FOLDER = Path(__file__).with_name("page")
_ASSETS = "assets/"
_FOREVER = b"public, max-age=31536000, immutable"  # Their names change with their content.
_ASK_EACH_TIME = b"no-cache"
_SMALLEST_GZIP = 1000
_TEXT = ("text/", "application/javascript", "application/json", "image/svg+xml")

NOT_BUILT = """Orderwatch is running, but its page was not built.

  make page        builds it in a checkout; reload this page then
  pip install .    builds it into the package

The API, webhooks and the live stream work without it: /openapi.json

화면이 아직 빌드되지 않았습니다. 소스 폴더에서 make page 를 실행한 뒤 새로 고침하세요.
"""


class File(Struct, frozen=True, kw_only=True):
    """A file of the page, ready to be sent."""

    stamp: tuple[int, int]
    """Time of change and size: another one means that it must be read anew."""
    media: bytes
    body: bytes
    zipped: bytes | None

    @property
    def tag(self) -> bytes:
        """Return its ETag."""
        return b'"%x-%x"' % self.stamp


class PageApp:
    """An ASGI application over a folder of built files. Reads each once, and again only when it has changed."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Take the folder, which need not exist yet."""
        self._folder = folder
        self._read: dict[Path, File] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        del receive  # A GET has no body that matters.
        if scope["method"] not in {"GET", "HEAD"}:
            detail = "There is only a page here, and the API under /api/v1."
            await refuse(send, 405, code="method_not_allowed", detail=detail, headers=[(b"allow", b"GET, HEAD")])
            return
        wanted = scope["path"].lstrip("/")
        file = await asyncio.to_thread(self._find, wanted)
        if file is None and wanted.startswith(_ASSETS):
            await refuse(send, 404, code="not_found", detail="The page has no such file; reload it.")
            return
        index = file or await asyncio.to_thread(self._find, "index.html")
        if index is None:
            plain = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
            await answer(send, 503, NOT_BUILT.encode(), plain)
            return
        await _send(index, scope, send, is_asset=file is not None and wanted.startswith(_ASSETS))

    def _find(self, wanted: str) -> File | None:
        try:
            path = (self._folder / wanted).resolve()
            inside = path.is_relative_to(self._folder.resolve()) and path.is_file()
        except (ValueError, OSError):  # A NUL, or a name too long for the file system.
            return None
        return self._load(path) if inside else None

    def _load(self, path: Path) -> File:
        status = path.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        known = self._read.get(path)
        if known is None or known.stamp != stamp:
            known = self._read[path] = _prepare(path, stamp)
        return known


def _prepare(path: Path, stamp: tuple[int, int]) -> File:
    body = path.read_bytes()
    media = guess_type(path.name)[0] or "application/octet-stream"
    is_text = media.startswith(_TEXT)
    zipped = gzip.compress(body, mtime=0) if is_text and len(body) >= _SMALLEST_GZIP else None
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    return File(stamp=stamp, media=f"{media}{charset}".encode(), body=body, zipped=zipped)


async def _send(file: File, scope: Scope, send: Send, *, is_asset: bool) -> None:
    headers = Headers(raw=scope["headers"])
    sent: list[tuple[bytes, bytes]] = [
        (b"content-type", file.media),
        (b"cache-control", _FOREVER if is_asset else _ASK_EACH_TIME),
        (b"etag", file.tag),
        (b"vary", b"accept-encoding"),
    ]
    if headers.get("if-none-match") == file.tag.decode():
        await _send_headers(send, 304, sent)
        return
    body = file.body
    if file.zipped is not None and "gzip" in headers.get("accept-encoding", ""):
        sent.append((b"content-encoding", b"gzip"))
        body = file.zipped
    if scope["method"] == "HEAD":
        await _send_headers(send, 200, [*sent, (b"content-length", b"%d" % len(body))])
    else:
        await answer(send, 200, body, sent)


async def _send_headers(send: Send, status: int, headers: HeaderList) -> None:
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": b""})
