"""How a request can prove where it comes from: the ``[[signature]]`` tables of a ``provider.toml``.

A text that is signed or compared is a template. Its placeholders: ``{body}`` (the bytes as they came), ``{url}`` (the
address that the platform calls), ``{path}``, ``{method}``, ``{timestamp}``, ``{key}``, and ``{header.NAME}``,
``{query.NAME}``, ``{json.a.b}`` (a text or a number of the body, before anything is believed), ``{raw.a.b}`` (the bytes
of what stands there, as they came), ``{setting.NAME}`` (of the source).
"""

from typing import Literal, TypeAlias

from msgspec import Struct

KeyCoding: TypeAlias = Literal["utf-8", "nfkd", "hex", "base64"]
"""How a secret's text becomes the key's bytes; ``nfkd`` is UTF-8 after Unicode's compatibility decomposition."""
Encoding: TypeAlias = Literal["hex", "base64", "base64url"]
JwtAlgorithm: TypeAlias = Literal["HS256", "HS384", "HS512"]


class _Place(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the proof stands: in exactly one of these."""

    header: str | None = None
    query: str | None = None
    json: str | None = None
    """Keys with dots between them, in the JSON body."""
    prefix: str = ""
    """Text before the proof, such as ``sha256=``."""


class HmacProof(_Place, frozen=True, kw_only=True, tag_field="kind", tag="hmac"):
    """A keyed digest over `content`."""

    algorithm: Literal["sha1", "sha256", "sha512"] = "sha256"
    encoding: Encoding = "hex"
    key: KeyCoding = "utf-8"
    key_prefix: str = ""
    """Text before the key proper in the secret, taken off where it is there."""
    content: str = "{body}"
    separator: str = ""
    """What stands between several signatures, any of which may match."""
    parameters: dict[Literal["timestamp", "signature"], str] = {}
    """Their names in a header such as ``t=1700000000,v1=5257a8…``."""
    timestamp: str | None = None
    """A template that gives the signed time: ``{header.x-timestamp}``."""
    tolerance_seconds: int | None = None
    """How far the signed time may be from ours, both ways. None where the platform names no bound."""


class DigestProof(_Place, frozen=True, kw_only=True, tag_field="kind", tag="digest"):
    """A plain digest over `content`, which holds ``{key}``."""

    algorithm: Literal["sha1", "sha256", "sha512", "md5"] = "sha256"
    encoding: Encoding = "hex"
    content: str


class RsaProof(_Place, frozen=True, kw_only=True, tag_field="kind", tag="rsa"):
    """A signature with SHA-256 over `content`, by PKCS #1 v1.5 and one of the keys that the platform publishes.

    The keys are the same for all its customers: whoever is one may prove with them. So take a `PathProof` beside it.
    """

    keys: str
    """The address of the JSON Web Key Set."""
    key_id: str
    """A template that gives the id of the key: ``{header.x-key-id}``."""
    encoding: Encoding = "base64"
    content: str = "{body}"
    timestamp: str | None = None
    """A template that gives the signed time, Unix or ISO 8601."""
    tolerance_seconds: int | None = None


class TokenProof(_Place, frozen=True, kw_only=True, tag_field="kind", tag="token"):
    """The secret itself."""


class JwtProof(_Place, frozen=True, kw_only=True, tag_field="kind", tag="jwt"):
    """A JSON Web Token that was signed with the secret. It proves its own claims, and nothing else in the request."""

    algorithm: JwtAlgorithm = "HS256"
    """The only one that is taken, whatever the token's header says."""
    key: KeyCoding = "utf-8"


class BasicProof(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind", tag="basic"
):
    """HTTP Basic: the secret is the password."""

    user: str = "{setting.username}"


class StandardProof(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="standard"):
    """Standard Webhooks 1.0.0, also under the header names of Svix."""

    prefix: Literal["webhook", "svix"] = "webhook"


class PathProof(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="path"):
    """The secret is the last part of the address: ``/in/NAME/SECRET``. For platforms that can prove nothing else."""


class CodeProof(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="code"):
    """A function of ``verify.py`` in the provider's folder: ``def NAME(source, signed) -> None``."""

    function: str = "verify"
    about: str
    """What it checks, for people."""


class AllProof(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="all"):
    """Each of several."""

    of: tuple["Proof", ...]


PlacedProof: TypeAlias = HmacProof | DigestProof | RsaProof | TokenProof | JwtProof
"""Those that stand in a header, a parameter of the address or a key of the body."""
Proof: TypeAlias = PlacedProof | BasicProof | StandardProof | PathProof | CodeProof | AllProof
