"""A request's headers: looked up, and made ready to be kept without their secrets."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

Raw = Sequence[tuple[bytes, bytes]]
"""As ASGI has them: names in lower case, bytes as received."""

_SECRET = re.compile(r"auth|cookie|token|secret|signature|hmac|api-?key|password|credential")
# They say how the request travelled, not what it is.
_NOT_KEPT = frozenset({b"host", b"connection", b"content-length", b"transfer-encoding", b"accept-encoding", b"expect"})
# A browser's; no signature hangs on them.
_NEVER_PROOF = re.compile(r"cookie|proxy-auth")
_LONGEST_PROOF = 8 * 1024
_encode = msgspec.json.Encoder().encode


class Proof(msgspec.Struct, frozen=True, array_like=True):
    """What `Headers.kept` masks of a request, and the path where that was masked too."""

    headers: list[tuple[str, str]] = []
    path: str | None = None


_headers = msgspec.json.Decoder(dict[str, str]).decode
_proof = msgspec.json.Decoder(Proof).decode


class Headers:
    """A request's headers by name in lower case."""

    def __init__(self, raw: Raw) -> None:
        """Take them as ASGI has them."""
        self.raw = raw
        self._single = dict(raw)
        if len(self._single) != len(raw):
            counts = Counter(name for name, _ in raw)
            self._single = {name: value for name, value in raw if counts[name] == 1}

    def get(self, name: str) -> str | None:
        """Return the one value of a header; None when it is missing, or stands there more than once.

        A doubled header has no one meaning, so that whoever depends on it must treat it as missing.
        """
        found = self._single.get(name.encode("latin-1", "replace"))
        return None if found is None else found.decode("latin-1").strip()

    def as_dict(self) -> dict[str, str]:
        """Return all of them; the values of a doubled one are joined as RFC 9110, section 5.3, says."""
        joined: dict[str, str] = {}
        for name, value in self.raw:
            key, text = name.decode("latin-1"), value.decode("latin-1")
            joined[key] = f"{joined[key]}, {text}" if key in joined else text
        return joined

    def kept(self, *, secret: Iterable[str] = ()) -> bytes:
        """Return what the journal keeps: a JSON object, with secrets masked; `secret` names further ones."""
        also = [name.lower() for name in secret]
        kept: dict[str, str] = {}
        for name, value in self.raw:
            if name in _NOT_KEPT:
                continue
            key, text = name.decode("latin-1"), value.decode("latin-1")
            shown = mask(text) if key in also or _is_secret(key) else text
            kept[key] = f"{kept[key]}, {shown}" if key in kept else shown
        return _encode(kept)

    def proof(self, *, secret: Iterable[str] = (), path: str | None = None) -> bytes:
        """Return what `kept` masks, to be kept encrypted; nothing where it is too long to be a signature.

        `path` is the request's, where its secret is in there.
        """
        also = {name.lower() for name in secret}
        named = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in self.raw]
        hidden = [(key, text) for key, text in named if key in also or _is_secret(key)]
        found = Proof([pair for pair in hidden if not _NEVER_PROOF.search(pair[0])], path)
        if not found.headers and path is None:
            return b""
        encoded = _encode(found)
        return encoded if len(encoded) <= _LONGEST_PROOF else b""


def restored(kept: bytes, proof: bytes) -> tuple[Headers, str | None]:
    """Return the headers as they came, or as far as they were kept; and the path, where that was kept apart."""
    known = _headers(kept) if kept else {}
    hidden = _proof(proof) if proof else Proof()
    masked = {name for name, _ in hidden.headers}
    pairs = [*((name, value) for name, value in known.items() if name not in masked), *hidden.headers]
    return Headers([(k.encode("latin-1", "replace"), v.encode("latin-1", "replace")) for k, v in pairs]), hidden.path


def mask(value: str) -> str:
    """Return enough of a secret to tell two apart, and too little to use it: ``9f2c…e1``."""
    return f"{value[:4]}…{value[-2:]}" if len(value) >= 24 else "…"  # noqa: PLR2004  (shorter ones could be guessed)


# A memo of a pure function; senders choose the names, so it is bounded.
@lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    return _SECRET.search(name) is not None
