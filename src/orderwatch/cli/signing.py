"""Signs webhooks as a source expects them: the other side of `intake.verify`."""

import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping

from msgspec import Struct

from orderwatch.domain.errors import BadSettings
from orderwatch.domain.sources import Source, Verification

_STANDARD_PREFIX = "whsec_"


class Unsigned(Struct, frozen=True, kw_only=True):
    """What a signature is made over."""

    body: bytes
    event_id: str
    url: str
    seconds: int
    """Unix time of this try."""


def source_for_secret(name: str, secret: str | None) -> Source:
    """Return a source as one may guess it from its secret: ``whsec_…`` is Standard Webhooks, any other an HMAC."""
    if not secret:
        return Source(name=name)
    way = Verification.STANDARD_WEBHOOKS if secret.startswith(_STANDARD_PREFIX) else Verification.HMAC
    return Source(name=name, verification=way, secrets=(secret,))


def sign(source: Source, unsigned: Unsigned) -> dict[str, str]:
    """Return the headers that prove a request to come from `source`.

    Raises:
        BadSettings: its secret cannot sign.
    """
    return _WAYS[source.verification](source, unsigned)


def _open(_source: Source, _unsigned: Unsigned) -> dict[str, str]:
    return {}


def _standard_webhooks(source: Source, unsigned: Unsigned) -> dict[str, str]:
    try:
        key = b64decode(source.secrets[0].removeprefix(_STANDARD_PREFIX), validate=True)
    except ValueError:
        raise BadSettings(["the secret is not whsec_ and base64, as Standard Webhooks wants"]) from None
    content = f"{unsigned.event_id}.{unsigned.seconds}.".encode() + unsigned.body
    return {
        "webhook-id": unsigned.event_id,
        "webhook-timestamp": str(unsigned.seconds),
        "webhook-signature": f"v1,{b64encode(hmac.digest(key, content, 'sha256')).decode()}",
    }


def _hmac(source: Source, unsigned: Unsigned) -> dict[str, str]:
    spec = source.hmac
    parts = {
        b"{body}": unsigned.body,
        b"{timestamp}": str(unsigned.seconds).encode() if spec.timestamp_header else b"",
        b"{id}": unsigned.event_id.encode() if spec.id_header else b"",
        b"{url}": unsigned.url.encode(),
    }
    content = re.sub(rb"\{(?:body|timestamp|id|url)\}", lambda found: parts[found.group()], spec.content.encode())
    digest = hmac.digest(source.secrets[0].encode(), content, spec.algorithm)
    text = digest.hex() if spec.encoding == "hex" else b64encode(digest).decode()
    headers = {spec.header: f"{spec.prefix}{text}"}
    if spec.timestamp_header:
        headers[spec.timestamp_header] = str(unsigned.seconds)
    if spec.id_header:
        headers[spec.id_header] = unsigned.event_id
    return headers


def _provider(source: Source, _unsigned: Unsigned) -> dict[str, str]:
    raise BadSettings([f"the source {source.name} speaks as {source.provider}: send one of its examples (--example)"])


def _token(source: Source, _unsigned: Unsigned) -> dict[str, str]:
    return {source.token.header: f"{source.token.prefix}{source.secrets[0]}"}


_WAYS: Mapping[Verification, Callable[[Source, Unsigned], dict[str, str]]] = {
    Verification.OPEN: _open,
    Verification.STANDARD_WEBHOOKS: _standard_webhooks,
    Verification.HMAC: _hmac,
    Verification.TOKEN: _token,
    Verification.PROVIDER: _provider,
}
