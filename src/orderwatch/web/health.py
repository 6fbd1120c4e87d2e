"""Whether the server lives (``/healthz``) and whether it does its work (``/readyz``)."""

from datetime import timedelta
from typing import Protocol

import msgspec
from msgspec import Struct

from orderwatch.domain.errors import Unavailable
from orderwatch.domain.stats import Progress
from orderwatch.kit.clock import Clock
from orderwatch.web.asgi import HeaderList, Receive, Scope, Send, answer, refuse

MOST_BEHIND = timedelta(seconds=60)
_HEARTBEAT = timedelta(seconds=60)
_HEADERS: HeaderList = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))


class Probe(Protocol):
    """Tries the journal."""

    async def check(self) -> None:
        """Return when the journal can commit.

        Raises:
            Unavailable: it cannot.
        """
        ...


class ProgressSource(Protocol):
    """Knows how far the worker is behind."""

    async def read(self) -> Progress:
        """Return it.

        Raises:
            Unavailable: the store cannot be read.
        """
        ...


class Check(Struct, frozen=True, kw_only=True):
    """One thing that must be right."""

    ok: bool
    detail: str


class HealthApp:
    """An ASGI application for both. Open to anyone: it tells nothing but whether, and what is wrong with us."""

    def __init__(self, *, probe: Probe, progress: ProgressSource, clock: Clock, version: str) -> None:
        """Take what is asked. `/healthz` asks nothing at all."""
        self._probe = probe
        self._progress = progress
        self._clock = clock
        self._alive = msgspec.json.encode({"status": "ok", "version": version})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        del receive
        if scope["method"] not in {"GET", "HEAD"}:
            detail = "Health is read with GET."
            await refuse(send, 405, code="method_not_allowed", detail=detail, headers=[(b"allow", b"GET, HEAD")])
        elif scope["path"] == "/healthz":
            await answer(send, 200, self._alive, _HEADERS)
        else:
            checks = await self.checks()
            is_ready = all(check.ok for check in checks.values())
            body = {"status": "ready" if is_ready else "not_ready", "checks": checks}
            await answer(send, 200 if is_ready else 503, msgspec.json.encode(body), _HEADERS)

    async def checks(self) -> dict[str, Check]:
        """Return each thing that must be right, by name."""
        found = {"journal": await self._journal()}
        try:
            progress = await self._progress.read()
        except Unavailable as error:
            return found | {"worker": Check(ok=False, detail=error.message)}
        return found | {"worker": self._worker(progress), "backlog": _backlog(progress)}

    async def _journal(self) -> Check:
        try:
            await self._probe.check()
        except Unavailable as error:
            return Check(ok=False, detail=error.message)
        return Check(ok=True, detail="The journal can commit.")

    def _worker(self, progress: Progress) -> Check:
        if progress.worker_seen_at is None:
            return Check(ok=False, detail="The worker has not started yet.")
        silent = self._clock.now() - progress.worker_seen_at
        detail = f"The worker was last seen {max(silent.total_seconds(), 0):.0f} s ago."
        return Check(ok=silent < _HEARTBEAT, detail=detail)


def _backlog(progress: Progress) -> Check:
    detail = f"The oldest of about {progress.behind} unprocessed receipts waits for {progress.lag_seconds:.1f} s."
    return Check(
        ok=progress.lag_seconds < MOST_BEHIND.total_seconds(), detail=detail if progress.behind else "Nothing waits."
    )
