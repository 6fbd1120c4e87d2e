"""What each source was seen to say: its words for what happened, and the keys that no field of an event has taken."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from orderwatch.domain.events import Event, EventType
from orderwatch.domain.health import MOST_WORDS
from orderwatch.kit.clock import to_micros
from orderwatch.storage.state_writer import insert_for
from orderwatch.storage.tables.state import source_words

_LONGEST = 100
_UNKNOWN = EventType.UNKNOWN.value
_DEPTH = 2
"""How deep keys are looked at: ``shop.code``."""

Word: TypeAlias = tuple[str, str, str]
"""Source, kind, word."""
Seen: TypeAlias = Mapping[Word, tuple[str, Event]]
"""Each with its meaning, and the event that said it."""


class SeenWords:
    """Writes each word once. What it knows is kept in memory, so that a word that is known costs a look."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._known: dict[Word, str] | None = None
        self._counts: dict[str, int] = {}

    async def note(self, connection: AsyncConnection, events: Iterable[Event]) -> Seen:
        """Write what is new, and return it: to be remembered once the transaction is committed."""
        if self._known is None:
            self._known = {}
            for source, kind, word, meaning in await connection.execute(
                select(source_words.c.source, source_words.c.kind, source_words.c.word, source_words.c.meaning)
            ):
                self._learn((source, kind, word), meaning)
        fresh = self._fresh(events, self._known)
        if fresh:
            statement = insert_for(connection)(source_words)
            again = statement.on_conflict_do_update(
                index_elements=["source", "kind", "word"], set_={"meaning": statement.excluded.meaning}
            )
            await connection.execute(again, [_row(word, *said) for word, said in sorted(fresh.items(), key=_first)])
        return fresh

    def remember(self, seen: Seen) -> None:
        """Know from now on what was written."""
        for word, (meaning, _event) in seen.items():
            self._learn(word, meaning)

    def _fresh(self, events: Iterable[Event], known: Mapping[Word, str]) -> dict[Word, tuple[str, Event]]:
        fresh: dict[Word, tuple[str, Event]] = {}
        for event in events:
            source = event.source
            for kind, text, meaning in _said(event):
                word = source, kind, text
                # A word may mean several things, by what stands beside it: the first that is known counts.
                if word in fresh or known.get(word, _UNKNOWN) != _UNKNOWN or known.get(word) == meaning:
                    continue
                # A sender that makes up keys must not fill the disk.
                if word in known or self._counts.get(source, 0) + len(fresh) < MOST_WORDS:
                    fresh[word] = meaning, event
        return fresh

    def _learn(self, word: Word, meaning: str) -> None:
        known = self._known if self._known is not None else {}
        if word not in known:
            self._counts[word[0]] = self._counts.get(word[0], 0) + 1
        known[word] = meaning


def _said(event: Event) -> Iterator[tuple[str, str, str]]:
    if event.raw_type and len(event.raw_type) <= _LONGEST:
        yield "event", event.raw_type, event.type.value
    if event.data:
        for path in _paths(event.data, _DEPTH):
            yield "field", path, ""


def _paths(data: Mapping[str, Any], depth: int) -> Iterator[str]:
    for key, value in data.items():
        # A key of digits is an id, and no name of anything.
        if len(key) > _LONGEST // 2 or key.isdigit() or "\0" in key:
            continue
        if depth > 1 and isinstance(value, dict) and value:
            yield from (f"{key}.{path}" for path in _paths(cast("dict[str, Any]", value), depth - 1))
        else:
            yield key


def _row(word: Word, meaning: str, event: Event) -> dict[str, Any]:
    source, kind, text = word
    return {
        "source": source,
        "kind": kind,
        "word": text,
        "meaning": meaning,
        "first_at": to_micros(event.received_at),
        "receipt": event.receipt,
    }


def _first(item: tuple[Word, object]) -> Word:
    return item[0]
