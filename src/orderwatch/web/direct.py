"""The plain webhook, as nearly all are, taken without a task of its own: signed, of a known source, whole at once.

Whatever else there is about a request (a refusal, a handshake, a compressed or slow body, another method) is left to
`web.intake`, which judges it from the start. So this way has no rules of its own, and takes nothing that the other
would not. It costs half the processor time (ADR 14).
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from orderwatch.domain.errors import OrderwatchError, Unavailable
from orderwatch.domain.receipts import Ack, Submission
from orderwatch.domain.sources import Source
from orderwatch.intake.accept import Intake, Request
from orderwatch.intake.headers import Headers
from orderwatch.intake.ports import IntakeMetrics, Sources
from orderwatch.kit.clock import Clock
from orderwatch.web.asgi import HeaderList
from orderwatch.web.intake import DEFAULT_SOURCE, Limits, check_open, outcome_of, success, unavailable

Reply = Callable[[int, HeaderList, bytes], None]
"""Writes a whole response: status, headers and body. Never raises."""
_PREFIX = b"/in/"


class Enqueuer(Protocol):
    """Puts submissions into the journal."""

    def enqueue(self, submissions: Sequence[Submission], settle: Callable[[Sequence[Ack] | Unavailable], None]) -> None:
        """Tell `settle` once all of them are on disk, or why none is.

        Raises:
            Unavailable: they cannot be taken now; `settle` hears nothing.
        """
        ...


class DirectIntake:
    """Decides at once whether a request is plain; answers it when it is on disk."""

    def __init__(
        self,
        *,
        intake: Intake,
        sources: Sources,
        writer: Enqueuer,
        metrics: IntakeMetrics,
        limits: Limits,
        clock: Clock,
    ) -> None:
        """Take what decides, what writes and what counts."""
        self._intake = intake
        self._sources = sources
        self._writer = writer
        self._metrics = metrics
        self._limits = limits
        self._clock = clock

    def take(self, target: bytes, headers: HeaderList, body: bytes, reply: Reply) -> bool:
        """Take a whole POST and answer it by `reply` later; or return False, and it is as if nobody had asked."""
        name = _source_name(target)
        source = self._sources.source(name) if name else None
        if source is None or not self._posts(source) or len(body) > self._limits.max_body_bytes:
            return False
        began = self._clock.monotonic()
        found = Headers(headers)
        if found.get("content-encoding") is not None:
            return False
        request = Request(
            method="POST",
            path=target.decode("latin-1"),
            headers=found,
            body=body,
            received_at=self._clock.now(),
        )
        try:
            check_open(source, self._limits)
            if self._intake.greet(source, request) is not None:
                return False
            submissions = self._intake.accept(source, request)
            self._writer.enqueue(submissions, partial(self._settle, source, began, reply))
        except OrderwatchError:
            return False
        return True

    def _posts(self, source: Source) -> bool:
        door = self._intake.door(source)
        return (door is None or "POST" in door.methods) and not self._intake.needs_keys(source)

    def _settle(self, source: Source, began: float, reply: Reply, outcome: Sequence[Ack] | Unavailable) -> None:
        if isinstance(outcome, Unavailable):
            reply(*unavailable(outcome))
            self._metrics.received(source.name, outcome.code, self._clock.monotonic() - began)
            return
        reply(*success(source, outcome, self._intake.door(source)))
        self._metrics.received(source.name, outcome_of(outcome), self._clock.monotonic() - began)


def _source_name(target: bytes) -> str:
    """Return the source of a request target in plain origin form, else nothing."""
    if b"%" in target or b"#" in target or target.endswith(b"?"):
        return ""
    path = target.partition(b"?")[0]
    if path == b"/webhook":
        return DEFAULT_SOURCE
    return path[len(_PREFIX) :].partition(b"/")[0].decode("latin-1") if path.startswith(_PREFIX) else ""
