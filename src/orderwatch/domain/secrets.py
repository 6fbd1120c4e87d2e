"""Which settings are secrets, and how they look to people. The store encrypts them, the API masks them."""

import re
from typing import TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

HIDDEN = "••••"
_SHOWN = 4
_LONG_ENOUGH = 16
_SECRET_KEY = re.compile(r"url|uri|token|secret|passw|key|auth|credential|cookie|signature|webhook", re.IGNORECASE)


def is_secret(key: str, value: str) -> bool:
    """Say whether the setting `key` with `value` must be kept encrypted and shown masked."""
    return value != "" and (bool(_SECRET_KEY.search(key)) or "://" in value)


def masked(value: str) -> str:
    """Return what may be shown of a secret: its scheme (and host, for HTTP), and four characters of a long one."""
    scheme, separator, rest = value.partition("://")
    shown = f"{scheme}{separator}" if separator else ""
    if scheme in {"http", "https"}:
        host = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
        shown += f"{host}/"
    tail = f" {value[-_SHOWN:]}" if len(value) >= _LONG_ENOUGH else ""
    return f"{shown}{HIDDEN}{tail}"


def mask_settings(settings: Json, key: str = "") -> Json:
    """Return `settings`, nested as they are, with every secret in them masked."""
    if isinstance(settings, dict):
        return {k: mask_settings(v, k) for k, v in settings.items()}
    if isinstance(settings, list):
        return [mask_settings(v, key) for v in settings]
    return masked(settings) if isinstance(settings, str) and is_secret(key, settings) else settings


def keep_masked(new: Json, stored: Json) -> Json:
    """Return `new` with each value that is still masked replaced by the stored secret that looks like it.

    Raises:
        ValueError: a masked value that no stored secret looks like; it would overwrite one with dots.
    """
    if isinstance(new, dict):
        return {k: keep_masked(v, stored.get(k) if isinstance(stored, dict) else None) for k, v in new.items()}
    if isinstance(new, list):
        return [keep_masked(v, stored) for v in new]
    if not (isinstance(new, str) and HIDDEN in new):
        return new
    for candidate in stored if isinstance(stored, list) else [stored]:
        if isinstance(candidate, str) and masked(candidate) == new:
            return candidate
    raise ValueError(new)
