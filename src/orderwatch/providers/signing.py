"""Makes a request that proves itself as a platform's would: the other side of `intake.proofs`, for trying a source."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

import msgspec
from joserfc.jws import serialize_compact
from msgspec import Struct

from orderwatch.domain.errors import BadSettings, WrongSignature
from orderwatch.domain.proofs import (
    AllProof,
    BasicProof,
    CodeProof,
    DigestProof,
    HmacProof,
    JwtProof,
    PathProof,
    PlacedProof,
    Proof,
    RsaProof,
    StandardProof,
    TokenProof,
)
from orderwatch.domain.sources import Source
from orderwatch.intake.headers import Headers
from orderwatch.intake.jwt import jwt_key
from orderwatch.intake.keys import key_of
from orderwatch.intake.proofs import encode_digest
from orderwatch.intake.templates import Material, compile_template

_raw_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


class Draft(Struct, frozen=True, kw_only=True):
    """A request on its way to being sent. `rest` is what follows the source's own address, with the query."""

    method: str = "POST"
    rest: str = ""
    headers: dict[str, str]
    body: bytes
    url: str
    """The address that the platform would call."""
    seconds: int
    """Unix time of now."""
    event_id: str = ""


Signer = Callable[[Source, Draft], Draft]
"""A function ``sign`` of a provider's ``verify.py``."""


class Keyholder(Struct, frozen=True, kw_only=True):
    """A private key in the place of the platform's."""

    key_id: str
    sign: Callable[[bytes], bytes]
    """Returns the signature of what is given, with SHA-256 by PKCS #1 v1.5."""


def sign(
    proofs: tuple[Proof, ...],
    *,
    source: Source,
    draft: Draft,
    signer: Signer | None = None,
    keyholder: Keyholder | None = None,
) -> Draft:
    """Return `draft` with the first of `proofs`; `keyholder` is needed where the platform signs with a private key.

    Raises:
        BadSettings: the source lacks what it takes.
    """
    if not proofs:
        return draft
    try:
        return _sign(proofs[0], source, draft, signer, keyholder)
    except WrongSignature as fault:
        raise BadSettings([fault.message]) from fault


def _sign(proof: Proof, source: Source, draft: Draft, signer: Signer | None, keyholder: Keyholder | None) -> Draft:
    if isinstance(proof, AllProof):
        for one in proof.of:
            draft = _sign(one, source, draft, signer, keyholder)
        return draft
    if isinstance(proof, RsaProof):
        if keyholder is None:
            raise BadSettings(["this platform signs with a private key of its own, which nobody else has"])
        return _rsa(proof, source, draft, keyholder)
    if isinstance(proof, CodeProof):
        if signer is None:
            raise BadSettings(["this platform's signature cannot be made here"])
        return signer(source, draft)
    if not source.secrets:
        raise BadSettings([f"the source {source.name} has no secret"])
    return _WAYS[type(proof)](proof, source, draft)


def _hmac(proof: HmacProof, source: Source, draft: Draft) -> Draft:
    draft = _stamped(proof, draft)
    content = compile_template(proof.content)(_material(source, draft, timestamp=str(draft.seconds)))
    key = key_of(source.secrets[0], coding=proof.key, prefix=proof.key_prefix)
    text = proof.prefix + encode_digest(hmac.digest(key, content, proof.algorithm), proof.encoding)
    if proof.parameters:
        names = proof.parameters
        text = f"{names.get('timestamp', 't')}={draft.seconds},{names.get('signature', 'v1')}={text}"
    return _put(proof, draft, text)


def _rsa(proof: RsaProof, source: Source, draft: Draft, keyholder: Keyholder) -> Draft:
    draft = _named(proof.key_id, _stamped(proof, draft), keyholder.key_id)
    signature = keyholder.sign(compile_template(proof.content)(_material(source, draft, timestamp=str(draft.seconds))))
    return _put(proof, draft, proof.prefix + encode_digest(signature, proof.encoding))


def _stamped(proof: HmacProof | RsaProof, draft: Draft) -> Draft:
    """Return `draft` with the time of now, where a header is to hold it."""
    return _named(proof.timestamp, draft, str(draft.seconds))


def _named(template: str | None, draft: Draft, value: str) -> Draft:
    """Return `draft` with `value` in the header that `template` is."""
    if template is None or not template.startswith("{header."):
        return draft
    return _with_header(draft, template[len("{header.") : -1].lower(), value)


def _digest(proof: DigestProof, source: Source, draft: Draft) -> Draft:
    content = compile_template(proof.content)(_material(source, draft, key=source.secrets[0].encode()))
    digest = hashlib.new(proof.algorithm, content, usedforsecurity=False).digest()
    return _put(proof, draft, proof.prefix + encode_digest(digest, proof.encoding))


def _token(proof: TokenProof, source: Source, draft: Draft) -> Draft:
    return _put(proof, draft, proof.prefix + source.secrets[0])


def _jwt(proof: JwtProof, source: Source, draft: Draft) -> Draft:
    """Return `draft` with a token; where that stands in the body, the body was its claims, and is nothing else now."""
    claims = draft.body if proof.json else msgspec.json.encode({"iat": draft.seconds})
    header = {"alg": proof.algorithm, "typ": "JWT"}
    token = serialize_compact(
        header, claims, jwt_key(source.secrets[0], coding=proof.key), algorithms=[proof.algorithm]
    )
    if proof.json:
        draft = msgspec.structs.replace(draft, body=b"{}")
    return _put(proof, draft, proof.prefix + token)


def _basic(proof: BasicProof, source: Source, draft: Draft) -> Draft:
    pair = compile_template(proof.user)(_material(source, draft)) + b":" + source.secrets[0].encode()
    return _with_header(draft, "authorization", f"Basic {b64encode(pair).decode()}")


def _standard(proof: StandardProof, source: Source, draft: Draft) -> Draft:
    key = key_of(source.secrets[0], coding="base64", prefix="whsec_")
    content = f"{draft.event_id}.{draft.seconds}.".encode() + draft.body
    signature = f"v1,{b64encode(hmac.digest(key, content, 'sha256')).decode()}"
    values = {"id": draft.event_id, "timestamp": str(draft.seconds), "signature": signature}
    named = {f"{proof.prefix}-{name}": value for name, value in values.items()}
    return msgspec.structs.replace(draft, headers={**draft.headers, **named})


def _path(_proof: PathProof, source: Source, draft: Draft) -> Draft:
    plain, mark, query = draft.rest.partition("?")
    return msgspec.structs.replace(draft, rest=f"{plain.rstrip('/')}/{quote(source.secrets[0], safe='')}{mark}{query}")


def _put(proof: PlacedProof, draft: Draft, text: str) -> Draft:
    if proof.header:
        return _with_header(draft, proof.header.lower(), text)
    if proof.query:
        joint = "&" if "?" in draft.rest else "?"
        return msgspec.structs.replace(draft, rest=f"{draft.rest}{joint}{proof.query}={quote(text, safe='')}")
    return msgspec.structs.replace(draft, body=_with_key(draft.body, (proof.json or "").split("."), text))


def _with_key(body: bytes, keys: Sequence[str], text: str) -> bytes:
    """Return the JSON object `body` with `text` under `keys`, one within the other; all else as its bytes are."""
    try:
        found = _raw_object(body)
    except msgspec.MsgspecError:
        raise BadSettings(["this platform's signature stands in the body, and this body is no JSON object"]) from None
    inner = _with_key(bytes(found.get(keys[0], b"{}")), keys[1:], text) if keys[1:] else msgspec.json.encode(text)
    return msgspec.json.encode({**found, keys[0]: msgspec.Raw(inner)})


def _with_header(draft: Draft, name: str, text: str) -> Draft:
    return msgspec.structs.replace(draft, headers={**draft.headers, name: text})


def _material(source: Source, draft: Draft, *, timestamp: str = "", key: bytes = b"") -> Material:
    raw = [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in draft.headers.items()
    ]
    return Material(
        source=source,
        method=draft.method,
        url=draft.url,
        headers=Headers(raw),
        body=draft.body,
        timestamp=timestamp,
        key=key,
    )


_WAYS: Mapping[type, Callable[..., Draft]] = {
    HmacProof: _hmac,
    DigestProof: _digest,
    TokenProof: _token,
    JwtProof: _jwt,
    BasicProof: _basic,
    StandardProof: _standard,
    PathProof: _path,
}
