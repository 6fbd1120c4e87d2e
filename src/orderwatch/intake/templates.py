"""Texts that are signed or compared, made from a request by the templates of `domain.proofs`."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, cast
from urllib.parse import parse_qs, urlsplit

import msgspec
from msgspec import Struct

from orderwatch.domain.errors import BadMapping, WrongSignature
from orderwatch.domain.sources import Source
from orderwatch.intake.headers import Headers

_PLACE = re.compile(r"\{([a-z]+)(?:\.([^{}]+))?\}")
_decode = msgspec.json.Decoder().decode
_decode_raw = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_MOST_DEPTH = 64
_BRACKETS = (b"[", b"{")


class Material(Struct, frozen=True, kw_only=True):
    """What a template may hold."""

    source: Source
    method: str
    url: str
    """The address that the platform calls, as it was given to it."""
    headers: Headers
    body: bytes
    timestamp: str = ""
    key: bytes = b""


Render: TypeAlias = Callable[[Material], bytes]


def compile_template(template: str) -> Render:
    """Return what makes the bytes of `template`; it raises WrongSignature where a part is missing.

    Raises:
        BadMapping: it has a placeholder that there is not.
    """
    if template == "{body}":
        return lambda material: material.body
    pieces = tuple(_pieces(template))
    return lambda material: b"".join([piece(material) for piece in pieces])


def read_json(body: bytes, keys: Sequence[str]) -> Any:  # noqa: ANN401  (any JSON)
    """Return what stands in the JSON object `body` under `keys`, one within the other; None where that is nothing."""
    if sum(map(body.count, _BRACKETS)) > _MOST_DEPTH * 10_000:
        return None
    try:
        value: Any = _decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = cast("dict[str, Any]", value).get(key)
    return value


def read_raw(body: bytes, keys: Sequence[str]) -> bytes | None:
    """Return the bytes of what `read_json` would return, as they stand in `body`; None where that is nothing."""
    if sum(map(body.count, _BRACKETS)) > _MOST_DEPTH * 10_000:
        return None
    for key in keys:
        try:
            found = _decode_raw(body).get(key)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return None
        if found is None:
            return None
        body = bytes(found)
    return body


def read_query(url: str, name: str) -> str | None:
    """Return the one value of a query's parameter; None where it is missing or doubled."""
    values = parse_qs(urlsplit(url).query, keep_blank_values=True).get(name, [])
    return values[0] if len(values) == 1 else None


def _pieces(template: str) -> list[Render]:
    pieces: list[Render] = []
    at = 0
    for found in _PLACE.finditer(template):
        if found.start() > at:
            pieces.append(_literal(template[at : found.start()].encode()))
        pieces.append(_placeholder(found[1], found[2], template))
        at = found.end()
    if at < len(template):
        pieces.append(_literal(template[at:].encode()))
    return pieces


def _placeholder(name: str, argument: str | None, template: str) -> Render:
    plain, named = _PLAIN.get(name), _NAMED.get(name)
    if plain is not None and argument is None:
        return plain
    if named is not None and argument is not None:
        return named(argument)
    raise BadMapping(
        f"“{template}” holds a placeholder that there is not: {{{name}{'.' + argument if argument else ''}}}."
    )


def _literal(text: bytes) -> Render:
    return lambda _material: text


def _header(name: str) -> Render:
    key = name.lower()

    def render(material: Material) -> bytes:
        value = material.headers.get(key)
        if not value:
            raise WrongSignature(f"The header {name} is missing, or stands there more than once.")
        return value.encode("latin-1", "replace")

    return render


def _query(name: str) -> Render:
    def render(material: Material) -> bytes:
        value = read_query(material.url, name)
        if not value:
            raise WrongSignature(f"The address's parameter {name} is missing, or stands there more than once.")
        return value.encode("utf-8", "replace")

    return render


def _json(path: str) -> Render:
    keys = path.split(".")

    def render(material: Material) -> bytes:
        value = read_json(material.body, keys)
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            raise WrongSignature(f"The body has no text or number at {path}.")
        return str(value).encode("utf-8", "replace")

    return render


def _raw(path: str) -> Render:
    keys = path.split(".")

    def render(material: Material) -> bytes:
        value = read_raw(material.body, keys)
        if value is None:
            raise WrongSignature(f"The body has nothing at {path}.")
        return value

    return render


def _setting(name: str) -> Render:
    def render(material: Material) -> bytes:
        value = material.source.settings.get(name)
        if not value:
            raise WrongSignature(f"The source lacks the setting {name}, without which nothing can be verified.")
        return value.encode()

    return render


_PLAIN: dict[str, Render] = {
    "body": lambda material: material.body,
    "url": lambda material: material.url.encode("utf-8", "replace"),
    "path": lambda material: urlsplit(material.url).path.encode("utf-8", "replace"),
    "method": lambda material: material.method.encode(),
    "timestamp": lambda material: material.timestamp.encode("latin-1", "replace"),
    "key": lambda material: material.key,
}
_NAMED: dict[str, Callable[[str], Render]] = {
    "header": _header,
    "query": _query,
    "json": _json,
    "raw": _raw,
    "setting": _setting,
}
