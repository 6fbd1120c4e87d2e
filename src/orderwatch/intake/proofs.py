"""The ways of `domain.proofs`, ready to check: over the bytes as they came, in constant time, failing closed."""

import hashlib
import hmac
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeAlias
from urllib.parse import unquote, urlsplit

import msgspec

from orderwatch.domain.errors import BadMapping, WrongSignature
from orderwatch.domain.proofs import (
    AllProof,
    BasicProof,
    CodeProof,
    DigestProof,
    Encoding,
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
from orderwatch.intake.jwt import check_jwt
from orderwatch.intake.keys import key_of
from orderwatch.intake.rsa import is_signed
from orderwatch.intake.templates import Material, compile_template, read_json, read_query
from orderwatch.intake.verify import Signed, check_age, check_standard, match, secrets_of

Check: TypeAlias = Callable[[Source, Signed], None]
"""Returns when the request proves that it comes from the source; raises WrongSignature when it does not."""
_MOST_SIGNATURES = 16
_LONGEST = 16 * 1024
"""Characters of a proof. A JWT of a platform has a few thousand."""
_PARTS_WITH_SECRET = 4


def compile_proofs(proofs: Sequence[Proof], *, hooks: Mapping[str, Check]) -> Check | None:
    """Return the check that any of `proofs` will do; None where there are none.

    `hooks` are the functions of the provider's ``verify.py``.

    Raises:
        BadMapping: one of them cannot be what was meant.
    """
    checks = tuple(_compile(proof, hooks) for proof in proofs)
    if len(checks) <= 1:
        return checks[0] if checks else None
    return lambda source, signed: _any(checks, source, signed)


def material(source: Source, signed: Signed) -> Material:
    """Return what a template may hold of a request."""
    return Material(source=source, method=signed.method, url=signed.url, headers=signed.headers, body=signed.body)


def encode_digest(digest: bytes, encoding: Encoding) -> str:
    """Return a digest as a platform writes it."""
    if encoding == "hex":
        return digest.hex()
    return (b64encode(digest) if encoding == "base64" else urlsafe_b64encode(digest)).decode()


def _any(checks: Sequence[Check], source: Source, signed: Signed) -> None:
    refusal: WrongSignature | None = None
    for check in checks:
        try:
            check(source, signed)
        except WrongSignature as fault:
            # The first is the usual way: what is wrong by that one tells a person most.
            refusal = refusal or fault
        else:
            return
    raise refusal or WrongSignature("Nothing is known that could prove this.")


def _compile(proof: Proof, hooks: Mapping[str, Check]) -> Check:
    return _MAKERS[type(proof)](proof, hooks)


def _hmac(proof: HmacProof, _hooks: Mapping[str, Check]) -> Check:
    content, stamped = compile_template(proof.content), _stamp(proof)
    given = _given(proof)
    needs_material = proof.content != "{body}" or stamped is not None

    def check(source: Source, signed: Signed) -> None:
        signatures, stamp = _signatures(proof, given(source, signed))
        message = signed.body
        if needs_material:
            about = material(source, signed)
            if stamped is not None:
                stamp = stamped(about).decode("latin-1")
            if stamp and proof.tolerance_seconds is not None:
                check_age(stamp, signed, proof.tolerance_seconds)
            message = content(msgspec.structs.replace(about, timestamp=stamp))
        digests = [
            hmac.digest(key_of(secret, coding=proof.key, prefix=proof.key_prefix), message, proof.algorithm)
            for secret in secrets_of(source)
        ]
        _match_digests(signatures, digests, proof.encoding)

    return check


def _stamp(proof: HmacProof | RsaProof) -> Callable[[Material], bytes] | None:
    if proof.timestamp is not None:
        return compile_template(proof.timestamp)
    beside = isinstance(proof, HmacProof) and "timestamp" in proof.parameters
    if "{timestamp}" in proof.content and not beside:
        raise BadMapping(f"“{proof.content}” holds {{timestamp}}, but the signature does not say where that is.")
    return None


def _signatures(proof: HmacProof, given: str) -> tuple[list[str], str]:
    """Return the signatures in what was given, and the signed time where it stands there too."""
    if proof.parameters:
        return _from_parameters(proof.parameters, given)
    texts = given.split(proof.separator)[:_MOST_SIGNATURES] if proof.separator else [given]
    found = [text[len(proof.prefix) :] for text in texts if text.startswith(proof.prefix)]
    if not found:
        raise WrongSignature(f"The signature does not begin with “{proof.prefix}”.")
    return found, ""


def _from_parameters(names: Mapping[Literal["timestamp", "signature"], str], given: str) -> tuple[list[str], str]:
    pairs = [pair.strip().partition("=") for pair in given.split(",", _MOST_SIGNATURES * 2)]
    stamps = [value for name, _, value in pairs if name == names.get("timestamp")]
    signatures = [value for name, _, value in pairs if name == names.get("signature")]
    if len(stamps) != 1 or not signatures:
        raise WrongSignature("The signature's header has not its time once and its signature.")
    return signatures[:_MOST_SIGNATURES], stamps[0]


def _digest(proof: DigestProof, _hooks: Mapping[str, Check]) -> Check:
    if "{key}" not in proof.content:
        raise BadMapping("A digest without {key} in its content proves nothing.")
    content, given = compile_template(proof.content), _given(proof)

    def check(source: Source, signed: Signed) -> None:
        value = _without_prefix(given(source, signed), proof.prefix)
        about = material(source, signed)
        digests = [
            hashlib.new(
                proof.algorithm,
                content(msgspec.structs.replace(about, key=key_of(secret, coding="utf-8"))),
                usedforsecurity=False,
            ).digest()
            for secret in secrets_of(source)
        ]
        _match_digests([value], digests, proof.encoding)

    return check


def _rsa(proof: RsaProof, _hooks: Mapping[str, Check]) -> Check:
    if urlsplit(proof.keys).scheme not in {"http", "https"}:
        raise BadMapping(f"“{proof.keys}” is no address of a set of keys.")
    content, given, stamped = compile_template(proof.content), _given(proof), _stamp(proof)
    key_id = compile_template(proof.key_id)

    def check(source: Source, signed: Signed) -> None:
        signature, about = given(source, signed), material(source, signed)
        stamp = stamped(about).decode("latin-1") if stamped is not None else ""
        if stamp and proof.tolerance_seconds is not None:
            check_age(stamp, signed, proof.tolerance_seconds)
        name = key_id(about).decode("latin-1")
        key = signed.keys.get(proof.keys, name) if signed.keys is not None else None
        if key is None:
            raise WrongSignature(f"The key “{name[:60]}” is none that the platform publishes at {proof.keys}.")
        message = content(msgspec.structs.replace(about, timestamp=stamp))
        if not is_signed(key, message=message, signature=_decoded(_without_prefix(signature, proof.prefix), proof)):
            raise WrongSignature("The signature does not match: made with another key, or changed on its way.")

    return check


def _decoded(text: str, proof: RsaProof) -> bytes:
    try:
        if proof.encoding == "hex":
            return bytes.fromhex(text)
        return b64decode(text, altchars=b"-_" if proof.encoding == "base64url" else None, validate=True)
    except ValueError:
        raise WrongSignature(f"The signature is not {proof.encoding}.") from None


def _token(proof: TokenProof, _hooks: Mapping[str, Check]) -> Check:
    given = _given(proof)
    return lambda source, signed: match([_without_prefix(given(source, signed), proof.prefix)], secrets_of(source))


def _jwt(proof: JwtProof, _hooks: Mapping[str, Check]) -> Check:
    given = _given(proof)

    def check(source: Source, signed: Signed) -> None:
        check_jwt(
            _without_prefix(given(source, signed), proof.prefix),
            secrets=secrets_of(source),
            algorithm=proof.algorithm,
            coding=proof.key,
            received_at=signed.received_at,
        )

    return check


def _basic(proof: BasicProof, _hooks: Mapping[str, Check]) -> Check:
    user = compile_template(proof.user)

    def check(source: Source, signed: Signed) -> None:
        scheme, _, coded = (signed.headers.get("authorization") or "").partition(" ")
        if scheme.lower() != "basic":
            raise WrongSignature("The header authorization with a user's name and password (Basic) is missing.")
        try:
            # Strictly: what stands for a byte that is no text could be in a password.
            given = b64decode(coded.strip(), validate=True).decode()
        except ValueError:
            raise WrongSignature("The header authorization is not base64 of a text.") from None
        name = user(material(source, signed)).decode("utf-8", "backslashreplace")
        match([given], [f"{name}:{secret}" for secret in secrets_of(source)])

    return check


def _standard(proof: StandardProof, _hooks: Mapping[str, Check]) -> Check:
    return lambda source, signed: check_standard(source, signed, prefix=proof.prefix)


def _path(_proof: PathProof, _hooks: Mapping[str, Check]) -> Check:
    def check(source: Source, signed: Signed) -> None:
        # "", "in", the source's name, …, the secret: never the name itself.
        parts = signed.path.partition("?")[0].split("/")
        if len(parts) < _PARTS_WITH_SECRET or not parts[-1]:
            raise WrongSignature("The secret at the end of the address is missing.")
        match([unquote(parts[-1])], secrets_of(source))

    return check


def _code(proof: CodeProof, hooks: Mapping[str, Check]) -> Check:
    hook = hooks.get(proof.function)
    if hook is None:
        raise BadMapping(f"verify.py has no function {proof.function}.")

    def check(source: Source, signed: Signed) -> None:
        try:
            hook(source, signed)
        except WrongSignature:
            raise
        except Exception as fault:  # whatever the sender made it stumble over, it did not prove anything
            raise WrongSignature(f"The signature could not be checked: {type(fault).__name__}.") from fault

    return check


def _all(proof: AllProof, hooks: Mapping[str, Check]) -> Check:
    if not proof.of:
        raise BadMapping("A signature of kind “all” names at least one.")
    checks = tuple(_compile(one, hooks) for one in proof.of)

    def check(source: Source, signed: Signed) -> None:
        for one in checks:
            one(source, signed)

    return check


def _given(proof: PlacedProof) -> Callable[[Source, Signed], str]:
    """Return what reads the proof from its place."""
    places = {"header": proof.header, "query": proof.query, "json": proof.json}
    named = [(kind, name) for kind, name in places.items() if name]
    if len(named) != 1:
        raise BadMapping("A signature stands in exactly one of header, query and json.")
    kind, name = named[0]
    read = _READERS[kind](name)

    def given(_source: Source, signed: Signed) -> str:
        value = read(signed)
        if not value or len(value) > _LONGEST:
            raise WrongSignature(f"The {_PLACES[kind]} {name} is missing, too long, or stands there more than once.")
        return value

    return given


def _header_reader(name: str) -> Callable[[Signed], str | None]:
    key = name.lower()
    return lambda signed: signed.headers.get(key)


def _query_reader(name: str) -> Callable[[Signed], str | None]:
    return lambda signed: read_query(signed.path, name)


def _json_reader(path: str) -> Callable[[Signed], str | None]:
    keys = path.split(".")

    def read(signed: Signed) -> str | None:
        value = read_json(signed.body, keys)
        return value if isinstance(value, str) else None

    return read


_READERS: Mapping[str, Callable[[str], Callable[[Signed], str | None]]] = {
    "header": _header_reader,
    "query": _query_reader,
    "json": _json_reader,
}
_PLACES = {"header": "header", "query": "address's parameter", "json": "body's key"}


def _without_prefix(value: str, prefix: str) -> str:
    if value[: len(prefix)].lower() != prefix.lower():
        raise WrongSignature(f"The proof does not begin with “{prefix}”.")
    return value[len(prefix) :].strip()


def _match_digests(given: Sequence[str], digests: Sequence[bytes], encoding: Encoding) -> None:
    texts = [text.lower() for text in given] if encoding == "hex" else given
    match(texts, [encode_digest(digest, encoding) for digest in digests])


_MAKERS: Mapping[type, Callable[..., Check]] = {
    HmacProof: _hmac,
    DigestProof: _digest,
    RsaProof: _rsa,
    TokenProof: _token,
    JwtProof: _jwt,
    BasicProof: _basic,
    StandardProof: _standard,
    PathProof: _path,
    CodeProof: _code,
    AllProof: _all,
}
