"""Hides personal data: names, phone numbers, addresses, the exact place of a customer."""

from collections.abc import Callable, Mapping
from typing import Any, cast

import msgspec
from msgspec import Raw

_COARSE = 2
"""Decimals of a degree that are left of a customer's place: about a kilometre."""
_PHONE_DIGITS = 2

_decode_raw = msgspec.json.Decoder(dict[str, Raw]).decode
_encode = msgspec.json.encode


def mask_name(name: str) -> str:
    """Return the first letter of each word: ``K… P…``."""
    return " ".join(f"{word[0]}…" for word in name.split()) or "…"


def mask_phone(phone: str) -> str:
    """Return the last two characters: ``…47``."""
    return f"…{phone[-_PHONE_DIGITS:]}" if len(phone) > 2 * _PHONE_DIGITS else "…"


def _hide(_value: object) -> str:
    return "…"


def _coarsen(degrees: float) -> float:
    return round(degrees, _COARSE)


_PERSON: Mapping[str, Callable[[Any], Any]] = {"name": mask_name, "phone": mask_phone}
_MASKS: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    "courier": _PERSON,
    "customer": {**_PERSON, "address": _hide, "lat": _coarsen, "lon": _coarsen},
}


def mask_view(view: bytes) -> bytes:
    """Return an order's JSON with personal data masked and ``"masked": true``; as it is where there are none."""
    if b'"courier":null' in view and b'"customer":null' in view:
        return view
    fields = _decode_raw(view)
    changed = False
    for role, masks in _MASKS.items():
        person = msgspec.json.decode(fields.get(role, b"null"))
        if person and masks.keys() & person.keys():
            fields[role] = Raw(_encode(mask_person(person, role)))
            changed = True
    return _encode(fields | {"masked": Raw(b"true")}) if changed else view


def mask_person(person: Mapping[str, Any], role: str) -> dict[str, Any]:
    """Return what may be shown of a ``courier`` or ``customer``."""
    masks = _MASKS[role]
    return {key: masks[key](value) if key in masks and value is not None else value for key, value in person.items()}


def mask_changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a timeline's changes, masked; keys are fields (``courier``) or their parts (``courier.name``)."""
    return {key: _mask_change(key, change) for key, change in changes.items()}


def _mask_change(key: str, change: Any) -> Any:  # noqa: ANN401  (JSON)
    role, _, part = key.partition(".")
    if role not in _MASKS or not isinstance(change, list | tuple):
        return change
    return [_mask_side(role, part, side) for side in cast("list[Any]", change)]


def _mask_side(role: str, part: str, side: Any) -> Any:  # noqa: ANN401  (JSON)
    if side is None:
        return None
    if not part:
        return mask_person(cast("dict[str, Any]", side), role) if isinstance(side, dict) else _hide(side)
    mask = _MASKS[role].get(part)
    return mask(side) if mask else side
