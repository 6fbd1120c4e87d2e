"""A platform's own example, signed as the platform would sign it, so that a source can be tried before it does."""

from collections.abc import Callable
from typing import Any, cast

import msgspec

from orderwatch.cli.outgoing import Outgoing
from orderwatch.cli.target import Target
from orderwatch.config import Settings
from orderwatch.domain.errors import BadSettings
from orderwatch.domain.sources import Source, Verification
from orderwatch.intake.door import FORM
from orderwatch.kit.clock import SystemClock
from orderwatch.providers.catalog import open_catalog
from orderwatch.providers.declared import Declared
from orderwatch.providers.examples import Example, read_example
from orderwatch.providers.hooks import read_hooks
from orderwatch.providers.signing import Draft, sign

Change = Callable[[dict[str, Any]], None]


def example_request(settings: Settings, target: Target, *, source: str, example: str, change: Change) -> Outgoing:
    """Return the example as a request to the source; `change` changes its body where there is something to change.

    Raises:
        BadSettings: the source's provider has no examples, or the source lacks what signing takes.
        NotFound: there is no such example.
    """
    known = target.sources[source]
    declared = open_catalog(settings.providers).declared.get(known.provider)
    if declared is None:
        raise BadSettings([f"--example: the source {source} speaks as {known.provider}, which has no examples"])
    found = read_example(declared.folder, example)
    draft = _draft(known, found, base_url=target.base_url, path=target.path(source), body=_body(found, change))
    signed = _signed(declared, known, draft)
    return Outgoing(
        method=signed.method, path=target.path(source) + signed.rest, headers=signed.headers, content=signed.body
    )


def _draft(source: Source, example: Example, *, base_url: str, path: str, body: bytes) -> Draft:
    asked = example.request
    media = "application/json" if asked.text is None else FORM
    return Draft(
        method=asked.method,
        rest=asked.rest,
        headers={"content-type": media, **asked.headers},
        body=body,
        url=source.public_url or base_url + path + asked.rest,
        seconds=int(SystemClock().now().timestamp()),
        event_id=asked.headers.get("webhook-id", "example"),
    )


def _signed(declared: Declared, source: Source, draft: Draft) -> Draft:
    if source.verification is not Verification.PROVIDER:
        if source.verification is not Verification.OPEN:
            raise BadSettings([f"--example: {source.name} does not prove itself as {declared.preset.name} does"])
        return draft
    signer = read_hooks(declared.folder, "verify.py").get("sign")
    return sign(declared.preset.signature, source=source, draft=draft, signer=signer)


def _body(example: Example, change: Change) -> bytes:
    content = example.request.content
    if example.request.text is not None:
        return content
    before = msgspec.json.decode(content)
    if not isinstance(before, dict):
        return content
    after = cast("dict[str, Any]", msgspec.json.decode(content))
    change(after)
    # Byte for byte as it stands there, unless something was to be changed.
    return content if after == before else msgspec.json.encode(after)
