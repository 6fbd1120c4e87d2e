"""What follows from one run of a handler. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from orderwatch.domain.notifications import Draft, Message
from orderwatch.handlers.frames import Note
from orderwatch.handlers.ports import Done, Failed, Run
from orderwatch.kit.backoff import backoff

MOST_TRIES = 8
_FIRST_WAIT = timedelta(seconds=1)
_LONGEST_WAIT = timedelta(minutes=10)
_LONGEST_TITLE = 120
_CRASH = "The process of the handlers ended"


def done(run: Run, notes: Sequence[Note], default_channels: Sequence[str]) -> Done:
    """Return what a run that went well leaves: what it wants told, to each channel once, however often it is run."""
    drafts = [
        Draft(
            cause=f"handler:{run.handler}:{run.event.key}:{number}",
            channel=channel,
            route=None,
            message=_message(run, note),
            source=run.event.source,
            order_id=run.event.order_id,
        )
        for number, note in enumerate(notes)
        for channel in ([note.channel] if note.channel else default_channels)
    ]
    return Done(id=run.id, drafts=drafts)


def failed(run: Run, error: str, *, now: datetime, jitter: Random) -> Failed:
    """Return what a run that failed leaves: another try, or, after the last one, a dead run."""
    tries = run.tries + 1
    wait = backoff(tries, base=_FIRST_WAIT, cap=_LONGEST_WAIT, jitter=jitter)
    return Failed(id=run.id, tries=tries, error=error, due=now + wait if tries < MOST_TRIES else None)


def again(run: Run, *, at: datetime) -> Failed:
    """Return what a run leaves that could not be judged: it does not count as a try."""
    return Failed(id=run.id, tries=run.tries, error=run.last_error, due=at)


def gone(run: Run) -> Failed:
    """Return what a run leaves whose handler is no more: it is laid aside at once, to be seen."""
    error = f"There is no handler called “{run.handler}” any more."
    return Failed(id=run.id, tries=run.tries, error=error, due=None)


def is_suspect(run: Run) -> bool:
    """Say whether the run may be what ended its process the last time."""
    return (run.last_error or "").startswith(_CRASH)


def _message(run: Run, note: Note) -> Message:
    title = note.title or note.text.strip().splitlines()[0][:_LONGEST_TITLE]
    payload = {
        "type": "handler.note",
        "handler": run.handler,
        "event": run.event.type.value,
        "source": run.event.source,
        "order_id": run.event.order_id,
        "receipt": run.event.receipt,
    }
    return Message(title=title, text=note.text, payload=payload)
