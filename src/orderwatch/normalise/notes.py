"""What could not be read as it was meant, gathered while a body is read."""

from collections.abc import Callable
from typing import TypeVar

from orderwatch.normalise.bodies import Json, plain

T = TypeVar("T")


class Notes:
    """Fault codes, and what is kept of a body because no canonical field holds it."""

    def __init__(self) -> None:
        """Begin with nothing noted."""
        self._faults: dict[str, None] = {}
        self.kept: dict[str, Json] = {}

    @property
    def faults(self) -> tuple[str, ...]:
        """Return the codes, each once, in the order they were met."""
        return tuple(self._faults)

    def fault(self, field: str) -> None:
        """Note that `field` was not as it should be."""
        self._faults["bad_time" if field == "occurred_at" else f"bad_{field}"] = None

    def keep(self, name: str, raw: Json) -> None:
        """Keep `raw` as it came, under its own name."""
        self.kept[name] = plain(raw)

    def refuse(self, field: str, raw: Json) -> None:
        """Note that `raw` cannot be what `field` should hold, and keep it."""
        self.fault(field)
        self.keep(field, raw)

    def attempt(self, field: str, read: Callable[[Json], T], raw: Json) -> T | None:
        """Return what `read` makes of `raw`, None where that is empty; where it raises ValueError, note the fault."""
        if raw is None or raw == "":
            return None
        try:
            return read(raw)
        except ValueError:
            self.fault(field)
            return None
