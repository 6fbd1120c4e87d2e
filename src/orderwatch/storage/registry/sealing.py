"""Specifications as JSON with their secrets encrypted, and back."""

from typing import cast

import msgspec

from orderwatch.domain.errors import BadSettings
from orderwatch.domain.registered import SECRET_FIELDS, Spec
from orderwatch.domain.secrets import Json, is_secret
from orderwatch.storage.vault import Vault

_MARK = "$sealed"


class Sealer:
    """Turns the specifications of one table into blobs and back."""

    def __init__(self, vault: Vault, *, table: str) -> None:
        """Take the vault, and the name of the table, which is part of each secret's place."""
        self._vault = vault
        self._table = table

    def seal(self, spec: Spec) -> bytes:
        """Return `spec` as JSON; each secret in it stands as ``{"$sealed": "…"}``."""
        plain = cast("dict[str, Json]", msgspec.json.decode(msgspec.json.encode(spec)))
        field = SECRET_FIELDS.get(type(spec))
        if field in plain:
            plain[field] = self._hide(plain[field], key=field, place=f"{self._table}/{spec.name}")
        return msgspec.json.encode(plain)

    def open(self, blob: bytes, *, kind: type[Spec], name: str) -> Spec:
        """Return the specification that `seal` wrote.

        Raises:
            BadSettings: its secrets were encrypted with another key.
        """
        plain = cast("Json", msgspec.json.decode(blob))
        return msgspec.convert(self._show(plain, place=f"{self._table}/{name}"), kind)

    def _hide(self, value: Json, *, key: str, place: str) -> Json:
        if isinstance(value, dict):
            if _MARK in value:
                raise BadSettings([f"{place}: a setting may not be called {_MARK}."])
            return {k: self._hide(v, key=k, place=place) for k, v in value.items()}
        if isinstance(value, list):
            return [self._hide(v, key=key, place=place) for v in value]
        if isinstance(value, str) and is_secret(key, value):
            return {_MARK: self._vault.seal(value, place=place)}
        return value

    def _show(self, value: Json, *, place: str) -> Json:
        if isinstance(value, list):
            return [self._show(v, place=place) for v in value]
        if not isinstance(value, dict):
            return value
        sealed = value.get(_MARK)
        if isinstance(sealed, str):
            return self._vault.open(sealed, place=place)
        return {k: self._show(v, place=place) for k, v in value.items()}
