"""Public keys of platforms that sign with RSA, from the JSON Web Key Sets that they publish (RFC 7517)."""

from base64 import urlsafe_b64decode
from collections import Counter
from typing import TYPE_CHECKING, Protocol

import msgspec
from msgspec import Struct

from orderwatch.domain.errors import Unreadable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

MOST_KEYS = 100
_SHORTEST_BITS, _LONGEST_BITS = 2048, 8192
_EXPONENTS = range(3, 2**32)


class KeyLookup(Protocol):
    """The keys that are known now."""

    def get(self, address: str, key_id: str, /) -> "RSAPublicKey | None":
        """Return the key that is called so in the set at `address`; None where there is none that may be believed."""
        ...


class _Key(Struct, frozen=True):
    """One entry of a set, as far as it matters here."""

    kty: str
    kid: str | None = None
    use: str | None = None
    alg: str | None = None
    n: str | None = None
    e: str | None = None


class _Set(Struct, frozen=True):
    keys: list[_Key]


_decode = msgspec.json.Decoder(_Set).decode


def read_keys(body: bytes) -> "dict[str, RSAPublicKey]":
    """Return the RSA keys of a set by their ids. One that is weak, for another purpose or doubled is left out.

    Raises:
        Unreadable: it is no set of keys.
    """
    try:
        entries = _decode(body).keys
    except (msgspec.MsgspecError, RecursionError) as fault:
        raise Unreadable("What stands there is no set of keys.") from fault
    if len(entries) > MOST_KEYS:
        raise Unreadable(f"The set holds {len(entries)} keys; at most {MOST_KEYS} are taken.")
    named = Counter(entry.kid for entry in entries)
    fit = ((entry.kid, _key(entry)) for entry in entries if entry.kid and named[entry.kid] == 1)
    return {kid: key for kid, key in fit if key is not None}


def is_signed(key: "RSAPublicKey", *, message: bytes, signature: bytes) -> bool:
    """Say whether `signature` is the one of `message`, by PKCS #1 v1.5 with SHA-256."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  (few sources need it)
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415

    try:
        key.verify(signature, message, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _key(entry: _Key) -> "RSAPublicKey | None":
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers  # noqa: PLC0415

    if entry.kty != "RSA" or entry.use not in {None, "sig"} or entry.alg not in {None, "RS256"}:
        return None
    try:
        n, e = _number(entry.n), _number(entry.e)
        if not _SHORTEST_BITS <= n.bit_length() <= _LONGEST_BITS or e not in _EXPONENTS:
            return None
        return RSAPublicNumbers(e, n).public_key()
    except ValueError:
        return None


def _number(text: str | None) -> int:
    raw = (text or "").encode("ascii")
    return int.from_bytes(urlsafe_b64decode(raw + b"=" * (-len(raw) % 4)))
