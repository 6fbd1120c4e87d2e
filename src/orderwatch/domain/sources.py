"""A source: one registered sender, and how it speaks."""

from enum import StrEnum
from typing import Literal

from msgspec import Struct


class Verification(StrEnum):
    """How a source proves who it is."""

    OPEN = "open"
    """No proof at all. Only for loopback or where the user says so."""
    STANDARD_WEBHOOKS = "standard_webhooks"
    HMAC = "hmac"
    TOKEN = "token"  # noqa: S105
    """A fixed secret in a header."""
    PROVIDER = "provider"
    """As the provider's own ``provider.toml`` says."""


class Hmac(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A keyed digest over what the sender signs."""

    header: str = "x-signature"
    algorithm: Literal["sha1", "sha256", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""
    """Text before the digest in the header, such as ``sha256=``."""
    content: str = "{body}"
    """What is signed: ``{body}``, ``{timestamp}``, ``{id}``, ``{url}`` and literal text between them."""
    timestamp_header: str | None = None
    id_header: str | None = None
    tolerance_seconds: int = 300
    """How far the signed time may be from ours; only where `content` holds ``{timestamp}``."""


class Token(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fixed secret in a header."""

    header: str = "authorization"
    prefix: str = ""
    """Text before the secret, such as ``Bearer `` (with its space)."""


class Mapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a generic source's fields are: JMESPath expressions over the JSON body."""

    event_type: str = "event_type || type"
    order_id: str = "order_id"
    event_id: str | None = "event_id || id"
    fields: dict[str, str] = {}
    """Canonical field (``occurred_at``, ``courier.id`` …) → JMESPath. Unnamed ones are read from their own name."""
    statuses: dict[str, str] = {}
    """The sender's word for what happened → canonical event type. Compared without regard to case."""
    events: str | None = None
    """JMESPath to a list, where one body holds many events; the other expressions then start from each entry."""


class Source(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One registered sender. `name` is a slug: ``[a-z0-9][a-z0-9-]{0,62}``."""

    name: str
    provider: str = "generic"
    verification: Verification = Verification.OPEN
    secrets: tuple[str, ...] = ()
    """One or two (while rotating). Any of them may match."""
    hmac: Hmac = Hmac()
    token: Token = Token()
    mapping: Mapping = Mapping()
    public_url: str | None = None
    """The address that was given to the platform, where it is not this server's own and the source's path."""
    settings: dict[str, str] = {}
    """What the provider wants to know beside the secret, by the names of its ``provider.toml``. No secrets."""
    time_zone: str | None = None
    """IANA zone for times that come without one."""
    currency: str | None = None
    """For totals that come without one."""
    success_status: Literal[200, 201, 202, 204] | None = None
    """What a taken webhook is answered with; None is what the provider wants, else 200."""
    allow_compressed: bool = False
    enabled: bool = True
