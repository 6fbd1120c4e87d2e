"""Reads a ``provider.toml``, strictly: a key that there is not is refused, with its file and the nearest right one."""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import msgspec
from msgspec.inspect import DictType, ListType, StructType, Type, UnionType, VarTupleType, type_info

from orderwatch.domain.errors import BadSettings
from orderwatch.domain.presets import Preset

FILE = "provider.toml"


def read_preset(folder: Path) -> Preset:
    """Return what ``provider.toml`` in `folder` says.

    Raises:
        BadSettings: with every key that there is not, or else with the first value that is wrong.
    """
    path = folder / FILE
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSettings([f"{path}: cannot be read ({(error.strerror or str(error)).lower()})"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings([f"{path}: not valid TOML ({error})"]) from None
    unknown = list(_unknown_keys(tables, type_info(Preset), ""))
    if unknown:
        raise BadSettings([f"{path}: {fault}" for fault in unknown])
    try:
        return msgspec.convert(tables, Preset)
    except msgspec.ValidationError as error:
        raise BadSettings([f"{path}: {_in_words(error)}"]) from None


def _in_words(error: msgspec.ValidationError) -> str:
    what, at, where = str(error).partition(" - at `$.")
    return f"{where.rstrip('`')}: {what}" if at else what


def _unknown_keys(value: Any, shape: Type, place: str) -> Iterator[str]:  # noqa: ANN401  (any TOML)
    shape = _chosen(shape, value)
    if isinstance(shape, StructType) and isinstance(value, dict):
        yield from _unknown_in_table(cast("dict[str, Any]", value), shape, place)
    elif isinstance(shape, DictType) and isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            yield from _unknown_keys(inner, shape.value_type, f"{place}{key}.")
    elif isinstance(shape, ListType | VarTupleType) and isinstance(value, list):
        for number, inner in enumerate(cast("list[Any]", value), 1):
            yield from _unknown_keys(inner, shape.item_type, f"{place.removesuffix('.')}[{number}].")


def _unknown_in_table(table: Mapping[str, Any], shape: StructType, place: str) -> Iterator[str]:
    fields = {field.encode_name: field.type for field in shape.fields}
    known = [*fields, *([shape.tag_field] if shape.tag_field else [])]
    for key, inner in table.items():
        if key in fields:
            yield from _unknown_keys(inner, fields[key], f"{place}{key}.")
        elif key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}"
            yield f"{place}{key}: there is no such key; {hint}"


def _chosen(shape: Type, value: Any) -> Type:  # noqa: ANN401
    """Return the part of a union that `value` is meant to be."""
    if not isinstance(shape, UnionType):
        return shape
    kind = cast("dict[str, Any]", value).get("kind") if isinstance(value, dict) else None
    for one in shape.types:
        if isinstance(one, StructType) and one.tag == kind:
            return one
        if isinstance(one, DictType) and isinstance(value, dict):
            return one
    return shape
