"""Makes a source from what the options of ``source add`` say."""

import secrets
from base64 import b64encode
from typing import Any

import jmespath
import jmespath.exceptions
import msgspec
from msgspec import Struct

from orderwatch.domain.errors import BadSettings
from orderwatch.domain.events import EventType
from orderwatch.domain.sources import Source, Verification

_PROVIDERS = ("generic", "standard_webhooks", "orderwatch")
_SECRET_BYTES = 32
_MOST_SECRETS = 2


class Wanted(Struct, frozen=True, kw_only=True):
    """What the options say; None is what they do not."""

    name: str
    provider: str
    verification: Verification | None
    secret: str | None
    header: str | None
    header_prefix: str | None
    hmac: dict[str, Any]
    mapping: dict[str, str | None]
    fields: dict[str, str]
    statuses: dict[str, str]
    more: dict[str, Any]


def make_source(wanted: Wanted) -> Source:
    """Return the source.

    Raises:
        BadSettings: with all that is wrong.
    """
    faults = [*_path_faults(wanted), *_status_faults(wanted)]
    if wanted.provider not in _PROVIDERS:
        faults.append(f"--provider {wanted.provider}: should be one of {', '.join(_PROVIDERS)}")
    if faults:
        raise BadSettings(faults)
    way = wanted.verification or _usual_way(wanted.provider)
    named = {"header": wanted.header and wanted.header.lower(), "prefix": wanted.header_prefix}
    header = {key: value for key, value in named.items() if value is not None}
    mapping = {key: value for key, value in wanted.mapping.items() if value is not None}
    shape = {
        "name": wanted.name,
        "provider": wanted.provider,
        "verification": way,
        "secrets": [] if way is Verification.OPEN else [wanted.secret or fresh_secret(way)],
        # A token alone in the header would be unusual: Authorization: Bearer … is what senders can do.
        "token": {"prefix": "" if wanted.header else "Bearer ", **header},
        "hmac": {**wanted.hmac, **header},
        "mapping": {**mapping, "fields": wanted.fields, "statuses": _canonical(wanted.statuses)},
        **{key: value for key, value in wanted.more.items() if value is not None},
    }
    try:
        return msgspec.convert(shape, Source)
    except msgspec.ValidationError as error:
        raise BadSettings([str(error)]) from None


def fresh_secret(way: Verification) -> str:
    """Return a new secret of the kind that `way` needs."""
    if way in {Verification.STANDARD_WEBHOOKS, Verification.OPEN}:
        return f"whsec_{b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"
    return secrets.token_urlsafe(_SECRET_BYTES)


def change_secret(source: Source, *, secret: str | None, drop_old: bool) -> Source:
    """Return `source` with `secret` (None: a fresh one) before the one it has, or with the newer of its two alone.

    One that proved nothing signs by Standard Webhooks then. No secret goes but the older of two, and that only when
    it is asked for: a sender may use it still.

    Raises:
        BadSettings: that cannot be done.
    """
    if drop_old:
        return _with_newer(source, secret)
    was_open = source.verification is Verification.OPEN
    way = Verification.STANDARD_WEBHOOKS if was_open else source.verification
    old = () if was_open else source.secrets
    if len(old) >= _MOST_SECRETS:
        hint = f"orderwatch source secret {source.name} --drop-old"
        raise BadSettings([f"{source.name} has two secrets already. End that change first, then make another: {hint}"])
    if secret is not None and secret in old:
        raise BadSettings([f"--secret: {source.name} has this one already"])
    new = fresh_secret(way) if secret is None else secret
    return msgspec.structs.replace(source, verification=way, secrets=(new, *old))


def _with_newer(source: Source, secret: str | None) -> Source:
    if secret is not None:
        raise BadSettings(["--drop-old: ends a change of secrets and takes none; give the new --secret first, alone"])
    if len(source.secrets) < _MOST_SECRETS:
        raise BadSettings([f"--drop-old: {source.name} has no older secret; nothing was changed"])
    return msgspec.structs.replace(source, secrets=source.secrets[:1])


def _usual_way(provider: str) -> Verification:
    return Verification.STANDARD_WEBHOOKS if provider == "standard_webhooks" else Verification.TOKEN


def _path_faults(wanted: Wanted) -> list[str]:
    options = {f"--{key.replace('_', '-')}": path for key, path in wanted.mapping.items() if path}
    options |= {f"--field {field}": path for field, path in wanted.fields.items()}
    faults: list[str] = []
    for option, path in options.items():
        try:
            jmespath.compile(path)
        except jmespath.exceptions.JMESPathError as error:
            faults.append(f"{option}={path}: is no JMESPath ({str(error).splitlines()[0]})")
    return faults


def _canonical(statuses: dict[str, str]) -> dict[str, str]:
    return {word: event if "." in event else event.replace("_", ".", 1) for word, event in statuses.items()}


def _status_faults(wanted: Wanted) -> list[str]:
    known = {kind.value for kind in EventType}
    return [
        f"--status {word}={wanted.statuses[word]}: there is no such event ({', '.join(sorted(known))})"
        for word, event in _canonical(wanted.statuses).items()
        if event not in known
    ]
