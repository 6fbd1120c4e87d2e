"""A provider's page in the documentation, made from its ``provider.toml``."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

import msgspec

from orderwatch.domain.presets import Handshake, Preset, Where
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
from orderwatch.providers.declared import Declared
from orderwatch.providers.examples import example_names, read_example

_ADDRESS = "https://YOUR-SERVER/in/NAME"
_ENCODINGS = {"hex": "hexadecimal", "base64": "base64", "base64url": "base64 for URLs"}
_CONFIDENCE = {
    "stable": "Stable: made from the platform's own documentation or library.",
    "beta": (
        "**Beta**: made from documentation that is partial, or from others' code. Compare the first events with the "
        "platform's own page, and tell us what differs."
    ),
}


def page_of(declared: Declared) -> str:
    """Return the page, in Markdown."""
    return "\n".join(_lines(declared)).rstrip() + "\n"


def index_of(declared: Mapping[str, Declared]) -> str:
    """Return the table of all of them, in Markdown."""
    rows = [
        f"| [{one.preset.name}](providers/{slug}.md) | `{slug}` | {one.preset.confidence} | {proofs_of(one.preset)} |"
        for slug, one in sorted(declared.items(), key=lambda item: item[1].preset.name.casefold())
    ]
    return "\n".join(["| platform | `--provider` | | proves itself by |", "|---|---|---|---|", *rows])


def _lines(declared: Declared) -> Iterator[str]:
    preset = declared.preset
    yield f"# {preset.name}"
    yield ""
    yield f"<!-- Made from src/orderwatch/providers/{declared.slug}/ by `python -m tests.write_pages`. -->"
    yield ""
    yield f"{preset.about} {_CONFIDENCE[preset.confidence]}"
    yield ""
    yield from _setup(declared)
    yield from _request(preset)
    yield from _meanings(preset)
    yield from _examples(declared)
    if preset.known_not_to_work:
        yield "## What it cannot do"
        yield ""
        yield from (f"- {text}" for text in preset.known_not_to_work)
        yield ""
    yield "## Where this is from"
    yield ""
    yield from (f"- {_source(text)}" for text in preset.documentation)


def _setup(declared: Declared) -> Iterator[str]:
    preset = declared.preset
    options = "".join(f" \\\n  --set {name}=…" for name, one in preset.settings.items() if one.needed)
    secret = " --secret …" if preset.signature else " --verify open"
    yield "## Set it up · 설정하기"
    yield ""
    yield "```text"
    yield f"orderwatch source add NAME --provider {declared.slug}{secret}{options}"
    yield "```"
    yield ""
    for steps in (preset.setup.en, preset.setup.ko):
        yield from (f"{number}. {_step(step)}" for number, step in enumerate(steps, 1))
        yield ""
    if preset.settings:
        yield "| setting | |"
        yield "|---|---|"
        for name, one in preset.settings.items():
            need = " Needed." if one.needed else f" By default `{one.default}`." if one.default else ""
            yield f"| `{name}` | {one.about}{need} |"
        yield ""


def _step(step: str) -> str:
    return step.replace("{url}/SECRET", f"`{_ADDRESS}/SECRET`").replace("{url}", f"`{_ADDRESS}`")


def _request(preset: Preset) -> Iterator[str]:
    receive = preset.receive
    yield "## What it sends"
    yield ""
    yield "| | |"
    yield "|---|---|"
    yield f"| method | {', '.join(receive.methods)} |"
    yield f"| proof | {proofs_of(preset)} |"
    yield f"| answer | {receive.success}{_answer(receive.answer)} |"
    if receive.deadline_seconds is not None:
        yield f"| it waits | {receive.deadline_seconds:g} s |"
    if receive.retries:
        yield f"| it repeats | {_cell(receive.retries)} |"
    yield f"| same event | {_same(preset)} |"
    for handshake in preset.handshake:
        yield f"| handshake | {_handshake(handshake)} |"
    yield ""


def _answer(text: str | None) -> str:
    if text is None:
        return ""
    return f", `{text}`" if text else ", empty"


def _meanings(preset: Preset) -> Iterator[str]:
    yield "## What its words mean"
    yield ""
    yield "| its word | event |"
    yield "|---|---|"
    for word, meant in (*preset.event.types.items(), *preset.event.statuses.items()):
        yield f"| `{word}` | `{meant}` |"
    for case in preset.case:
        where = " or ".join(f"`{text}`" for text in case.type) or _span(case.when or "")
        if case.type and case.when:
            where += f" with {_span(case.when)}"
        if case.means:
            yield f"| {where} | `{case.means}` |"
        for word, meant in case.statuses.items():
            yield f"| `{word}` in {where} | `{meant}` |"
    yield ""
    yield "Any other becomes `unknown`: it is kept and shown, and changes no order."
    yield ""


def _examples(declared: Declared) -> Iterator[str]:
    names = example_names(declared.folder)
    if not names:
        return
    yield "## Try it"
    yield ""
    if declared.door.keys:
        yield "Only the platform can sign these; `send --example` sends them to a source that was set to open."
    else:
        yield "```text"
        first = "order_created" if "order_created" in names else names[0]
        yield f"orderwatch send --source NAME --example {first}"
        yield "```"
    yield ""
    yield "| example | |"
    yield "|---|---|"
    for name in names:
        yield f"| `{name}` | {_cell(read_example(declared.folder, name).about)} |"
    yield ""


def proofs_of(preset: Preset) -> str:
    """Return in words how the platform proves itself."""
    if not preset.signature:
        return "nothing"
    return _cell("; or ".join(_ways(preset.signature)))


def _ways(proofs: Sequence[Proof]) -> Iterator[str]:
    """Yield each way in words; a secret that stands in one place after several words is one way."""
    for proof in proofs:
        if not isinstance(proof, TokenProof):
            yield _proof(proof)
            continue
        same = [one for one in proofs if isinstance(one, TokenProof) and _spot(one) == _spot(proof)]
        if same[0] is proof:
            yield _token(proof) if len(same) == 1 else _tokens(same)


def _spot(proof: TokenProof) -> tuple[str | None, str | None, str | None]:
    return proof.header, proof.query, proof.json


def _tokens(same: Sequence[TokenProof]) -> str:
    before = [f"after `{one.prefix}`" if one.prefix else "alone" for one in same]
    return f"{_token(msgspec.structs.replace(same[0], prefix=''))}, {' or '.join(before)}"


def _proof(proof: Proof) -> str:
    return _WORDS[type(proof)](proof)


def _hmac(proof: HmacProof) -> str:
    over = "" if proof.content == "{body}" else f" over `{_visible(proof.content)}`"
    key = "" if proof.key in {"utf-8", "nfkd"} else f", key in {proof.key}"
    late = "" if proof.tolerance_seconds is None else f", {proof.tolerance_seconds} s either way"
    return f"HMAC-{proof.algorithm.upper()}{over}, {_ENCODINGS[proof.encoding]}{key}, in {_place(proof)}{late}"


def _visible(text: str) -> str:
    return text.replace("\n", "\\n").replace("\r", "\\r")


def _rsa(proof: RsaProof) -> str:
    late = "" if proof.tolerance_seconds is None else f", {proof.tolerance_seconds} s either way"
    over = "" if proof.content == "{body}" else f" over `{_visible(proof.content)}`"
    coding = _ENCODINGS[proof.encoding]
    return f"RSA with SHA-256{over}, {coding}, in {_place(proof)}, by the keys at <{proof.keys}>{late}"


def _place(proof: PlacedProof) -> str:
    named = {"the header": proof.header, "the address's parameter": proof.query, "the body's key": proof.json}
    where, name = next((where, name) for where, name in named.items() if name)
    return f"{where} `{name}`" + (f" after `{proof.prefix}`" if proof.prefix else "")


def _all(proof: AllProof) -> str:
    return " and ".join(map(_proof, proof.of))


def _digest(proof: DigestProof) -> str:
    return f"plain {proof.algorithm.upper()} over `{_visible(proof.content)}`, in {_place(proof)}"


def _token(proof: TokenProof) -> str:
    return f"the secret itself, in {_place(proof)}"


def _jwt(proof: JwtProof) -> str:
    return f"a JSON Web Token ({proof.algorithm}), in {_place(proof)}"


def _basic(_proof: BasicProof) -> str:
    return "a user's name and password (HTTP Basic)"


def _standard(_proof: StandardProof) -> str:
    return "Standard Webhooks"


def _path(_proof: PathProof) -> str:
    return f"a secret at the end of the address: `{_ADDRESS}/SECRET`"


def _code(proof: CodeProof) -> str:
    return proof.about


_WORDS: Mapping[type, Callable[..., str]] = {
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


def _same(preset: Preset) -> str:
    event = preset.event
    if event.event_id:
        return f"the same {_where(event.event_id)}"
    if event.dedupe:
        return "the same " + ", ".join(map(_where, event.dedupe))
    return "the same body"


def _handshake(handshake: Handshake) -> str:
    answer = f"`{handshake.answer}`" if handshake.answer else "an empty body"
    conditions = [
        f"with `?{handshake.query}=`" if handshake.query else "",
        f"with the header `{handshake.header}`" if handshake.header else "",
        "with no body" if handshake.empty else "",
        f"with a form that has `{handshake.form}`" if handshake.form else "",
        *(f"with `{path}` = `{text}`" for path, text in handshake.json.items()),
    ]
    asked = " ".join([" or ".join(handshake.methods), *filter(None, conditions)])
    return f"{asked} is answered {handshake.status}, {answer}"


def _where(where: Where) -> str:
    texts: Sequence[str] = (where,) if isinstance(where, str) else where
    return " or ".join(map(_span, texts))


def _span(text: str) -> str:
    """Return `text` as code, though backticks stand in it, as around the literals of JMESPath."""
    return f"`` {_cell(text)} ``" if "`" in text else f"`{_cell(text)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _source(text: str) -> str:
    address, _, rest = text.partition(" ")
    if urlsplit(address).scheme not in {"http", "https"}:
        return text
    return f"<{address}> {rest}".rstrip()
