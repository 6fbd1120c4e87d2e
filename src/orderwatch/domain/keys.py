"""What makes two webhooks the same event.

16 bytes of BLAKE2b: as exact as its input (a chance of 2⁻⁶⁴ at four thousand million receipts), and a third of the
index that the ids themselves would need.
"""

from hashlib import blake2b, sha256

_BYTES = 16


def digest_of(body: bytes) -> bytes:
    """Return the SHA-256 of `body`, 32 bytes."""
    return sha256(body).digest()


def event_key(source: str, event_id: str) -> bytes:
    """Return the key of an event that has an id of its own within `source`."""
    return blake2b(f"id\0{source}\0{event_id}".encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest()


def body_key(source: str, digest: bytes) -> bytes:
    """Return the key of an event without an id: the same body from the same source is the same event."""
    return blake2b(f"body\0{source}\0".encode() + digest, digest_size=_BYTES).digest()


def conflict_key(key: bytes, digest: bytes) -> bytes:
    """Return the key of another body under a known event's key, so that it is kept once, however often it comes."""
    return blake2b(b"conflict\0" + key + digest, digest_size=_BYTES).digest()
