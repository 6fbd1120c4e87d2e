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
from orderwatch.providers.catalog import Catalog, open_catalog
from orderwatch.providers.declared import Declared

_SECRET_BYTES = 32
_PLATFORM_SECRET_BYTES = 16
_MOST_SECRETS = 2


class Wanted(Struct, frozen=True, kw_only=True):
    """What the options say; None is what they do not."""

    name: str
    provider: str
    verification: Verification | None
    secrets: tuple[str, ...] = ()
    header: str | None
    header_prefix: str | None
    hmac: dict[str, Any]
    mapping: dict[str, str | None]
    fields: dict[str, str]
    statuses: dict[str, str]
    more: dict[str, Any]
    public_url: str | None = None
    settings: dict[str, str] = {}


def make_source(wanted: Wanted, *, catalog: Catalog | None = None) -> Source:
    """Return the source; `catalog` is that of the product where it is not given.

    Raises:
        BadSettings: with all that is wrong.
    """
    catalog = catalog or open_catalog()
    faults = [*_path_faults(wanted), *_status_faults(wanted)]
    if wanted.provider not in catalog.providers:
        unknown = catalog.faults(Source(name=wanted.name, provider=wanted.provider))
        faults += [f"--provider {wanted.provider}: {fault.removeprefix('provider: ')}" for fault in unknown]
    if faults:
        raise BadSettings(faults)
    declared = catalog.declared.get(wanted.provider)
    way = wanted.verification or _usual_way(wanted.provider, declared)
    named = {"header": wanted.header and wanted.header.lower(), "prefix": wanted.header_prefix}
    header = {key: value for key, value in named.items() if value is not None}
    mapping = {key: value for key, value in wanted.mapping.items() if value is not None}
    shape = {
        "name": wanted.name,
        "provider": wanted.provider,
        "verification": way,
        "secrets": [] if way is Verification.OPEN else wanted.secrets or [fresh_secret(way)],
        # A token alone in the header would be unusual: Authorization: Bearer … is what senders can do.
        "token": {"prefix": "" if wanted.header else "Bearer ", **header},
        "hmac": {**wanted.hmac, **header},
        "mapping": {**mapping, "fields": wanted.fields, "statuses": _canonical(wanted.statuses)},
        "public_url": wanted.public_url,
        "settings": {**_defaults(declared), **wanted.settings},
        **{key: value for key, value in wanted.more.items() if value is not None},
    }
    try:
        source = msgspec.convert(shape, Source)
    except msgspec.ValidationError as error:
        raise BadSettings([str(error)]) from None
    if faults := catalog.faults(source):
        raise BadSettings([fault.replace("settings.", "--set ", 1) for fault in faults])
    return source


def fresh_secret(way: Verification) -> str:
    """Return a new secret of the kind that `way` needs."""
    if way in {Verification.STANDARD_WEBHOOKS, Verification.OPEN}:
        return f"whsec_{b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"
    if way is Verification.PROVIDER:
        # Right in every coding that platforms use, and no longer than the shortest of their fields.
        return secrets.token_hex(_PLATFORM_SECRET_BYTES)
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


def _usual_way(provider: str, declared: Declared | None) -> Verification:
    if declared is not None:
        return Verification.PROVIDER if declared.preset.signature else Verification.OPEN
    return Verification.STANDARD_WEBHOOKS if provider == "standard_webhooks" else Verification.TOKEN


def _defaults(declared: Declared | None) -> dict[str, str]:
    settings = declared.preset.settings if declared else {}
    return {name: setting.default for name, setting in settings.items() if setting.default is not None}


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
