"""Requests by which a platform only asks whether somebody is there, and the answers to them."""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qs

from msgspec import Struct

from orderwatch.domain.presets import Handshake
from orderwatch.domain.sources import Source
from orderwatch.intake.proofs import material
from orderwatch.intake.templates import Material, compile_template, read_json, read_query
from orderwatch.intake.verify import Signed

_LONGEST_ANSWER = 1000
_LONGEST_FORM = 2000


class Greeting(Struct, frozen=True, kw_only=True):
    """A compiled handshake."""

    fits: Callable[[Signed], bool]
    proof: bool
    answer: Callable[[Source, Signed], tuple[int, bytes, str]]


def compile_handshake(handshake: Handshake) -> Greeting:
    """Return it ready for use.

    Raises:
        BadMapping: its answer has a placeholder that there is not.
    """
    render = compile_template(handshake.answer)

    def answer(source: Source, signed: Signed) -> tuple[int, bytes, str]:
        # What is repeated came from whoever asked: it is bounded, and no browser takes it for a page.
        body = render(_asked(source, signed))[:_LONGEST_ANSWER]
        return handshake.status, body, handshake.answer_type

    return Greeting(fits=lambda signed: _fits(handshake, signed), proof=handshake.proof, answer=answer)


def _asked(source: Source, signed: Signed) -> Material:
    return material(source, Signed(signed.headers, signed.body, signed.path, signed.received_at, signed.method))


def _fits(handshake: Handshake, signed: Signed) -> bool:
    return (
        signed.method in handshake.methods
        and (not handshake.empty or not signed.body.strip())
        and (handshake.header is None or signed.headers.get(handshake.header.lower()) is not None)
        and (handshake.query is None or bool(read_query(signed.path, handshake.query)))
        and (handshake.form is None or _has_field(signed.body, handshake.form))
        and all(_says(signed.body, path, text) for path, text in handshake.json.items())
    )


def _has_field(body: bytes, name: str) -> bool:
    if len(body) > _LONGEST_FORM:
        return False
    fields: Mapping[str, list[str]] = parse_qs(body.decode("latin-1"), keep_blank_values=True)
    return name in fields


def _says(body: bytes, path: str, text: str) -> bool:
    value = read_json(body, path.split("."))
    return isinstance(value, str) and text in {"*", value}
