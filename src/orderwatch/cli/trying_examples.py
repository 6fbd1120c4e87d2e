"""A platform's own example, put through a source's intake without a server: whether it is let in and understood."""

from collections.abc import Iterator

import msgspec

from orderwatch.cli.findings import Finding, note, ok, wrong
from orderwatch.cli.sending_examples import example_request
from orderwatch.cli.target import Target
from orderwatch.cli.terminal import Terminal
from orderwatch.config import Settings
from orderwatch.domain.errors import OrderwatchError
from orderwatch.domain.events import Event
from orderwatch.domain.receipts import Receipt, ReceiptKind, Submission
from orderwatch.domain.sources import Source, Verification
from orderwatch.intake.accept import Intake, Request
from orderwatch.intake.headers import Headers
from orderwatch.kit.clock import SystemClock
from orderwatch.normalise.reader import Reader
from orderwatch.providers.catalog import Catalog
from orderwatch.providers.examples import example_names


def example_findings(source: Source, settings: Settings, catalog: Catalog, terminal: Terminal) -> Iterator[Finding]:
    """Yield what becomes of the example of a new order; nothing for a source that is no platform's."""
    declared = catalog.declared.get(source.provider)
    names = example_names(declared.folder) if declared is not None else ()
    if declared is None or not names or (source.verification is Verification.PROVIDER and not source.secrets):
        return
    name = "order_created" if "order_created" in names else names[0]
    # Where only the platform can sign, all but the signature is tried.
    trusted = bool(declared.door.keys)
    if trusted:
        source = msgspec.structs.replace(source, verification=Verification.OPEN)
    try:
        events = _understood(source, settings, catalog, name, trusted=trusted)
    except OrderwatchError as fault:
        told = terminal.text("Its own example {name} would be refused: {reason}", name=name, reason=fault.message)
        yield wrong(
            "example", told, terminal.text("Is the secret the one that the platform shows, whole and unchanged?")
        )
        return
    for event in events:
        told = terminal.text("{name} is understood as {type}.", name=name, type=event.type.value)
        yield note("example", told, ", ".join(event.faults)) if event.faults else ok("example", told)


def _understood(source: Source, settings: Settings, catalog: Catalog, name: str, *, trusted: bool) -> list[Event]:
    target = Target(base_url=settings.base_url, sources={source.name: source})
    sent = example_request(settings, target, source=source.name, example=name, change=lambda _body: None)
    intake = Intake(
        providers=catalog.providers, doors=catalog.doors, public_url=settings.base_url, max_depth=settings.max_depth
    )
    request = Request(
        method=sent.method,
        path=sent.path,
        headers=Headers([(key.encode(), value.encode("latin-1", "replace")) for key, value in sent.headers.items()]),
        body=sent.content,
        received_at=SystemClock().now(),
    )
    reader = Reader(sources={source.name: source}, providers=catalog.providers)
    taken = intake.accept(source, request, trusted=trusted)
    return [event for submission in taken for event in reader.read(_receipt(submission))]


def _receipt(submission: Submission) -> Receipt:
    told = {name: getattr(submission, name) for name in Submission.__struct_fields__ if name != "replay_of"}
    return Receipt(position=1, kind=ReceiptKind.EVENT, of=None, **told)
