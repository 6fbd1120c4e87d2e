"""Whether a request comes from its source. Over the bytes as they came, in constant time, failing closed."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from msgspec import Struct

from orderwatch.domain.errors import WrongSignature
from orderwatch.domain.sources import Source, Verification
from orderwatch.intake.headers import Headers
from orderwatch.intake.rsa import KeyLookup
from orderwatch.kit.clock import EPOCH

STANDARD_TOLERANCE_SECONDS = 300
"""Both ways, as in the reference libraries of Standard Webhooks."""
_MOST_SIGNATURES = 16
_LONGEST_STAMP = 64
_SHORTEST_MILLISECONDS = 100_000_000_000
"""A time above this many seconds would be the year 5138: it is in milliseconds."""


class Signed(Struct, frozen=True):
    """What a signature may be over."""

    headers: Headers
    body: bytes
    url: str
    """The address that the platform calls, as it was given to it."""
    received_at: datetime
    method: str = "POST"
    path: str = ""
    """The request's path with its query, as received."""
    keys: KeyLookup | None = None
    """The keys that platforms publish, as far as they are known."""


def verify(source: Source, signed: Signed) -> None:
    """Return when the request proves that it comes from `source`.

    Raises:
        WrongSignature: it does not, or the source has no secret to prove it with.
    """
    check = _CHECKS.get(source.verification)
    if check is None:
        raise WrongSignature(f"The source “{source.name}” has no way of verification that is known here.")
    check(source, signed)


def _open(source: Source, signed: Signed) -> None:
    """Take everything, for the user said so; except what a web page of another site makes its visitor's browser send.

    A browser says so by these headers, and no platform sends them. Without this, any page that is open on the machine
    could post orders to an address that only this machine reaches.
    """
    site, origin = signed.headers.get("sec-fetch-site"), signed.headers.get("origin")
    if site in {"cross-site", "same-site"} or (origin is not None and not _is_own(origin, signed)):
        raise WrongSignature(f"A web page of another site sent this to the open source “{source.name}”.")


def _is_own(origin: str, signed: Signed) -> bool:
    try:
        sender = urlsplit(origin).netloc.lower()
    except ValueError:
        return False
    if sender == urlsplit(signed.url).netloc.lower():
        return bool(sender)
    return sender == (signed.headers.get("host") or "").lower() and _is_address(urlsplit(f"//{sender}").hostname)


def _is_address(host: str | None) -> bool:
    """Say whether `host` is this machine or an IP address: no page can make its own name lead to us under these."""
    if host is None or host == "localhost":
        return host is not None
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def check_standard(source: Source, signed: Signed, *, prefix: str = "webhook") -> None:
    """Check a signature as Standard Webhooks has it; `prefix` is that of its headers.

    https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    """
    number, stamp, given = (_header(signed, f"{prefix}-{name}") for name in ("id", "timestamp", "signature"))
    check_age(stamp, signed, STANDARD_TOLERANCE_SECONDS)
    content = f"{number}.{stamp}.".encode("latin-1") + signed.body
    expected = [f"v1,{_base64(hmac.digest(_standard_key(secret), content, 'sha256'))}" for secret in secrets_of(source)]
    match(given.split(" ")[:_MOST_SIGNATURES], expected)


def _hmac(source: Source, signed: Signed) -> None:
    spec = source.hmac
    given = _without_prefix(_header(signed, spec.header), spec.prefix)
    stamp = _header(signed, spec.timestamp_header) if spec.timestamp_header else None
    if "{timestamp}" in spec.content:
        if stamp is None:
            raise WrongSignature("The source's set-up lacks the header that holds the signed time.")
        check_age(stamp, signed, spec.tolerance_seconds)
    number = _header(signed, spec.id_header) if spec.id_header else ""
    content = signed.body
    if spec.content != "{body}":
        content = _content(spec.content, signed, {"timestamp": stamp or "", "id": number, "url": signed.url})
    digests = [hmac.digest(secret.encode(), content, spec.algorithm) for secret in secrets_of(source)]
    if spec.encoding == "hex":
        match([given.lower()], [digest.hex() for digest in digests])
    else:
        match([given], [_base64(digest) for digest in digests])


def _token(source: Source, signed: Signed) -> None:
    spec = source.token
    match([_without_prefix(_header(signed, spec.header), spec.prefix)], secrets_of(source))


_CHECKS: Mapping[Verification, Callable[[Source, Signed], None]] = {
    Verification.OPEN: _open,
    Verification.STANDARD_WEBHOOKS: check_standard,
    Verification.HMAC: _hmac,
    Verification.TOKEN: _token,
}


def secrets_of(source: Source) -> Sequence[str]:
    """Return the secrets that prove something.

    Raises:
        WrongSignature: there is none.
    """
    secrets = [secret for secret in source.secrets if secret]
    if not secrets:
        raise WrongSignature(f"The source “{source.name}” has no secret yet, so nothing can be verified: set one.")
    return secrets


def _header(signed: Signed, name: str) -> str:
    value = signed.headers.get(name.lower())
    if not value:
        raise WrongSignature(f"The header {name} is missing, or stands there more than once.")
    return value


def _without_prefix(value: str, prefix: str) -> str:
    if not value.startswith(prefix):
        raise WrongSignature(f"The signature does not begin with “{prefix}”.")
    return value[len(prefix) :]


def check_age(stamp: str, signed: Signed, tolerance_seconds: int) -> None:
    """Check that the signed time, Unix (s, ms) or ISO 8601 with a zone, is near ours."""
    if stamp.isascii() and stamp.isdigit():
        seconds = int(stamp[:20])
        seconds = seconds / 1000 if seconds > _SHORTEST_MILLISECONDS else seconds
    else:
        seconds = _iso_seconds(stamp)
    apart = (signed.received_at - EPOCH).total_seconds() - seconds
    if abs(apart) > tolerance_seconds:
        way = "old" if apart > 0 else "far in the future"
        raise WrongSignature(f"The signed time is too {way}: {abs(apart):.0f} s, {tolerance_seconds} s are allowed.")


def _iso_seconds(stamp: str) -> float:
    try:
        moment = datetime.fromisoformat(stamp[:_LONGEST_STAMP])
        if moment.tzinfo is not None:
            return (moment - EPOCH).total_seconds()
    except (ValueError, OverflowError):
        pass
    raise WrongSignature("The signed time is neither a Unix time nor one of ISO 8601 with a zone.")


def _content(template: str, signed: Signed, values: Mapping[str, str]) -> bytes:
    return b"".join(
        signed.body if name == "body" else values[name].encode("latin-1", "replace") if name else literal
        for literal, name in _pieces(template)
    )


@lru_cache(maxsize=256)
def _pieces(template: str) -> tuple[tuple[bytes, str], ...]:
    """Cut ``{id}.{body}`` into literal text and names. What is no name of ours is literal text."""
    pieces: list[tuple[bytes, str]] = []
    rest = template
    while rest:
        places = [(rest.find(f"{{{name}}}"), name) for name in ("body", "timestamp", "id", "url")]
        at, name = min(((at, name) for at, name in places if at >= 0), default=(-1, ""))
        if at < 0:
            pieces.append((rest.encode(), ""))
            break
        if at:
            pieces.append((rest[:at].encode(), ""))
        pieces.append((b"", name))
        rest = rest[at + len(name) + 2 :]
    return tuple(pieces)


def _standard_key(secret: str) -> bytes:
    try:
        key = b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    # Everybody has the empty key, so whoever left it empty gets nothing in rather than everything.
    if not key:
        raise WrongSignature("The source's secret is not whsec_ and base64, as Standard Webhooks wants.")
    return key


def _base64(digest: bytes) -> str:
    return b64encode(digest).decode()


def match(given: Sequence[str], expected: Sequence[str]) -> None:
    """Check that one of `given` is one of `expected`, in a time that tells nothing."""
    # Every pair is compared, so that the time tells nothing; bytes, because compare_digest refuses other text.
    matches = [
        hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
        for one in given
        for other in expected
    ]
    if not any(matches):
        raise WrongSignature("The signature does not match: another secret, or the body was changed on its way.")
