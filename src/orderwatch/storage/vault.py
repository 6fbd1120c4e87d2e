"""Encrypts secrets at rest (AES-256-GCM) with a key that lies outside the database.

The cryptography library is imported at the first secret: it takes 6 MB, and a store without secrets needs none of it.
"""

import hmac
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from orderwatch.domain.errors import BadSettings
from orderwatch.storage.private import make_folder

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_FILE = "secret.key"
_VERSION = "v1."
_KEY_BYTES = 32
_NONCE_BYTES = 12
_SHORTEST_KEY = 16


class Vault:
    """Seals texts. What is sealed says where it belongs, so that it cannot be moved to another row."""

    def __init__(self, key: bytes) -> None:
        """Take 32 random bytes."""
        self._key = key

    def seal(self, text: str, *, place: str) -> str:
        """Return `text` encrypted; only `open` with the same `place` gives it back."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, text.encode(), place.encode())
        return _VERSION + urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, *, place: str) -> str:
        """Return the text that was sealed.

        Raises:
            BadSettings: it was sealed with another key.
        """
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415

        blob = urlsafe_b64decode(sealed.removeprefix(_VERSION))
        try:
            return self._cipher.decrypt(blob[:_NONCE_BYTES], blob[_NONCE_BYTES:], place.encode()).decode()
        except InvalidTag:
            fault = (
                f"The secrets of {place} were encrypted with another key. Put back {KEY_FILE} of the data folder, or "
                "set ORDERWATCH_SECRET_KEY to what it was."
            )
            raise BadSettings([fault]) from None

    @cached_property
    def _cipher(self) -> "AESGCM":
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        return AESGCM(self._key)


def _derived(secret: str) -> bytes:
    # HKDF-SHA-256 (RFC 5869) without salt, by hand: one block is all that is needed.
    extracted = hmac.digest(bytes(_KEY_BYTES), secret.encode(), "sha256")
    return hmac.digest(extracted, b"orderwatch vault\x01", "sha256")


def open_vault(folder: Path, *, secret: str | None) -> Vault:
    """Open the vault with `secret` (ORDERWATCH_SECRET_KEY), or else with the key file in `folder`, made if missing.

    Raises:
        BadSettings: the key is too short to be one.
    """
    if secret is None:
        return Vault(_key_file(folder / KEY_FILE))
    if len(secret) < _SHORTEST_KEY:
        raise BadSettings([f"ORDERWATCH_SECRET_KEY must have {_SHORTEST_KEY} characters or more, better 32."])
    return Vault(_derived(secret))


def _key_file(path: Path) -> bytes:
    if not path.exists():
        _create_key(path)
    try:
        key = urlsafe_b64decode(path.read_text().strip())
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise BadSettings([f"{path} is not a key of ours: it must hold {_KEY_BYTES} bytes in URL-safe base64."])
    return key


def _create_key(path: Path) -> None:
    # Written aside and linked into place: whoever starts at the same time sees no key or a whole one, and all the same.
    make_folder(path.parent)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, path)
    except FileExistsError:
        pass  # Another process was faster: its key counts.
    finally:
        aside.unlink()
