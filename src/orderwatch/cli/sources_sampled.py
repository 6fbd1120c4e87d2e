"""``source add --sample``: a mapping found in a payload, with its reasons, before what the options say themselves."""

import sys
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from orderwatch.cli.sources_made import Wanted
from orderwatch.cli.terminal import Terminal
from orderwatch.domain.errors import BadMapping, BadSettings, Unreadable
from orderwatch.domain.events import Event
from orderwatch.domain.proposals import Proposal, ProposedField, Reason
from orderwatch.domain.receipts import Receipt, ReceiptKind
from orderwatch.domain.sources import Source
from orderwatch.intake.headers import Headers
from orderwatch.intake.parse import parse
from orderwatch.kit.clock import Clock
from orderwatch.normalise.bodies import decode
from orderwatch.normalise.proposing.propose import propose
from orderwatch.providers.generic import GenericProvider

_MAX_DEPTH = 64
_MOST_BYTES = 1024 * 1024
_STANDARD_INPUT = "-"


class Sampled(Struct, frozen=True):
    """What the sample and the options say together."""

    wanted: Wanted
    proposal: Proposal
    sample: bytes


def read_sample(path: str) -> bytes:
    """Return the bytes of a file, or of standard input for ``-``.

    Raises:
        BadSettings: it cannot be read, or is too long.
    """
    try:
        sample = sys.stdin.buffer.read(_MOST_BYTES + 1) if path == _STANDARD_INPUT else Path(path).read_bytes()
    except OSError as error:
        raise BadSettings([f"--sample {path}: cannot be read ({(error.strerror or str(error)).lower()})"]) from None
    if len(sample) > _MOST_BYTES:
        raise BadSettings([f"--sample {path}: is longer than {_MOST_BYTES} bytes"])
    return sample


def with_sample(wanted: Wanted, sample: bytes) -> Sampled:
    """Return `wanted` with what was found in `sample`; what the options say themselves stands before it.

    Raises:
        BadSettings: the source has a platform, the sample is no JSON, or what every event needs is not in it.
    """
    if wanted.provider != "generic":
        raise BadSettings(["--sample: is for --provider generic; a platform's fields are known"])
    try:
        parse(sample, max_depth=_MAX_DEPTH)
        proposal = propose(decode(sample))
    except Unreadable as fault:
        raise BadSettings([f"--sample: {fault.message}"]) from None
    missing = [name for name in proposal.missing if not wanted.mapping.get(name)]
    if missing:
        keys = ", ".join(field.path for field in proposal.fields if field.value is not None) or "none"
        options = " and ".join(f"--{name.replace('_', '-')} PATH" for name in missing)
        raise BadSettings([f"--sample: not found in it: {', '.join(missing)}; say {options} (there are: {keys})"])
    found = proposal.mapping
    # Where no id of the message was found, one that is called `id` is the order's.
    usual = {
        "event_type": found.event_type,
        "order_id": found.order_id,
        "event_id": found.event_id or "event_id",
        "events": found.events,
    }
    given = {name: path for name, path in wanted.mapping.items() if path is not None}
    merged = msgspec.structs.replace(
        wanted,
        mapping={**usual, **given},
        fields={**found.fields, **wanted.fields},
        statuses={**found.statuses, **wanted.statuses},
    )
    return Sampled(merged, proposal, sample)


def first_event(source: Source, sample: bytes, clock: Clock) -> Event:
    """Return the first event that `source` makes of `sample`.

    Raises:
        BadSettings: it makes none.
    """
    provider = GenericProvider()
    receipt = Receipt(
        position=0,
        kind=ReceiptKind.EVENT,
        of=None,
        source=source.name,
        key=None,
        event_id=None,
        digest=sha256(sample).digest(),
        body=sample,
        headers=b"",
        method="POST",
        path="",
        content_type="application/json",
        received_at=clock.now(),
    )
    try:
        provider.identify(source, Headers([]), parse(sample, max_depth=_MAX_DEPTH))
        return provider.read(source, receipt)[0]
    except (BadMapping, Unreadable) as fault:
        raise BadSettings([f"--sample: {fault.message}"]) from None


def tell_sample(sampled: Sampled, event: Event, terminal: Terminal) -> None:
    """Say on standard error what was found, why, and how the sample reads."""
    chosen = {**sampled.wanted.mapping, **sampled.wanted.fields}
    for one in sampled.proposal.proposed:
        # What an option says otherwise was not asked of the sample.
        if chosen.get(one.field, one.path) == one.path:
            terminal.note("  {field} is at {path}: {why}", field=one.field, path=one.path, why=_why(one, terminal))
    for word, meaning in sampled.wanted.statuses.items():
        terminal.note("  “{word}” is taken for {meaning}", word=word, meaning=meaning)
    order = event.order_id or ""
    terminal.note("The sample reads as {type} of the order {order}.", type=event.type.value, order=order)
    if event.faults:
        terminal.note("Not read as meant: {faults}.", faults=", ".join(event.faults))


def _why(one: ProposedField, terminal: Terminal) -> str:
    return ", ".join(_reason(reason, terminal) for reason in one.reasons)


def _reason(reason: Reason, terminal: Terminal) -> str:
    if reason.code == "value":
        return _look(reason.about, terminal)
    return terminal.text("called “{name}”", name=reason.about)


def _look(about: str, terminal: Terminal) -> str:
    looks = {
        "status": terminal.text("a status that is known"),
        "time": terminal.text("a time"),
        "number": terminal.text("a number"),
        "currency": terminal.text("a currency"),
        "phone": terminal.text("a phone number"),
        "latitude": terminal.text("a latitude"),
        "longitude": terminal.text("a longitude"),
        "items": terminal.text("a list of things"),
        "pair": terminal.text("two coordinates"),
    }
    return looks[about]
