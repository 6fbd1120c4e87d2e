"""A worker's parts over a real store, driven step by step, for tests."""

import json
from datetime import timedelta

from orderwatch.domain.keys import body_key, digest_of, event_key
from orderwatch.domain.notifications import Channel, Route
from orderwatch.domain.receipts import Submission
from orderwatch.domain.sources import Source
from orderwatch.normalise.reader import Reader
from orderwatch.notify.routes import Router
from orderwatch.pipeline import Pipeline
from orderwatch.processes.follower import Follower
from orderwatch.providers.catalog import PROVIDERS
from orderwatch.storage.handler_runs import HandlerRunStore
from orderwatch.storage.outbox import OutboxStore
from orderwatch.storage.postgres.journal import PostgresJournal
from orderwatch.storage.reading.receipts import ReceiptReader
from orderwatch.storage.sqlite.journal import SqliteJournal
from orderwatch.storage.state.state import StateStore
from orderwatch.storage.state_writer import StateWriter
from tests.set_clock import NOON, SetClock

LOG = Channel(name="log", kind="log")
NEW_ORDERS = Route(name="new-orders", event_types=("order.created",), channels=("log",))


class Working:
    """A journal, a state and what follows the one into the other."""

    def __init__(self, engines, tmp_path, *, handlers=()):
        self.engines = engines
        self.clock = SetClock()
        path = tmp_path / "journal.sqlite"
        self.journal = SqliteJournal(path) if engines.is_sqlite else PostgresJournal(engines.journal)
        self.writer = StateWriter(engines.state)
        self.outbox = OutboxStore(engines.state, self.writer)
        self.runs = HandlerRunStore(engines.state, self.writer, outbox=self.outbox)
        self.state = StateStore(engines.state, self.writer, outbox=self.outbox, runs=self.runs)
        self.sources = {"default": Source(name="default", provider="orderwatch")}
        self.routes, self.channels, self.handlers = [NEW_ORDERS], [LOG], handlers
        self.follower = Follower(
            journal=self.journal,
            receipts=ReceiptReader(engines.journal),
            state=self.state,
            pipeline=self.pipeline,
            clock=self.clock,
        )

    async def pipeline(self):
        router = Router(routes=self.routes, channels=self.channels, language="en", base_url="http://localhost")
        reader = Reader(sources=self.sources, providers=PROVIDERS)
        return Pipeline(read=reader.read, route=router.drafts, match=lambda _: self.handlers)

    async def receive(self, *bodies, source="default", replay_of=None, after=timedelta(0)):
        submissions = []
        for value in bodies:
            body = value if isinstance(value, bytes) else json.dumps(value).encode()
            digest = digest_of(body)
            event_id = value.get("event_id") if isinstance(value, dict) else None
            submissions.append(
                Submission(
                    source=source,
                    key=event_key(source, event_id) if event_id else body_key(source, digest),
                    event_id=event_id,
                    digest=digest,
                    body=body,
                    headers=b"{}",
                    received_at=NOON + after,
                    replay_of=replay_of,
                )
            )
        return await self.journal.append(lambda: submissions)

    async def catch_up(self):
        total = 0
        while count := await self.follower.step():
            total += count
        return total

    async def close(self):
        await self.journal.close()


def event(kind, order_id="A-1", **values):
    return {"event_type": kind, "order_id": order_id, **values}
