"""A secret's text as the key that a platform makes of it."""

import unicodedata
from base64 import b64decode
from collections.abc import Callable, Mapping
from functools import lru_cache

from orderwatch.domain.errors import WrongSignature
from orderwatch.domain.proofs import KeyCoding


# A memo of a pure function, for each webhook asks.
@lru_cache(maxsize=1024)
def key_of(secret: str, *, coding: KeyCoding, prefix: str = "") -> bytes:
    """Return the key.

    Raises:
        WrongSignature: the secret is not coded as the platform codes it. Nothing passes with it, least of all without.
    """
    try:
        key = _CODINGS[coding](secret.removeprefix(prefix))
    except ValueError:
        key = b""
    # Everybody has the empty key, so whoever left it empty gets nothing in rather than everything.
    if not key:
        raise WrongSignature(f"The source's secret is not {prefix}{_WORDS[coding]}, as its platform gives it.")
    return key


_CODINGS: Mapping[KeyCoding, Callable[[str], bytes]] = {
    "utf-8": lambda secret: secret.encode(),
    "nfkd": lambda secret: unicodedata.normalize("NFKD", secret).encode(),
    "hex": bytes.fromhex,
    "base64": lambda secret: b64decode(secret, validate=True),
}
_WORDS: Mapping[KeyCoding, str] = {"utf-8": "a text", "nfkd": "a text", "hex": "hexadecimal", "base64": "base64"}
