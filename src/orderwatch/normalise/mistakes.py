"""What is wrong with a mapping, found before the first webhook is read by it."""

from collections.abc import Iterator

from orderwatch.domain.errors import BadMapping
from orderwatch.domain.sources import Mapping
from orderwatch.normalise.expressions import compile_expression
from orderwatch.normalise.fields import FIELDS, PARTS
from orderwatch.normalise.mapped import meaning


def mistakes(mapping: Mapping) -> Iterator[str]:
    """Yield what a receipt would be refused for, each with the key that it stands under."""
    for key in ("event_type", "order_id", "event_id", "events"):
        yield from _expression(f"mapping.{key}", getattr(mapping, key))
    for path, expression in mapping.fields.items():
        name, dot, part = path.partition(".")
        if name not in FIELDS or (dot and part not in PARTS.get(name, ())):
            yield f"mapping.fields: there is no field {path!r}."
        yield from _expression(f"mapping.fields.{path}", expression)
    for word in mapping.statuses:
        try:
            meaning(word, mapping.statuses)
        except BadMapping as fault:
            yield f"mapping.statuses: {fault.message}"


def _expression(key: str, text: str | None) -> Iterator[str]:
    if text is None:
        return
    try:
        compile_expression(text)
    except BadMapping as fault:
        yield f"{key}: {fault.message}"
