"""What a provider's sources let in, and how they answer: the receiving half of a ``provider.toml``."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from msgspec import Struct

from orderwatch.domain.errors import Unreadable, WrongSignature
from orderwatch.domain.presets import Preset
from orderwatch.domain.proofs import AllProof, DigestProof, HmacProof, PathProof, Proof, TokenProof
from orderwatch.domain.sources import Source
from orderwatch.intake.handshakes import Greeting, compile_handshake
from orderwatch.intake.proofs import Check, compile_proofs
from orderwatch.intake.verify import Signed

FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 1000


class Answer(Struct, frozen=True, kw_only=True):
    """What a request is answered with."""

    status: int
    body: bytes
    media: str


class Door:
    """One provider's; the same object serves every source of its kind."""

    def __init__(self, preset: Preset, *, hooks: Mapping[str, Check] | None = None) -> None:
        """Compile the preset; `hooks` are the functions of its ``verify.py``.

        Raises:
            BadMapping: something in it cannot be what was meant.
        """
        receive = preset.receive
        self._check = compile_proofs(preset.signature, hooks=hooks or {})
        self._greetings: tuple[Greeting, ...] = tuple(map(compile_handshake, preset.handshake))
        self._is_form = receive.content == "form"
        self.methods: tuple[str, ...] = tuple(dict.fromkeys((*receive.methods, *_asked(preset))))
        self.taken: frozenset[str] = frozenset(receive.methods)
        """The methods of requests that may hold an event."""
        self.secret_headers = secret_headers(preset.signature)
        self.hides_path = any(isinstance(proof, PathProof) for proof in preset.signature)
        """Whether the last part of the address is a secret."""
        self.success_status: int = receive.success
        self.answer: Answer | None = None
        if receive.answer is not None:
            self.answer = Answer(status=receive.success, body=receive.answer.encode(), media=receive.answer_type)

    def verify(self, source: Source, signed: Signed) -> None:
        """Return when the request proves that it comes from `source`.

        Raises:
            WrongSignature: it does not.
        """
        if self._check is None:
            raise WrongSignature(f"The platform of the source “{source.name}” can prove nothing; set it to open.")
        self._check(source, signed)

    def shown(self, path: str) -> str:
        """Return a request's path as it may be kept."""
        plain, mark, query = path.partition("?")
        before, slash, _ = plain.rpartition("/")
        # What follows the source's own address, /in/NAME.
        return f"{before}{slash}…{mark}{query}" if self.hides_path and before.count("/") > 1 else path

    def greet(self, source: Source, signed: Signed) -> Answer | None:
        """Return the answer to a request that only asks whether somebody is there; None for any other.

        Raises:
            WrongSignature: it would have to prove where it comes from, and does not.
        """
        for greeting in self._greetings:
            if greeting.fits(signed):
                if greeting.proof:
                    self.verify(source, signed)
                status, body, media = greeting.answer(source, signed)
                return Answer(status=status, body=body, media=media)
        return None

    def takes(self, media: str) -> bool:
        """Say whether bodies of this content type are read."""
        return self._is_form and media == FORM

    def read(self, body: bytes) -> dict[str, str]:
        """Return a body of a content type that it `takes`.

        Raises:
            Unreadable: it is none.
        """
        return read_form(body)


def read_form(body: bytes) -> dict[str, str]:
    """Return the fields of a form.

    Raises:
        Unreadable: it is none, or one of them is doubled.
    """
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST_FIELDS)
    except ValueError as fault:
        raise Unreadable(f"The body is no form: {fault}.") from fault
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Unreadable("A field of the form stands there twice.")
    return fields


def secret_headers(proofs: Sequence[Proof]) -> tuple[str, ...]:
    """Return the headers that hold a proof, which is masked wherever the request is kept."""
    found: list[str] = []
    for proof in proofs:
        if isinstance(proof, AllProof):
            found += secret_headers(proof.of)
        elif isinstance(proof, HmacProof | DigestProof | TokenProof) and proof.header:
            found.append(proof.header.lower())
    return tuple(found)


def _asked(preset: Preset) -> list[str]:
    return [method for handshake in preset.handshake for method in handshake.methods]
