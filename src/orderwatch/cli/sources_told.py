"""Tells a person where a new source sends to, how it proves itself, and what to do on the platform's side."""

from urllib.parse import quote

from orderwatch.cli.terminal import Terminal
from orderwatch.domain.presets import Preset
from orderwatch.domain.proofs import PathProof
from orderwatch.domain.sources import Source, Verification
from orderwatch.intake.door import each_proof
from orderwatch.providers.declared import Declared
from orderwatch.providers.pages import proofs_of


def tell_source(source: Source, base_url: str, terminal: Terminal, *, declared: Declared | None) -> None:
    """Print it; `declared` is the source's platform, where it is one."""
    plain = url = source.public_url or base_url + path_of(source.name)
    preset = declared.preset if declared else None
    if preset and source.verification is Verification.PROVIDER:
        in_path = any(isinstance(proof, PathProof) for proof in each_proof(preset.signature[:1]))
        url += f"/{quote(source.secrets[0], safe='')}" if in_path else ""
    terminal.note("{name} sends to: {url}", name=source.name, url=url)
    if source.verification is Verification.TOKEN:
        terminal.note(
            "It puts its secret into the header {header}: {prefix}SECRET",
            header=source.token.header,
            prefix=source.token.prefix,
        )
    elif source.verification is Verification.HMAC:
        terminal.note("It signs, and puts the signature into the header {header}.", header=source.hmac.header)
    elif source.verification is Verification.STANDARD_WEBHOOKS:
        terminal.note("It signs as Standard Webhooks says (webhook-id, webhook-timestamp, webhook-signature).")
    elif source.verification is Verification.PROVIDER and preset:
        terminal.note("It proves itself as {platform} does: {proof}.", platform=preset.name, proof=proofs_of(preset))
    else:
        terminal.note("It proves nothing: whoever reaches this address can send.")
    if preset:
        _tell_steps(preset, plain, url, terminal)


def path_of(name: str) -> str:
    """Return the path of a source's address."""
    return "/webhook" if name == "default" else f"/in/{name}"


def _tell_steps(preset: Preset, plain: str, whole: str, terminal: Terminal) -> None:
    steps = preset.setup.ko if terminal.language == "ko" else preset.setup.en
    terminal.note("On the side of {platform}:", platform=preset.name)
    for number, step in enumerate(steps, 1):
        told = step.replace("{url}/SECRET", whole).replace("{url}", plain)
        terminal.note("  {number}. {step}", number=number, step=told)
