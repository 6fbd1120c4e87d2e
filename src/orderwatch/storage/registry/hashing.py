"""Secrets that we make ourselves: random, shown once, kept as SHA-256 only."""

import secrets
from hashlib import sha256

_RANDOM_BYTES = 32


def new_secret(prefix: str = "") -> str:
    """Return `prefix` and 32 random bytes as URL-safe text."""
    return prefix + secrets.token_urlsafe(_RANDOM_BYTES)


def digest(secret: str) -> bytes:
    """Return what is kept of `secret`. A plain hash will do: it has 256 random bits, so there is nothing to guess."""
    return sha256(secret.encode(errors="surrogatepass")).digest()
