"""What a platform's words mean, by the tables of its ``provider.toml``."""

from collections.abc import Mapping
from fnmatch import fnmatchcase

from orderwatch.domain.errors import BadMapping
from orderwatch.domain.events import EventType
from orderwatch.normalise.words import event_type


class Words:
    """A table of words, compared without regard to case; ``*`` in one stands for anything."""

    def __init__(self, table: Mapping[str, str]) -> None:
        """Take word → canonical event type.

        Raises:
            BadMapping: a meaning is no event type.
        """
        meanings = {word.casefold(): known(meant) for word, meant in table.items()}
        self._exact = {word: kind for word, kind in meanings.items() if "*" not in word}
        self._patterns = [(word, kind) for word, kind in meanings.items() if "*" in word]

    def get(self, word: str | None) -> EventType | None:
        """Return what `word` means; None where the table does not say."""
        if word is None:
            return None
        folded = word.casefold()
        found = self._exact.get(folded)
        if found is None and self._patterns:
            found = next((kind for pattern, kind in self._patterns if fnmatchcase(folded, pattern)), None)
        return found


def known(meant: str) -> EventType:
    """Return the event type that is called `meant`.

    Raises:
        BadMapping: there is none.
    """
    kind = event_type(meant)
    if kind is EventType.UNKNOWN and meant.casefold() != EventType.UNKNOWN:
        raise BadMapping(f"“{meant}” is no event type.")
    return kind
