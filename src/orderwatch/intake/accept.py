"""From a whole request to submissions: verified, identified, keyed. Waits for nothing, but for keys in `prepare`."""

import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

from orderwatch.domain.errors import Unreadable, UnsupportedMedia, WrongSignature
from orderwatch.domain.keys import body_key, digest_of, event_key
from orderwatch.domain.providers import Identity, Provider
from orderwatch.domain.receipts import Submission
from orderwatch.domain.sources import Source, Verification
from orderwatch.intake import cloudevents
from orderwatch.intake.door import Answer, Door
from orderwatch.intake.headers import Headers
from orderwatch.intake.keyring import Keyring
from orderwatch.intake.parse import parse
from orderwatch.intake.proofs import material
from orderwatch.intake.verify import Signed, verify

_LONGEST_EVENT_ID = 1000


class Request(Struct, frozen=True, kw_only=True):
    """A request whose body was read whole."""

    method: str
    path: str
    """With its query, as received."""
    headers: Headers
    body: bytes
    received_at: datetime


class Intake:
    """Holds what is the same for every request."""

    def __init__(
        self,
        *,
        providers: Mapping[str, Provider],
        public_url: str,
        max_depth: int,
        max_batch: int = 1000,
        doors: Mapping[str, Door] | None = None,
        keyring: Keyring | None = None,
    ) -> None:
        """Take the providers by name; `public_url` is the address that senders sign.

        `doors` are those of the providers that have a ``provider.toml``; `keyring` holds the keys that they publish.
        """
        self._keyring = keyring
        self._providers = providers
        self._doors = doors or {}
        self._public_url = public_url.rstrip("/")
        self._max_depth = max_depth
        self._max_batch = max_batch

    def door(self, source: Source) -> Door | None:
        """Return what the source's provider lets in; None where it has no ``provider.toml``."""
        return self._doors.get(source.provider)

    def needs_keys(self, source: Source) -> bool:
        """Say whether `prepare` is to be waited for before anything else."""
        door = self._doors.get(source.provider)
        return door is not None and bool(door.keys) and source.verification is Verification.PROVIDER

    async def prepare(self, source: Source, request: Request) -> None:
        """Return when the keys are at hand with which the request says that it is signed.

        Raises:
            Unavailable: they cannot be had now.
        """
        door, signed = self.door(source), self._signed(source, request)
        if door is None or self._keyring is None:
            return
        for address, key_id in door.keys:
            with contextlib.suppress(WrongSignature):  # that it names none is said when it is verified
                await self._keyring.prepare(address, key_id(material(source, signed)).decode("latin-1"))

    def greet(self, source: Source, request: Request) -> Answer | None:
        """Return the answer to a request that only asks whether somebody is there; None for any other.

        Raises:
            WrongSignature: it would have to prove where it comes from, and does not.
        """
        door = self.door(source)
        return door.greet(source, self._signed(source, request)) if door else None

    def accept(self, source: Source, request: Request, *, trusted: bool = False) -> Sequence[Submission]:
        """Return what goes into the journal; a batch gives several, or none. `trusted` passes over the signature alone.

        Raises:
            WrongSignature: the request does not prove that it comes from `source`.
            UnsupportedMedia: the body is no JSON by its content type.
            Unreadable: it is not what the source's provider sends.
        """
        door = self.door(source)
        if not trusted:
            self._verify(source, request, door)
        if door and door.hides_path:
            request = msgspec.structs.replace(request, path=door.shown(request.path, proved=True))
        media = media_type(request.headers)
        kept = request.headers.kept(secret=secret_headers(source, door))
        if media == cloudevents.BATCH:
            return self._batch(source, request, kept)
        if door and door.takes(media):
            body = door.read(request.body)
        else:
            _check_media(media)
            body = parse(request.body, max_depth=self._max_depth)
        if media == cloudevents.STRUCTURED:
            return [self._structured(source, request, kept, request.body, body)]
        if cloudevents.is_binary(request.headers):
            event = cloudevents.from_headers(request.headers, body)
            identity = Identity(event.event_id)
            self._identify(source, request, event.body)
        else:
            identity = self._identify(source, request, body)
            if not identity.event_id:
                identity = msgspec.structs.replace(identity, event_id=request.headers.get("webhook-id"))
        return [_submission(source, request, kept=kept, body=request.body, identity=identity, media=media)]

    def _verify(self, source: Source, request: Request, door: Door | None) -> None:
        if source.verification is not Verification.PROVIDER:
            verify(source, self._signed(source, request))
        elif door is not None:
            door.verify(source, self._signed(source, request))
        else:
            raise WrongSignature(f"The provider “{source.provider}” has no way of verification of its own.")

    def _signed(self, source: Source, request: Request) -> Signed:
        url = source.public_url or self._public_url + request.path
        return Signed(
            request.headers, request.body, url, request.received_at, request.method, request.path, self._keyring
        )

    def _batch(self, source: Source, request: Request, kept: bytes) -> list[Submission]:
        # The whole is parsed first, so that depth and doubled keys are judged before it is cut.
        entries = parse(request.body, max_depth=self._max_depth)
        pieces = cloudevents.split_batch(request.body)
        if len(pieces) > self._max_batch:
            raise Unreadable(f"A batch may hold {self._max_batch} events, this one holds {len(pieces)}.")
        return [
            self._structured(source, request, kept, piece, entry) for piece, entry in zip(pieces, entries, strict=True)
        ]

    def _structured(self, source: Source, request: Request, kept: bytes, piece: bytes, entry: Any) -> Submission:  # noqa: ANN401
        event = cloudevents.from_envelope(entry, max_depth=self._max_depth)
        self._identify(source, request, event.body)
        return _submission(
            source, request, kept=kept, body=piece, identity=Identity(event.event_id), media=cloudevents.STRUCTURED
        )

    def _identify(self, source: Source, request: Request, body: Any) -> Identity:  # noqa: ANN401
        provider = self._providers.get(source.provider)
        if provider is None:
            raise Unreadable(f"The source “{source.name}” speaks as “{source.provider}”, which is not known here.")
        return provider.identify(source, request.headers, body, path=request.path)


def media_type(headers: Headers) -> str:
    """Return the content type without its parameters; JSON where the sender does not say."""
    return _media_type(headers.get("content-type") or "application/json")


# A memo of a pure function; senders choose the texts, so it is bounded.
@lru_cache(maxsize=256)
def _media_type(text: str) -> str:
    return text.partition(";")[0].strip().lower()


def _check_media(media: str) -> None:
    if media not in {"application/json", "text/json"} and not media.endswith("+json"):
        raise UnsupportedMedia(f"The content type is {media[:60]}; send application/json.")


def secret_headers(source: Source, door: Door | None) -> tuple[str, ...]:
    """Return the headers that hold a proof by the way of `source`."""
    if source.verification is Verification.PROVIDER:
        return door.secret_headers if door else ()
    if source.verification is Verification.HMAC:
        return (source.hmac.header,)
    if source.verification is Verification.TOKEN:
        return (source.token.header,)
    return ()


def _submission(
    source: Source, request: Request, *, kept: bytes, body: bytes, identity: Identity, media: str
) -> Submission:
    event_id = identity.event_id
    if event_id is not None and len(event_id) > _LONGEST_EVENT_ID:
        raise Unreadable(f"The event id has {len(event_id)} characters; {_LONGEST_EVENT_ID} are allowed.")
    digest = digest_of(body)
    return Submission(
        source=source.name,
        key=_key(source.name, request, digest=digest, identity=identity),
        event_id=event_id,
        digest=digest,
        body=body,
        headers=kept,
        method=request.method,
        path=request.path,
        content_type=media,
        received_at=request.received_at,
    )


def _key(source: str, request: Request, *, digest: bytes, identity: Identity) -> bytes:
    if identity.event_id:
        return event_key(source, identity.event_id)
    if identity.always_new:
        # Submitted again from quarantine it has the same time, and is the same.
        return event_key(source, f"{digest.hex()} {request.received_at.isoformat()}")
    return body_key(source, digest)
