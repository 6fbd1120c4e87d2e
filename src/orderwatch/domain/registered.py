"""What people have registered, with its times."""

import re
from datetime import datetime
from typing import Generic, TypeVar

from msgspec import Struct

from orderwatch.domain.notifications import Channel, Route
from orderwatch.domain.sources import Source

Spec = TypeVar("Spec", Source, Channel, Route)

SECRET_FIELDS: dict[type, str] = {Source: "secrets", Channel: "settings"}
"""The one field of each kind of specification that may hold secrets: see `domain.secrets`."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class Registered(Struct, Generic[Spec], frozen=True, kw_only=True):
    """A source, channel or route as it is stored, its secrets in the clear."""

    spec: Spec
    created_at: datetime
    updated_at: datetime


def is_slug(name: str) -> bool:
    """Say whether `name` may name a source, a channel or a route."""
    return _SLUG.fullmatch(name) is not None
