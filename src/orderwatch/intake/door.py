"""What a provider's sources let in, and how they answer: the receiving half of a ``provider.toml``."""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import parse_qsl, unquote_plus

from msgspec import Struct

from orderwatch.domain.errors import Unreadable, WrongSignature
from orderwatch.domain.presets import Preset
from orderwatch.domain.proofs import AllProof, PathProof, PlacedProof, Proof, RsaProof, TokenProof
from orderwatch.domain.sources import Source
from orderwatch.intake.handshakes import Greeting, compile_handshake
from orderwatch.intake.proofs import Check, compile_proofs
from orderwatch.intake.templates import compile_template
from orderwatch.intake.verify import Signed

FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 1000
_OPEN_PARTS = 3


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
        proofs = tuple(each_proof(preset.signature))
        by_keys = (proof for proof in proofs if isinstance(proof, RsaProof))
        self.keys = tuple((proof.keys, compile_template(proof.key_id)) for proof in by_keys)
        """Where the keys are that its requests are signed with, and what gives a key's id."""
        self._secret_in_path = any(isinstance(proof, PathProof) for proof in proofs)
        self._secret_parameters = frozenset(
            proof.query for proof in proofs if isinstance(proof, TokenProof) and proof.query
        )
        self.hides_path = self._secret_in_path or bool(self._secret_parameters)
        """Whether there is a secret in the address."""
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

    def shown(self, path: str, *, proved: bool) -> str:
        """Return a request's path as it may be kept: without the secret, which may be anywhere if nothing is proved."""
        plain, mark, query = path.partition("?")
        if self._secret_in_path:
            plain = _without_secret(plain, proved=proved)
        if self._secret_parameters:
            query = "&".join(_masked(pair, self._secret_parameters) for pair in query.split("&"))
        return f"{plain}{mark}{query}"

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
    placed = (proof for proof in each_proof(proofs) if isinstance(proof, PlacedProof))
    return tuple(proof.header.lower() for proof in placed if proof.header)


def each_proof(proofs: Sequence[Proof]) -> Iterator[Proof]:
    """Yield them, and those that are together in one."""
    for proof in proofs:
        if isinstance(proof, AllProof):
            yield from each_proof(proof.of)
        else:
            yield proof


def _without_secret(plain: str, *, proved: bool) -> str:
    parts = plain.split("/")
    # "", "in" and the source's name are what everybody may know.
    known, rest = parts[:_OPEN_PARTS], parts[_OPEN_PARTS:]
    if not rest:
        return plain
    shown = ["…" if part == rest[-1] else part for part in rest] if proved else ["…"]
    return "/".join((*known, *shown))


def _masked(pair: str, names: frozenset[str]) -> str:
    name, sign, _ = pair.partition("=")
    return f"{name}{sign}…" if sign and unquote_plus(name) in names else pair


def _asked(preset: Preset) -> list[str]:
    return [method for handshake in preset.handshake for method in handshake.methods]
