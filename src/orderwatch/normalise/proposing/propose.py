"""The proposal itself: every place is weighed for every field, and the heaviest pairs are taken."""

from collections.abc import Iterator, Sequence
from typing import cast

from msgspec import Struct

from orderwatch.domain.proposals import Proposal, ProposedField, Reason
from orderwatch.domain.sources import Mapping
from orderwatch.normalise.bodies import Json
from orderwatch.normalise.expressions import search
from orderwatch.normalise.proposing.looks import CAN_BE, LOOKS
from orderwatch.normalise.proposing.meanings import guess_meaning, is_known
from orderwatch.normalise.proposing.names import ITEM_PARTS, LON_FIRST, OWN, PAIRS, PARTIES, PARTS, squeeze
from orderwatch.normalise.proposing.tree import Place, as_field, key_path, places_of
from orderwatch.normalise.values import read_id

_NAME, _PARENT, _VALUE = 3.0, 2.5, 1.0
_LATER = 0.01
"""What each place further down a list of names costs."""
_DEEPER = 0.05
_NEEDED = ("event_type", "order_id")
_SPECIAL = frozenset({*_NEEDED, "event_id"})
_ANYWHERE = frozenset({"promised_at", "eta", "region", "reason", "items", "currency"})
_A_PLACE = 2
_POLE = 90


class _Weighed(Struct, frozen=True):
    weight: float
    field: str
    place: Place
    reasons: tuple[Reason, ...]


def propose(sample: Json) -> Proposal:
    """Return a mapping for bodies like `sample`, with reasons; whatever it is, there is a proposal."""
    events, entry = _first_event(sample)
    places = places_of(entry)
    chosen = _choose([*_weigh_all(places), *_pairs(places)])
    proposed = [
        ProposedField(
            field=one.field,
            path=_items_path(one.place) if one.field == "items" else one.place.path,
            reasons=one.reasons,
            is_sure=len(one.reasons) > 1,
        )
        for one in sorted(chosen, key=lambda one: list(OWN).index(one.field))
    ]
    paths = {one.field: one.path for one in proposed}
    return Proposal(
        mapping=_mapping(paths, entry, events),
        proposed=tuple(proposed),
        missing=tuple(name for name in _NEEDED if name not in paths),
        fields=tuple(as_field(place) for place in places),
    )


def _first_event(sample: Json) -> tuple[str | None, Json]:
    """Return where the list of events is, if there is one, and the first event."""
    if isinstance(sample, list):
        return "@", _first_object(cast("list[Json]", sample))
    if not isinstance(sample, dict):
        return None, {}
    body = cast("dict[str, Json]", sample)
    if any(one.field == "order_id" for one in _choose(_weigh_all(_scalars(places_of(body))))):
        return None, body
    for key, value in body.items():
        entry = _first_object(cast("list[Json]", value)) if isinstance(value, list) else {}
        if {one.field for one in _choose(_weigh_all(places_of(entry)))}.issuperset(_NEEDED):
            return key_path("", key), entry
    return None, body


def _first_object(entries: list[Json]) -> dict[str, Json]:
    for entry in entries:
        if isinstance(entry, dict):
            return cast("dict[str, Json]", entry)
    return {}


def _scalars(places: Sequence[Place]) -> list[Place]:
    """Leave out what lies within lists."""
    return [place for place in places if "[" not in place.path]


def _weigh_all(places: Sequence[Place]) -> Iterator[_Weighed]:
    for place in places:
        if place.name.startswith("["):
            continue
        for field in OWN:
            weighed = _weigh(field, place)
            if weighed is not None:
                yield weighed


def _weigh(field: str, place: Place) -> _Weighed | None:
    # What lies in a list belongs to its entry, and not to the event.
    if "[" in place.path or _is_anothers(field, place) or not CAN_BE[field](place.value):
        return None
    own = squeeze(place.name)
    reasons: list[Reason] = []
    weight = 0.0
    if own in OWN[field]:
        weight = _NAME - _LATER * OWN[field].index(own)
        reasons.append(Reason(code="name", about=place.name))
    parents, names = PARTS.get(field, ((), ()))
    around = [name for name in place.names[:-1] if squeeze(name) in parents]
    if around and own in names:
        by_parent = _PARENT - _LATER * names.index(own) + (_NAME - _PARENT) / 2
        if by_parent > weight:
            weight, reasons = by_parent, []
        reasons.append(Reason(code="parent", about=f"{around[-1]}.{place.name}"))
    if not reasons:
        return None
    look, looks = LOOKS.get(field, ("", None))
    if looks is not None and looks(place.value):
        weight += _VALUE
        reasons.append(Reason(code="value", about=look))
    return _Weighed(weight - _DEEPER * place.depth, field, place, tuple(reasons))


def _is_anothers(field: str, place: Place) -> bool:
    """Say whether a place lies within the courier, customer or store that `field` is not of."""
    if field in _ANYWHERE:
        return False
    mine = "store" if field == "store_id" else field.partition(".")[0]
    around = {squeeze(name) for name in place.names[:-1]}
    return any(party != mine and around & names for party, names in PARTIES.items())


def _pairs(places: Sequence[Place]) -> Iterator[_Weighed]:
    """Find a place that stands as two numbers in a list, in either order."""
    for place in places:
        value = cast("list[Json]", place.value) if isinstance(place.value, list) else []
        if len(value) != _A_PLACE or squeeze(place.name) not in PAIRS:
            continue
        if not all(CAN_BE["courier.lon"](number) for number in value):
            continue
        who = _whose(place)
        if who is None:
            continue
        lon_first = abs(float(value[0])) > _POLE or (abs(float(value[1])) <= _POLE and squeeze(place.name) in LON_FIRST)
        for part, number in (("lat", int(lon_first)), ("lon", int(not lon_first))):
            entry = Place(f"{place.path}[{number}]", place.names, value[number], place.depth, place.name)
            reasons = (Reason(code="name", about=place.name), Reason(code="value", about="pair"))
            yield _Weighed(_NAME, f"{who}.{part}", entry, reasons)


def _whose(place: Place) -> str | None:
    around = {squeeze(name) for name in place.names}
    return next((who for who in ("courier", "customer") if around & PARTIES[who]), None)


def _choose(weighed: Iterator[_Weighed] | Sequence[_Weighed]) -> list[_Weighed]:
    """Take the heaviest; each field and each place once."""
    chosen: list[_Weighed] = []
    fields: set[str] = set()
    paths: set[str] = set()
    for one in sorted(weighed, key=lambda one: (-one.weight, one.place.path)):
        if one.field in fields or one.place.path in paths:
            continue
        chosen.append(one)
        fields.add(one.field)
        paths.add(one.place.path)
    if "order_id" not in fields:
        chosen = _id_for_order(chosen)
    return chosen


def _id_for_order(chosen: list[_Weighed]) -> list[_Weighed]:
    """Where nothing is called the order's id, a plain ``id`` is that of the order rather than of the message."""
    return [
        _Weighed(one.weight, "order_id", one.place, one.reasons)
        if one.field == "event_id" and squeeze(one.place.name) in {"id", "uuid"}
        else one
        for one in chosen
    ]


def _items_path(place: Place) -> str:
    """Return the expression of the list, its entries' keys renamed where they are called otherwise."""
    first = cast("dict[str, Json]", place.value[0])
    names: dict[str, str] = {}
    for part, known in ITEM_PARTS.items():
        key = min(
            (key for key in first if squeeze(key) in known), key=lambda key: known.index(squeeze(key)), default=None
        )
        if key is not None:
            names[part] = key_path("", key)
    if all(part == key for part, key in names.items()):
        return place.path
    return f"{place.path}[].{{{', '.join(f'{part}: {key}' for part, key in names.items())}}}"


def _mapping(paths: dict[str, str], entry: Json, events: str | None) -> Mapping:
    usual = Mapping()
    type_path = paths.get("event_type", usual.event_type)
    return Mapping(
        event_type=type_path,
        order_id=paths.get("order_id", usual.order_id),
        event_id=paths.get("event_id"),
        # A field that is called as we call it needs no path.
        fields={field: path for field, path in paths.items() if field not in _SPECIAL and field != path},
        statuses=_statuses(search(type_path, entry)),
        events=events,
    )


def _statuses(word: Json) -> dict[str, str]:
    try:
        text = read_id(word) if word is not None else None
    except ValueError:
        return {}
    if text is None or is_known(text):
        return {}
    meaning = guess_meaning(text)
    return {text: meaning.value} if meaning else {}
