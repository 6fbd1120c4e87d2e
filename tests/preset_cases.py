"""What lies beside each ``provider.toml``, driven through the intake and the reader as a request would be."""

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from orderwatch.domain.events import Event
from orderwatch.domain.receipts import Receipt, ReceiptKind, Submission
from orderwatch.domain.sources import Source, Verification
from orderwatch.intake.accept import Intake, Request
from orderwatch.intake.headers import Headers
from orderwatch.intake.keyring import Keyring
from orderwatch.kit.clock import SystemClock
from orderwatch.normalise.reader import Reader
from orderwatch.providers.catalog import Catalog, open_catalog
from orderwatch.providers.declared import Declared
from orderwatch.providers.examples import Example, example_names, read_example
from orderwatch.providers.hooks import read_hooks
from orderwatch.providers.signing import Draft, sign
from tests.rsa_keys import PublishedKeys, keyholder

BASE = "https://orders.example.com"
# One text that serves as a key in every coding there is.
SECRET = "0123456789abcdef0123456789abcdef"
_LEFT_OUT = {"source", "key", "receipt", "received_at", "data"}


@cache
def catalog() -> Catalog:
    return open_catalog()


def presets() -> list[str]:
    return sorted(catalog().declared)


def examples() -> list[tuple[str, str]]:
    return [(slug, name) for slug in presets() for name in example_names(catalog().declared[slug].folder)]


def beside(slug: str, file: str) -> Any:
    """Return what a JSON file in the provider's folder holds; nothing where there is none."""
    path = catalog().declared[slug].folder / file
    return json.loads(path.read_text()) if path.is_file() else []


def source_for(declared: Declared, **changes: Any) -> Source:
    """Return a source of the provider with a secret, and with what it needs to be told."""
    settings = {name: one.default or f"the-{name}" for name, one in declared.preset.settings.items()}
    proves = bool(declared.preset.signature)
    shape = {
        "name": "shop",
        "provider": declared.slug,
        "verification": Verification.PROVIDER if proves else Verification.OPEN,
        "secrets": (SECRET,) if proves else (),
        "settings": settings,
    }
    return Source(**{**shape, **changes})


def request_for(declared: Declared, source: Source, example: Example) -> Request:
    """Return the example as the platform would send it, signed."""
    asked, received_at = example.request, datetime.fromisoformat(example.received_at)
    draft = Draft(
        method=asked.method,
        rest=asked.rest,
        headers={"content-type": "application/json", **asked.headers},
        body=asked.content,
        url=source.public_url or f"{BASE}/in/{source.name}{asked.rest}",
        seconds=int(received_at.timestamp()),
        event_id=asked.headers.get("webhook-id", "msg_1"),
    )
    hooks = read_hooks(declared.folder, "verify.py")
    if source.verification is Verification.PROVIDER:
        draft = sign(
            declared.preset.signature, source=source, draft=draft, signer=hooks.get("sign"), keyholder=keyholder()
        )
    return Request(
        method=draft.method,
        path=f"/in/{source.name}{draft.rest}",
        headers=headers_of(draft.headers),
        body=draft.body,
        received_at=received_at,
    )


def headers_of(named: Mapping[str, str]) -> Headers:
    return Headers([(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in named.items()])


def intake_of(found: Catalog) -> Intake:
    return Intake(providers=found.providers, doors=found.doors, public_url=BASE, max_depth=64, keyring=_keyring())


@cache
def _keyring() -> Keyring:
    """Return one that knows the keys that `request_for` signs with, whatever the platform."""
    keyring = Keyring(PublishedKeys(), clock=SystemClock())
    addresses = {address for door in catalog().doors.values() for address, _ in door.keys}

    async def prepare() -> None:
        for address in addresses:
            await keyring.prepare(address, keyholder().key_id)

    with ThreadPoolExecutor(1) as aside:  # a loop may be running here
        aside.submit(asyncio.run, prepare()).result()
    return keyring


def read_submission(submission: Submission, source: Source, found: Catalog) -> list[Event]:
    """Return the events that the journal's receipt of `submission` would give."""
    receipt = Receipt(
        position=1,
        kind=ReceiptKind.EVENT,
        of=None,
        **{name: getattr(submission, name) for name in Submission.__struct_fields__ if name != "replay_of"},
    )
    return list(Reader(sources={source.name: source}, providers=found.providers).read(receipt))


def understood(slug: str, name: str) -> tuple[list[dict[str, Any]], str | None]:
    """Return the events of an example, as its file has them, and the id that its request has."""
    declared = catalog().declared[slug]
    example = read_example(declared.folder, name)
    source = source_for(declared)
    (submission,) = intake_of(catalog()).accept(source, request_for(declared, source, example))
    return [shown(event) for event in read_submission(submission, source, catalog())], submission.event_id


def shown(event: Event) -> dict[str, Any]:
    """Return an event without what belongs to its receipt."""
    written = json.loads(msgspec.json.encode(event))
    return {key: value for key, value in written.items() if key not in _LEFT_OUT}


def write_events(folder: Path, name: str, events: list[dict[str, Any]]) -> None:
    """Write the events into the example's file, and leave the bytes of its body as they are."""
    path = folder / "examples" / f"{name}.json"
    example = msgspec.json.decode(path.read_bytes(), type=dict[str, msgspec.Raw])
    example["events"] = msgspec.Raw(msgspec.json.encode(events))
    request = msgspec.json.decode(example["request"], type=dict[str, msgspec.Raw])
    lines = ["{"]
    for key in ("about", "origin", "received_at"):
        if key in example:
            lines.append(f"  {json.dumps(key)}: {bytes(example[key]).decode()},")
    lines += ['  "request": {']
    inner = [f"    {json.dumps(key)}: {bytes(value).decode()}" for key, value in request.items()]
    lines += [",\n".join(inner), "  },", '  "events": [']
    lines += [",\n".join(_indented(event) for event in events), "  ]", "}", ""]
    path.write_text("\n".join(lines))


def _indented(event: dict[str, Any]) -> str:
    text = json.dumps(event, ensure_ascii=False, indent=2)
    return "\n".join(f"    {line}" for line in text.splitlines())


def moment(text: str | None) -> datetime:
    return datetime.fromisoformat(text) if text else datetime(2026, 11, 24, 12, tzinfo=UTC)
