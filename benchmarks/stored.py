"""A journal that already holds a million receipts, made without the server so that it is quick."""

import asyncio
import hashlib
import itertools
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks import webhooks
from orderwatch.domain.keys import event_key
from orderwatch.domain.receipts import Submission
from orderwatch.storage.engines import open_engines
from orderwatch.storage.schema import prepare
from orderwatch.storage.sqlite.journal import SqliteJournal

GROUP = 1000


def fill(data: Path, count: int) -> None:
    """Append `count` receipts to the journal in `data`."""
    asyncio.run(_fill(data, count))


async def _fill(data: Path, count: int) -> None:
    engines = open_engines(data, None)
    await prepare(engines)
    await engines.dispose()
    journal = SqliteJournal(data / "journal.sqlite")
    bodies = itertools.islice(webhooks.bodies("old"), count)
    number = 0
    while group := list(itertools.islice(bodies, GROUP)):
        submissions = [_submission(f"old-{number + k}", body) for k, body in enumerate(group)]
        await journal.append(partial(list, submissions))
        number += len(group)
    await journal.close()


def _submission(event_id: str, body: bytes) -> Submission:
    return Submission(
        source="bench",
        key=event_key("bench", event_id),
        event_id=event_id,
        digest=hashlib.sha256(body).digest(),
        body=body,
        headers=b"{}",
        path="/in/bench",
        received_at=datetime.now(UTC),
    )
