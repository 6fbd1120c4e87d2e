"""What a sample payload holds, and the mapping that is proposed for it."""

from typing import Any, Literal, TypeAlias

from msgspec import Struct

from orderwatch.domain.sources import Mapping

Shape: TypeAlias = Literal["object", "list", "text", "number", "boolean", "null"]


class SampleField(Struct, frozen=True, kw_only=True):
    """One key or entry of the sample, in the sample's order; its parts follow it, one deeper."""

    path: str
    """JMESPath from where an event begins."""
    name: str
    depth: int
    shape: Shape
    value: str | None
    """What stands there, cut short; None for objects and lists."""
    size: int = 0
    """How many parts an object or list has."""


class Reason(Struct, frozen=True, kw_only=True):
    """Why a place is taken for a field: its key's name, what stands around it, or its value."""

    code: Literal["name", "parent", "value"]
    about: str
    """The key, or what the value looks like: ``time status number currency latitude longitude items pair``."""


class ProposedField(Struct, frozen=True, kw_only=True):
    """One field of the event: where it probably is, and why."""

    field: str
    """``event_type``, ``order_id``, ``event_id`` or a canonical field such as ``courier.lat``."""
    path: str
    reasons: tuple[Reason, ...]
    is_sure: bool
    """Its name and its value both say so."""


class Proposal(Struct, frozen=True, kw_only=True):
    """A mapping to begin with."""

    mapping: Mapping
    proposed: tuple[ProposedField, ...]
    missing: tuple[str, ...]
    """Of ``event_type`` and ``order_id``, what was not found: no event can be read without."""
    fields: tuple[SampleField, ...]


class Previewed(Struct, frozen=True, kw_only=True):
    """What a mapping makes of a sample."""

    events: tuple[dict[str, Any], ...] = ()
    """Canonical events, without what belongs to the receipt."""
    problem: str | None = None
    """Why there is none."""
